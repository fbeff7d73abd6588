/**
 * The lexer: C text -> tokens in typed arrays, in one pass over character codes.
 *
 * It exists beside tree-sitter because it is ten times cheaper than walking leaves (each step crosses into the
 * addon) and because it cannot be thrown off: whatever the text, it yields tokens. A preprocessor directive, with
 * its continuation lines, is one token. Comments and white space are none.
 */
import type { Hash } from './facts';
import { combineHash, finishHash, hashSeed, hashTokens, type HashState } from './hash';

export const TokenKind = { identifier: 0, number: 1, string: 2, character: 3, punctuation: 4, directive: 5 } as const;
export type TokenKind = (typeof TokenKind)[keyof typeof TokenKind];

export interface Tokens {
  readonly text: string;
  readonly count: number;
  /** TokenKind of each token. */
  readonly kind: Uint8Array;
  readonly start: Int32Array;
  readonly end: Int32Array;
  /** 32-bit hash of each token's characters; for a directive, of its tokens. */
  readonly hash: Int32Array;
  /** Offset of the comment, string or character that the end of the text cuts off, or -1. */
  readonly unterminatedAt: number;
}

const TAB = 9, LF = 10, CR = 13, SPACE = 32, QUOTE = 34, HASH = 35, APOSTROPHE = 39, STAR = 42, SLASH = 47, BACKSLASH = 92;

/** 1 letter, `_`, `$` or beyond ASCII; 2 digit; 0 anything else. */
const WORD = new Uint8Array(128);
for (let code = 65; code <= 90; code += 1) WORD[code] = WORD[code + 32] = 1;
WORD[95] = WORD[36] = 1;
for (let code = 48; code <= 57; code += 1) WORD[code] = 2;

const isWordStart = (code: number): boolean => code >= 128 || WORD[code] === 1;
const isWord = (code: number): boolean => code >= 128 || WORD[code] !== 0;

export function tokenize(text: string): Tokens {
  return scan(text, 0, text.length, true);
}

/** Tokens of a part of the text; with `directives` false, `#` is punctuation (for reading a directive's own line). */
export function scan(text: string, from: number, to: number, directives: boolean): Tokens {
  // Kernel C has a token per 4 to 5 characters; the arrays grow when a text is denser.
  let capacity = ((to - from) >> 2) + 64;
  let kind = new Uint8Array(capacity);
  let start = new Int32Array(capacity);
  let end = new Int32Array(capacity);
  let hash = new Int32Array(capacity);
  let count = 0;
  let unterminatedAt = -1;
  let lineHasToken = false;
  let at = from;

  while (at < to) {
    const code = text.charCodeAt(at);
    if (code === SPACE || code === TAB || code === CR) {
      at += 1;
      continue;
    }
    if (code === LF) {
      lineHasToken = false;
      at += 1;
      continue;
    }
    if (code === SLASH && at + 1 < to) {
      const next = text.charCodeAt(at + 1);
      if (next === STAR) {
        const close = text.indexOf('*/', at + 2);
        if (close < 0 || close >= to) {
          unterminatedAt = at;
          break;
        }
        at = close + 2;
        continue;
      }
      if (next === SLASH) {
        at = lineCommentEnd(text, at, to);
        continue;
      }
    }
    // A line splice between tokens, and stray bytes such as a form feed, separate tokens and are none.
    if ((code === BACKSLASH && isNewline(text, at + 1)) || code < SPACE || code === 0xfeff || code === 0xa0) {
      at += 1;
      continue;
    }

    const first = at;
    let tokenKind: TokenKind;
    let tokenHash = -0x7ee3623b; // FNV-1a offset basis, 32 bits
    if (isWordStart(code)) {
      let word = code;
      do {
        tokenHash = Math.imul(tokenHash ^ word, 0x01000193);
        at += 1;
        word = at < to ? text.charCodeAt(at) : 0;
      } while (isWord(word));
      tokenKind = TokenKind.identifier;
    } else if (code === HASH && directives && !lineHasToken) {
      at = directiveEnd(text, at, to);
      tokenHash = directiveHash(text, first, at);
      tokenKind = TokenKind.directive;
    } else {
      if (code === QUOTE || code === APOSTROPHE) {
        at = quotedEnd(text, at, to, code);
        if (at < 0) {
          unterminatedAt = first;
          at = endOfLine(text, first, to);
        }
        tokenKind = code === QUOTE ? TokenKind.string : TokenKind.character;
      } else if (WORD[code] === 2 || (code === 46 && WORD[text.charCodeAt(at + 1)] === 2)) {
        at = numberEnd(text, at, to);
        tokenKind = TokenKind.number;
      } else {
        at = Math.min(to, at + punctuatorLength(text, at, code));
        tokenKind = TokenKind.punctuation;
      }
      for (let index = first; index < at; index += 1) tokenHash = Math.imul(tokenHash ^ text.charCodeAt(index), 0x01000193);
    }
    lineHasToken = tokenKind !== TokenKind.directive;

    if (count === capacity) {
      capacity *= 2;
      kind = grow(kind, new Uint8Array(capacity));
      start = grow(start, new Int32Array(capacity));
      end = grow(end, new Int32Array(capacity));
      hash = grow(hash, new Int32Array(capacity));
    }
    kind[count] = tokenKind;
    start[count] = first;
    end[count] = at;
    hash[count] = tokenHash;
    count += 1;
  }
  return { text, count, kind, start, end, hash, unterminatedAt };
}

function grow<A extends Uint8Array | Int32Array>(from: A, to: A): A {
  to.set(from);
  return to;
}

const isNewline = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at);
  return code === LF || (code === CR && text.charCodeAt(at + 1) === LF);
};

function endOfLine(text: string, at: number, to: number): number {
  const newline = text.indexOf('\n', at);
  return newline < 0 || newline > to ? to : newline;
}

/** A line comment goes on over a line splice. */
function lineCommentEnd(text: string, at: number, to: number): number {
  for (let end = endOfLine(text, at, to); ; end = endOfLine(text, end + 1, to)) {
    const last = text.charCodeAt(end - 1) === CR ? end - 2 : end - 1;
    if (end >= to || text.charCodeAt(last) !== BACKSLASH) return end;
  }
}

/** Offset after the closing quote, or -1 when the line ends first (a literal may hold line splices). */
function quotedEnd(text: string, at: number, to: number, quote: number): number {
  for (let index = at + 1; index < to; index += 1) {
    const code = text.charCodeAt(index);
    if (code === quote) return index + 1;
    if (code === BACKSLASH) index += text.charCodeAt(index + 1) === CR ? 2 : 1;
    else if (code === LF) return -1;
  }
  return -1;
}

function numberEnd(text: string, at: number, to: number): number {
  let index = at + 1;
  while (index < to) {
    const code = text.charCodeAt(index);
    const signOfExponent = (code === 43 || code === 45) && 'eEpP'.includes(text.charAt(index - 1)) && !/^0[xX]/.test(text.slice(at, at + 2));
    if (!isWord(code) && code !== 46 && !signOfExponent) break;
    index += 1;
  }
  return index;
}

/** Longest match, so that `a+ ++b` and `a++ +b` do not look alike. */
function punctuatorLength(text: string, at: number, code: number): number {
  const next = text.charCodeAt(at + 1);
  switch (code) {
    case 43: // +
    case 38: // &
    case 124: // |
    case HASH:
      return next === code || (next === 61 && code !== HASH) ? 2 : 1;
    case 45: // -
      return next === code || next === 61 || next === 62 ? 2 : 1;
    case 60: // <
    case 62: // >
      if (next === code) return text.charCodeAt(at + 2) === 61 ? 3 : 2;
      return next === 61 ? 2 : 1;
    case 33: // !
    case 37: // %
    case STAR:
    case SLASH:
    case 61: // =
    case 94: // ^
      return next === 61 ? 2 : 1;
    case 46: // .
      return next === 46 && text.charCodeAt(at + 2) === 46 ? 3 : 1;
    default:
      return 1;
  }
}

/** A directive ends with its line, unless the line is spliced or a block comment runs over its end. */
function directiveEnd(text: string, at: number, to: number): number {
  let index = at;
  while (index < to) {
    const code = text.charCodeAt(index);
    if (code === LF) return text.charCodeAt(index - 1) === CR ? index - 1 : index;
    if (code === BACKSLASH) index += text.charCodeAt(index + 1) === CR ? 3 : 2;
    else if (code === SLASH && text.charCodeAt(index + 1) === STAR) {
      const close = text.indexOf('*/', index + 2);
      if (close < 0 || close >= to) return to;
      index = close + 2;
    } else if (code === SLASH && text.charCodeAt(index + 1) === SLASH) {
      return lineCommentEnd(text, index, to);
    } else if (code === QUOTE || code === APOSTROPHE) {
      // An apostrophe in `#error don't` opens nothing: an unclosed quote is one character.
      const close = quotedEnd(text, index, to, code);
      index = close < 0 ? index + 1 : close;
    } else index += 1;
  }
  return to;
}

/** Blind to white space but for the one place where it counts: `#define F(x)` is not `#define F (x)`. */
function directiveHash(text: string, from: number, to: number): number {
  const line = scan(text, from + 1, to, false);
  let state: HashState = hashSeed;
  for (let index = 0; index < line.count; index += 1) {
    state = combineHash(state, line.hash[index] ?? 0);
    if (index === 2 && line.start[2] === line.end[1] && text.charCodeAt(line.start[2] ?? 0) === 40) state = combineHash(state, 1);
  }
  return finishHash(state) | 0;
}

/** Hash of a text's tokens: blind to its white space and comments. */
export function hashText(text: string): Hash {
  const tokens = tokenize(text);
  return hashTokens(tokens, 0, tokens.count);
}
