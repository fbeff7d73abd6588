/**
 * Tokens of a text that is an edit of one read before: only what lies between the ends both have in common is read by the
 * lexer. The result is the same as `tokenize`'s; test/syntax/incremental.test.ts holds it to that.
 */
import { Lexer } from './lexer';
import { TokenKind, TokenList, type Tokens } from './tokens';

/** How many tokens at the beginning are the earlier text's, and how many at the end are, moved by `shift` characters. */
export interface Kept {
  readonly prefix: number;
  readonly suffix: number;
  readonly shift: number;
}

/** A token's end is found by looking at this many characters behind it at most: `..` that could be `...`, a `\r\n` behind a directive. */
const LOOKAHEAD = 2;

export function retokenize(before: Tokens, text: string): { readonly tokens: Tokens; readonly kept: Kept } {
  const ends = commonEnds(before.text, text);
  const shift = text.length - before.text.length;
  const prefix = keptBefore(before, ends.prefix);
  const from = prefix === 0 ? 0 : (before.end[prefix - 1] ?? 0);
  const lexer = new Lexer(text, from, text.length, true, prefix > 0 && before.kind[prefix - 1] !== TokenKind.directive);

  // The lexer knows nothing but where it is and what the line began with. So where it reads a token of the earlier text again,
  // with the same characters to come, it would read all that follows again, too.
  const suffixStart = before.text.length - ends.suffix;
  let same = firstFrom(before, suffixStart);
  const list = new TokenList(Math.max(0, text.length - ends.suffix - from) >> 2);
  const meets = list.readOn(lexer, ({ start, end, kind }) => {
    while (same < before.count && (before.start[same] ?? 0) < start - shift) same += 1;
    return same < before.count && before.start[same] === start - shift && before.end[same] === end - shift && before.kind[same] === kind;
  });
  if (!meets) same = before.count;
  const suffix = before.count - same;
  return { tokens: spliced(before, text, prefix, list, same, shift), kept: { prefix, suffix, shift } };
}

/** Tokens that end so far before `prefix` that no character behind it has a say in them. */
function keptBefore({ count, end, unterminated }: Tokens, prefix: number): number {
  let limit = prefix;
  for (const { at, seen } of unterminated) if (seen + LOOKAHEAD > prefix) limit = Math.min(limit, at);
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((end[middle] ?? 0) + LOOKAHEAD > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The first token that starts at an offset or behind it. */
function firstFrom({ count, start }: Tokens, offset: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((start[middle] ?? 0) >= offset) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** before[0, prefix), the list, and before[same, …) moved by `shift`. */
function spliced(before: Tokens, text: string, prefix: number, list: TokenList, same: number, shift: number): Tokens {
  const behind = prefix + list.count;
  const count = behind + before.count - same;
  const splice = <A extends Uint8Array | Int32Array>(array: A, old: A, between: A): A => {
    array.set(old.subarray(0, prefix));
    array.set(between.subarray(0, list.count), prefix);
    array.set(old.subarray(same, before.count), behind);
    return array;
  };
  const start = splice(new Int32Array(count), before.start, list.start);
  const end = splice(new Int32Array(count), before.end, list.end);
  if (shift !== 0) {
    for (let at = behind; at < count; at += 1) {
      start[at] = (start[at] ?? 0) + shift;
      end[at] = (end[at] ?? 0) + shift;
    }
  }
  const prefixEnd = prefix === 0 ? 0 : (before.end[prefix - 1] ?? 0);
  const suffixStart = same < before.count ? (before.start[same] ?? 0) : Infinity;
  const unterminated = [
    ...before.unterminated.filter(({ at }) => at < prefixEnd),
    ...list.unterminated,
    ...before.unterminated.filter(({ at }) => at >= suffixStart).map(({ at, seen }) => ({ at: at + shift, seen: seen + shift })),
  ];
  return { text, count, kind: splice(new Uint8Array(count), before.kind, list.kind), start, end, hash: splice(new Int32Array(count), before.hash, list.hash), unterminated };
}

/** Characters compared at once: slices of this length are compared by the engine in one go. */
const CHUNK = 1024;

/** How many characters two texts have in common at their beginning and at their end, the two not overlapping. */
function commonEnds(one: string, other: string): { readonly prefix: number; readonly suffix: number } {
  const shorter = Math.min(one.length, other.length);
  let prefix = 0;
  while (prefix + CHUNK <= shorter && one.slice(prefix, prefix + CHUNK) === other.slice(prefix, prefix + CHUNK)) prefix += CHUNK;
  while (prefix < shorter && one.charCodeAt(prefix) === other.charCodeAt(prefix)) prefix += 1;

  const most = shorter - prefix;
  let suffix = 0;
  const piece = (text: string): string => text.slice(text.length - suffix - CHUNK, text.length - suffix);
  while (suffix + CHUNK <= most && piece(one) === piece(other)) suffix += CHUNK;
  while (suffix < most && one.charCodeAt(one.length - suffix - 1) === other.charCodeAt(other.length - suffix - 1)) suffix += 1;
  return { prefix, suffix };
}
