/**
 * A file made ready for reading: its tokens, and which of them the structure is read without (directives, branches
 * passed over, attribute macros).
 */
import { matchBrackets, type Brackets } from './brackets';
import { readConditionals, type Conditionals } from './conditionals';
import { attributeMacros, keywords, storageSpecifiers } from './macros';
import { TokenKind, tokenize, type Tokens } from './tokens';

/** Why a token is not read; 0 for those that are. */
export const Hidden = { no: 0, skipped: 1, attribute: 2 } as const;

export interface Reading extends Brackets {
  readonly tokens: Tokens;
  /** `Hidden` of each token. */
  readonly hidden: Uint8Array;
  readonly conditionals: Conditionals;
}

export function readTokens(text: string): Reading {
  return readingOf(tokenize(text));
}

export function readingOf(tokens: Tokens): Reading {
  const conditionals = readConditionals(tokens);
  const hidden = conditionals.skipped;
  markAttributes(tokens, hidden);
  return { tokens, hidden, conditionals, ...matchBrackets(tokens, hidden) };
}

/** Code of a token that is one punctuation character, else 0. */
export function punctuation(tokens: Tokens, index: number): number {
  if (index < 0 || index >= tokens.count || tokens.kind[index] !== TokenKind.punctuation) return 0;
  const start = tokens.start[index] ?? 0;
  return (tokens.end[index] ?? 0) - start === 1 ? tokens.text.charCodeAt(start) : 0;
}

export function wordAt(tokens: Tokens, index: number): string {
  return tokens.text.slice(tokens.start[index], tokens.end[index]);
}

/** Index of the `)` that closes the `(` at `open`, below `limit`. */
export function closing(tokens: Tokens, open: number, limit: number): number | undefined {
  let depth = 0;
  for (let at = open; at < limit; at += 1) {
    const code = punctuation(tokens, at);
    if (code === 40) depth += 1;
    else if (code === 41 && --depth === 0) return at;
  }
  return undefined;
}

/** Arguments of an attribute are few; the bound keeps an unclosed parenthesis from being read to the end again and again. */
const LONGEST_ATTRIBUTE = 200;

function markAttributes(tokens: Tokens, hidden: Uint8Array): void {
  const { count, kind, start, text } = tokens;
  let before = -1; // the token read last, and the one read before it
  let earlier = -1;
  for (let at = 0; at < count; at += 1) {
    if (hidden[at] !== 0) continue;
    if (kind[at] === TokenKind.identifier && (mayBeAttribute(text.charCodeAt(start[at] ?? 0)) || punctuation(tokens, before) === 93)) {
      const last = attributeEnd(tokens, at, before, earlier);
      if (last !== undefined) {
        for (let index = at; index <= last; index += 1) if (hidden[index] === 0) hidden[index] = Hidden.attribute;
        at = last;
        continue;
      }
    }
    earlier = before;
    before = at;
  }
}

/** Attribute macros begin with `_`, `a` (asmlinkage) or `n` (noinline, notrace, noinstr). */
const mayBeAttribute = (code: number): boolean => code === 95 || code === 97 || code === 110;

/** The last token of the attribute that begins at `at`, or undefined when none does; `before` and `earlier` are the tokens read before it. */
function attributeEnd(tokens: Tokens, at: number, before: number, earlier: number): number | undefined {
  const word = wordAt(tokens, at);
  const hasCall = punctuation(tokens, at + 1) === 40;
  const form = attributeMacros.get(word);
  if (form === 'call') return hasCall ? closing(tokens, at + 1, Math.min(tokens.count, at + LONGEST_ATTRIBUTE)) : undefined;
  if (form === 'word' || looksLikeAttribute(tokens, at, before, earlier, word)) return at;
  if (punctuation(tokens, before) !== 93 || !hasCall || keywords.has(word)) return undefined;
  const close = closing(tokens, at + 1, Math.min(tokens.count, at + LONGEST_ATTRIBUTE));
  return close !== undefined && endsDeclarator(tokens, close + 1) ? close : undefined; // int bar[2] FOO(1) = …
}

/** Whether a `;` or `=` stands there. */
const endsDeclarator = (tokens: Tokens, at: number): boolean => punctuation(tokens, at) === 59 || punctuation(tokens, at) === 61;

/**
 * An unlisted word that can be nothing but an attribute, by its place: `__foo` between a type and what it declares
 * (`int __foo bar`, `int *__foo bar`), `__foo` between a name and its initializer (`int bar __foo = 1`), and any word
 * between an array and its end (`int bar[2] FOO;`).
 */
function looksLikeAttribute(tokens: Tokens, at: number, before: number, earlier: number, word: string): boolean {
  if (keywords.has(word) || before < 0 || at + 1 >= tokens.count) return false;
  const next = punctuation(tokens, at + 1);
  const ends = endsDeclarator(tokens, at + 1);
  if (punctuation(tokens, before) === 93) return ends;
  if (!word.startsWith('__')) return false;
  const nextIsName = tokens.kind[at + 1] === TokenKind.identifier && !attributeMacros.has(wordAt(tokens, at + 1));
  if (tokens.kind[before] !== TokenKind.identifier) return punctuation(tokens, before) === 42 && nextIsName;
  const type = wordAt(tokens, before);
  if (ends && !keywords.has(type)) {
    // struct foo bar __attr =, foo *bar __attr = against struct __bar =, const foo __bar =
    return tokens.kind[earlier] === TokenKind.identifier ? !noTypeBefore.has(wordAt(tokens, earlier)) : punctuation(tokens, earlier) === 42;
  }
  return !noTypeBefore.has(type) && (nextIsName || next === 42);
}

const noTypeBefore: ReadonlySet<string> = new Set([...storageSpecifiers, 'struct', 'union', 'enum', 'return', 'case', 'else', 'goto', 'sizeof', 'do', 'typeof', '__typeof__']);
