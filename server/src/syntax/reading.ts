/**
 * A file made ready for reading: its tokens, and which of them the structure is read without (directives, branches
 * passed over, attribute macros).
 */
import { matchBrackets, type Brackets } from './brackets';
import { readConditionals, type Conditionals } from './conditionals';
import { candidatesIn, sameAttributes, withOwn, type LearntAttributes } from './learnAttributes';
import { attributeMacros, keywords, storageSpecifiers } from './macros';
import type { Kept } from './retokenize';
import { TokenKind, tokenize, type Tokens } from './tokens';
import { closing, punctuation, wordAt } from './words';

export { closing, punctuation, wordAt };

/** Why a token is not read; 0 for those that are. */
export const Hidden = { no: 0, skipped: 1, attribute: 2 } as const;

export interface Reading extends Brackets {
  readonly tokens: Tokens;
  /** `Hidden` of each token. */
  readonly hidden: Uint8Array;
  readonly conditionals: Conditionals;
  /** Attribute macros the file defines itself, and those its tree's headers teach. */
  readonly learnt: LearntAttributes;
  /** Directives, by token, that may define such macros. */
  readonly candidates: readonly number[];
}

/** A text read before, and what of it is this one's. */
export interface EarlierReading extends Pick<Reading, 'tokens' | 'candidates' | 'hidden' | 'learnt'> {
  readonly kept: Kept;
}

export function readTokens(text: string, learnt?: LearntAttributes): Reading {
  return readingOf(tokenize(text), learnt);
}

/** @param taught attribute macros of the tree's headers, the same for the text read before */
export function readingOf(tokens: Tokens, taught?: LearntAttributes, earlier?: EarlierReading): Reading {
  const conditionals = readConditionals(tokens);
  const hidden = conditionals.skipped;
  const candidates = candidatesIn(tokens, taught, earlier === undefined ? undefined : { candidates: earlier.candidates, count: earlier.tokens.count, kept: earlier.kept });
  const learnt = withOwn(tokens, candidates, taught);
  markAttributes(tokens, hidden, learnt, earlier !== undefined && sameAttributes(earlier.learnt, learnt) ? earlier : undefined);
  return { tokens, hidden, conditionals, learnt, candidates, ...matchBrackets(tokens, hidden) };
}

/** Arguments of an attribute are few; the bound keeps an unclosed parenthesis from being read to the end again and again. */
const LONGEST_ATTRIBUTE = 200;

/** @param earlierText the text read before, when the same macros are attributes there */
function markAttributes(tokens: Tokens, hidden: Uint8Array, learnt: LearntAttributes, earlierText: EarlierReading | undefined): void {
  const firsts = new Set([...learnt.keys()].map((name) => name.charCodeAt(0)));
  const { count, kind, start, text } = tokens;
  const from = earlierText === undefined ? 0 : markedBefore(hidden, earlierText);
  const suffix = earlierText === undefined ? count : count - earlierText.kept.suffix;
  let before = lastRead(hidden, from); // the token read last, and the one read before it
  let earlier = lastRead(hidden, before);
  for (let at = from; at < count; at += 1) {
    if (hidden[at] !== 0) continue;
    if (earlierText !== undefined && earlier >= suffix) {
      // What follows hangs on nothing in front of the edit any more.
      if (markedBehind(hidden, earlierText, at)) return;
      earlierText = undefined;
    }
    if (kind[at] === TokenKind.identifier && (mayBeAttribute(text, start[at] ?? 0) || (firsts.size > 0 && firsts.has(text.charCodeAt(start[at] ?? 0))) || mayBeShouted(tokens, at, earlier) || punctuation(tokens, before) === 93)) {
      const last = attributeEnd({ tokens, hidden, learnt }, at, before, earlier);
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

/**
 * Marks what the text before had in front of the edit, but for what may hang on the edit, and gives the token to go on with: one that is read.
 * Both are passed over alike there.
 */
function markedBefore(hidden: Uint8Array, { hidden: marked, kept }: EarlierReading): number {
  let alike = 0;
  while (alike < kept.prefix && isAlike(hidden[alike], marked[alike])) alike += 1;
  let to = Math.max(0, alike - LONGEST_ATTRIBUTE - NEIGHBORS);
  while (to > 0 && marked[to] !== 0) to -= 1;
  for (let at = 0; at < to; at += 1) hidden[at] = marked[at] ?? 0;
  return to;
}

/** Marks all from a token behind the edit on, where both texts are passed over alike up to their ends; false when they are not. */
function markedBehind(hidden: Uint8Array, { hidden: marked }: EarlierReading, from: number): boolean {
  const moved = hidden.length - marked.length;
  for (let at = from; at < hidden.length; at += 1) if (!isAlike(hidden[at], marked[at - moved])) return false;
  // In the middle of what was an attribute is no place to go on.
  if (marked[from - moved] !== Hidden.no) return false;
  for (let at = from; at < hidden.length; at += 1) hidden[at] = marked[at - moved] ?? 0;
  return true;
}

/** Tokens around one that have a say in whether it is an attribute. */
const NEIGHBORS = 8;

/** Whether a token is passed over in both texts or in none. */
const isAlike = (skipped: number | undefined, marked: number | undefined): boolean => (skipped === Hidden.skipped) === (marked === Hidden.skipped);

/** The last token in front of one that is read, or -1. */
function lastRead(hidden: Uint8Array, before: number): number {
  let at = before - 1;
  while (at >= 0 && hidden[at] !== 0) at -= 1;
  return Math.max(-1, at);
}

/** Attribute macros begin with `_`, `a` (asmlinkage) or `n` (noinline, notrace, noinstr); but randomized_struct_fields_start. */
function mayBeAttribute(text: string, start: number): boolean {
  const code = text.charCodeAt(start);
  return code === 95 || code === 97 || code === 110 || (code === 114 && text.startsWith('randomized_', start));
}

/** Whether an attribute macro in capitals may stand there: `struct foo bar FOO_ALIGNED;`, `} bar SEC("x");`, `int bar SEC("x") = 1`. */
function mayBeShouted(tokens: Tokens, at: number, earlier: number): boolean {
  const code = tokens.text.charCodeAt(tokens.start[at] ?? 0);
  return code >= 65 && code <= 90 && (endsDeclarator(tokens, at + 1) || punctuation(tokens, earlier) === 125 || takesText(tokens, at));
}

const SHOUTED = /^[A-Z][A-Z0-9_]*$/;

/** A file while its attributes are marked. */
type Marking = Pick<Reading, 'tokens' | 'hidden' | 'learnt'>;

/** The last token of the attribute that begins at `at`, or undefined when none does; `before` and `earlier` are the tokens read before it. */
function attributeEnd(reading: Marking, at: number, before: number, earlier: number): number | undefined {
  const { tokens, learnt } = reading;
  const word = wordAt(tokens, at);
  const hasCall = punctuation(tokens, at + 1) === 40;
  const form = attributeMacros.get(word) ?? learnt.get(word)?.form;
  if (form === 'call') return hasCall ? closing(tokens, at + 1, Math.min(tokens.count, at + LONGEST_ATTRIBUTE)) : undefined;
  if (form === 'word' || looksLikeAttribute(reading, at, before, earlier, word)) return at;
  const behindName = SHOUTED.test(word) && (namesRecord(tokens, before, earlier) || (takesText(tokens, at) && isName(tokens, before) && tokens.kind[earlier] === TokenKind.identifier && !noTypeBefore.has(wordAt(tokens, earlier))));
  if ((punctuation(tokens, before) !== 93 && !behindName) || !hasCall || keywords.has(word)) return undefined;
  const close = closing(tokens, at + 1, Math.min(tokens.count, at + LONGEST_ATTRIBUTE));
  return close !== undefined && endsDeclarator(tokens, close + 1) ? close : undefined; // int bar[2] FOO(1) = …
}

/** Whether the token at `before` is the name in `} bar SEC("x");`: a word on the brace's line. */
function namesRecord(tokens: Tokens, before: number, earlier: number): boolean {
  if (punctuation(tokens, earlier) !== 125 || !isName(tokens, before)) return false;
  return !tokens.text.slice(tokens.end[earlier], tokens.start[before]).includes('\n');
}

const isName = (tokens: Tokens, at: number): boolean => tokens.kind[at] === TokenKind.identifier && !keywords.has(wordAt(tokens, at));

/** Whether a literal in parentheses follows. */
const takesText = (tokens: Tokens, at: number): boolean => punctuation(tokens, at + 1) === 40 && tokens.kind[at + 2] === TokenKind.string;

/** The first token from `at` on that is read and no attribute known by its name: `int bar __foo\n#endif\n__aligned(8) = 1`. */
function behindAttributes({ tokens, hidden, learnt }: Marking, at: number): number {
  const limit = Math.min(tokens.count, at + LONGEST_ATTRIBUTE);
  for (; at < limit; at += 1) {
    if (hidden[at] !== 0) continue;
    if (tokens.kind[at] !== TokenKind.identifier) break;
    const word = wordAt(tokens, at);
    const form = attributeMacros.get(word) ?? learnt.get(word)?.form;
    if (form === undefined) break;
    if (form === 'call' && punctuation(tokens, at + 1) === 40) at = closing(tokens, at + 1, limit) ?? limit;
  }
  return at;
}

/** Whether a `;` or `=` stands there. */
const endsDeclarator = (tokens: Tokens, at: number): boolean => punctuation(tokens, at) === 59 || punctuation(tokens, at) === 61;

/**
 * An unlisted word that can be nothing but an attribute, by its place: `__foo` between a type and what it declares
 * (`int __foo bar`, `int *__foo bar`), `__foo` or `FOO` between a name and its initializer (`int bar __foo = 1`, `struct x bar FOO;`), and any word
 * between an array and its end (`int bar[2] FOO;`); other attributes may follow, and conditionals stand around them.
 */
function looksLikeAttribute(reading: Marking, at: number, before: number, earlier: number, word: string): boolean {
  const { tokens } = reading;
  if (keywords.has(word) || before < 0 || at + 1 >= tokens.count) return false;
  const next = punctuation(tokens, at + 1);
  const ends = endsDeclarator(tokens, behindAttributes(reading, at + 1));
  if (punctuation(tokens, before) === 93) return ends;
  if (!word.startsWith('__') && !(ends && SHOUTED.test(word) && tokens.kind[earlier] === TokenKind.identifier && !SHOUTED.test(wordAt(tokens, before)) && !SHOUTED.test(wordAt(tokens, earlier)))) return false;
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
