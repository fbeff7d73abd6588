/**
 * The scanner's lexer: tokens straight from a file's bytes, without decoding them or making a string. It knows as much of C as telling
 * definitions from calls takes: comments and literals are stepped over, directives are one token, and only operators that change what
 * a name means are told apart (`->` and `...`).
 */

/** Kinds below 128 are the punctuation's own character codes. */
export const Kind = { end: 0, identifier: 1, number: 2, literal: 3, directive: 4, arrow: 5, ellipsis: 6 } as const;

const TAB = 9, LF = 10, SPACE = 32, QUOTE = 34, HASH = 35, APOSTROPHE = 39, STAR = 42, MINUS = 45, DOT = 46, SLASH = 47, GREATER = 62, BACKSLASH = 92;

/** 1 starts and continues a word, 2 (digits) continues one. */
export const WORD = new Uint8Array(256);
for (let code = 65; code <= 90; code += 1) WORD[code] = WORD[code + 32] = 1;
WORD[95] = WORD[36] = 1;
for (let code = 48; code <= 57; code += 1) WORD[code] = 2;
for (let code = 128; code < 256; code += 1) WORD[code] = 1;

/** FNV-1a, 32 bits: the hash of every identifier here. */
export const HASH_BASIS = 0x811c9dc5 | 0;
export const HASH_PRIME = 0x01000193;

/** Room behind the text for the zeros that end it: no look ahead goes further. */
export const PADDING = 4;

export class ByteLexer {
  bytes: Uint8Array = new Uint8Array(PADDING);
  kind = 0;
  start = 0;
  end = 0;
  /** Of an identifier. */
  hash = 0;
  /** Of a directive: it is `#define NAME 0x10` or the like, and names nothing. */
  isConstant = false;
  /** Line of the token, counted from 0. */
  line = 0;
  /** Line on which the token ends. */
  #lines = 0;
  #to = 0;
  #directives = true;
  #lineHasToken = false;

  /**
   * Begins to read bytes[from, to). The bytes behind `to` are read as far as PADDING, but never as text, if bytes[to] is 0;
   * with `directives` false, `#` is punctuation (for reading a directive's own line).
   */
  begin(bytes: Uint8Array, from: number, to: number, line: number, directives: boolean): void {
    this.bytes = bytes;
    this.#to = to;
    this.end = from;
    this.start = from;
    this.line = line;
    this.#lines = line;
    this.#directives = directives;
    this.#lineHasToken = false;
  }

  /** The kind of the next token; `Kind.end` at the end and ever after. */
  next(): number {
    const { bytes } = this;
    const to = this.#to;
    let at = this.end;
    for (;;) {
      const code = bytes[at] ?? 0;
      if (code > SPACE && code !== SLASH && code !== BACKSLASH) break;
      if (at >= to) break;
      if (code === LF) {
        this.#lines += 1;
        this.#lineHasToken = false;
        at += 1;
      } else if (code === SLASH) {
        const after = bytes[at + 1];
        if (after === STAR) at = this.#blockComment(at + 2);
        else if (after === SLASH) at = this.#lineEnd(at + 2);
        else break;
      } else at += 1;
    }
    this.line = this.#lines;
    this.start = at;
    if (at >= to) {
      this.end = to;
      return (this.kind = Kind.end);
    }
    const code = bytes[at] ?? 0;
    const isFirst = !this.#lineHasToken;
    this.#lineHasToken = true;
    switch (WORD[code] ?? 0) {
      case 1: {
        let hash = HASH_BASIS;
        let letter = code;
        do {
          hash = Math.imul(hash ^ letter, HASH_PRIME);
          at += 1;
          letter = bytes[at] ?? 0;
        } while (WORD[letter] !== 0 && at < to);
        this.hash = hash;
        this.end = at;
        return (this.kind = Kind.identifier);
      }
      case 2:
        do at += 1;
        while ((WORD[bytes[at] ?? 0] !== 0 || bytes[at] === DOT) && at < to);
        this.end = at;
        return (this.kind = Kind.number);
    }
    if (code === QUOTE || code === APOSTROPHE) {
      this.end = this.#literal(at + 1, code);
      return (this.kind = Kind.literal);
    }
    if (code === HASH && isFirst && this.#directives) {
      const end = constantEnd(bytes, at + 1, to);
      this.isConstant = end > 0;
      this.end = end > 0 ? end : this.#directive(at + 1);
      this.#lineHasToken = false;
      return (this.kind = Kind.directive);
    }
    if (code === MINUS && bytes[at + 1] === GREATER) {
      this.end = at + 2;
      return (this.kind = Kind.arrow);
    }
    if (code === DOT && bytes[at + 1] === DOT) {
      do at += 1;
      while (bytes[at] === DOT && at < to);
      this.end = at;
      return (this.kind = Kind.ellipsis);
    }
    this.end = at + 1;
    return (this.kind = code);
  }

  /** Whether the token begins its line, without white space before it. */
  atFirstColumn(): boolean {
    return this.start === 0 || this.bytes[this.start - 1] === LF;
  }

  /** Code of the next character that is neither blank nor in a comment, 0 at the end; the token read last stays. */
  peek(): number {
    const { bytes } = this;
    const to = this.#to;
    for (let at = this.end; at < to;) {
      const code = bytes[at] ?? 0;
      if (code > SPACE && code !== SLASH && code !== BACKSLASH) return code;
      if (code === SLASH) {
        if (bytes[at + 1] !== STAR) return code;
        const close = closeOf(bytes, at + 2, to);
        at = close;
      } else at += 1;
    }
    return 0;
  }

  #blockComment(from: number): number {
    const { bytes } = this;
    const to = this.#to;
    let lines = 0;
    let at = from;
    for (; at < to; at += 1) {
      const code = bytes[at];
      if (code === LF) lines += 1;
      else if (code === SLASH && bytes[at - 1] === STAR && at > from) {
        at += 1;
        break;
      }
    }
    this.#lines += lines;
    return at;
  }

  /** Offset of the newline that ends a line, its spliced lines included; in a directive's line a block comment may run over it. */
  #lineEnd(from: number): number {
    const { bytes } = this;
    const to = this.#to;
    let at = from;
    for (; at < to; at += 1) {
      if (bytes[at] !== LF) continue;
      if (bytes[at - 1] !== BACKSLASH && !(bytes[at - 1] === 13 && bytes[at - 2] === BACKSLASH)) break;
      this.#lines += 1;
    }
    return at;
  }

  #directive(from: number): number {
    const { bytes } = this;
    const to = this.#to;
    let at = from;
    for (; at < to; at += 1) {
      const code = bytes[at];
      if (code === LF) {
        if (bytes[at - 1] !== BACKSLASH && !(bytes[at - 1] === 13 && bytes[at - 2] === BACKSLASH)) break;
        this.#lines += 1;
      } else if (code === SLASH) {
        const after = bytes[at + 1];
        if (after === STAR) at = this.#blockComment(at + 2) - 1;
        else if (after === SLASH) return this.#lineEnd(at);
      } else if (code === QUOTE) {
        // A quote that the line does not close (as in #error) is one character.
        const close = quoteEnd(bytes, at + 1, to);
        if (close > 0) {
          for (; at < close; at += 1) if (bytes[at] === LF) this.#lines += 1;
        }
      }
    }
    return at;
  }

  #literal(from: number, quote: number): number {
    const { bytes } = this;
    const to = this.#to;
    let at = from;
    for (; at < to; at += 1) {
      const code = bytes[at];
      if (code === quote) return at + 1;
      if (code === LF) return at;
      if (code === BACKSLASH) {
        at += 1;
        if (bytes[at] === 13) at += 1;
        if (bytes[at] === LF) this.#lines += 1;
      }
    }
    return to;
  }
}

const DEFINE = Buffer.from('define');

/**
 * The end of a directive that is `#define NAME` and a replacement text that names nothing: empty, or numbers and what stands around them; else
 * -1. Most of a driver's registers are such, and a third of the tree is them.
 */
function constantEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  for (let index = 0; index < 6; index += 1, at += 1) if (bytes[at] !== DEFINE[index]) return -1;
  while (bytes[at] === SPACE || bytes[at] === TAB) at += 1;
  while (WORD[bytes[at] ?? 0] !== 0) at += 1;
  let inNumber = false;
  for (; at < to; at += 1) {
    const code = bytes[at] ?? 0;
    if (code === LF) return at;
    const part = WORD[code];
    if ((part === 1 && !inNumber) || code === SLASH || code === HASH || code === BACKSLASH || code === QUOTE || code === APOSTROPHE) return -1;
    inNumber = part !== 0;
  }
  return -1;
}

function closeOf(bytes: Uint8Array, from: number, to: number): number {
  for (let at = from + 1; at < to; at += 1) if (bytes[at] === SLASH && bytes[at - 1] === STAR) return at + 1;
  return to;
}

/** Offset of a closing quote on this line, or -1. */
function quoteEnd(bytes: Uint8Array, from: number, to: number): number {
  for (let at = from; at < to; at += 1) {
    const code = bytes[at];
    if (code === QUOTE) return at;
    if (code === LF) return -1;
    if (code === BACKSLASH) at += 1;
  }
  return -1;
}
