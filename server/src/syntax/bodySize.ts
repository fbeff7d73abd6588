/**
 * How big gcc's inliner takes a body to be, by its tokens alone. gcc counts statements of its own intermediate code once the first optimizations have gone over it (ipa-fnsummary.cc, estimate_num_insns());
 * tokens tell that number to within 2 of 15 and 5 of 30. Every name before a parenthesis counts as a call; plan/growth.ts knows better of some.
 */
import { keywords } from './macros';
import { Hidden, punctuation, wordAt, type Reading } from './reading';
import { TokenKind, type Tokens } from './tokens';

/** What of a body makes instructions, in the order of WEIGHTS. `load` is a unary `*`, `update` an assignment that reads, too. */
export const Part = { if: 0, logical: 1, ternary: 2, loop: 3, case: 4, argument: 5, call: 6, member: 7, index: 8, load: 9, update: 10, arithmetic: 11, not: 12, statement: 13, return: 14 } as const;

const words: ReadonlyMap<string, number> = new Map([['if', Part.if], ['for', Part.loop], ['while', Part.loop], ['do', Part.loop], ['case', Part.case], ['default', Part.case], ['return', Part.return]]);

/** gcc's instructions for one of each part, and for a function without any: least squares over functions of Linux 6.1 (see docs/corpus.md), against gcc 12.2's own numbers (-fdump-ipa-fnsummary). */
const WEIGHTS: readonly number[] = [2.6, 2, 1.3, 1.3, 1.1, 1.3, 0.65, 0.75, 0.55, 0.6, 0.6, 0.55, 1.05, 0.45, -0.3];
const EMPTY = 2.3;

export function sizeOfBody(reading: Pick<Reading, 'tokens' | 'hidden'>, from: number, to: number): number {
  const parts = partsOf(reading, from, to);
  return Math.round(10 * WEIGHTS.reduce((sum, weight, part) => sum + weight * (parts[part] ?? 0), EMPTY)) / 10;
}

/** How many of each part the tokens hold. Branches of an #if that were passed over do not count. */
export function partsOf({ tokens, hidden }: Pick<Reading, 'tokens' | 'hidden'>, from: number, to: number): Float64Array {
  const found = new Float64Array(Object.keys(Part).length);
  /** Of each bracket that is open, whether it holds a call's arguments. */
  const open: boolean[] = [];
  for (let at = from; at < to; at += 1) {
    if (hidden[at] !== Hidden.no) continue;
    if (tokens.kind[at] === TokenKind.identifier) {
      const part = words.get(wordAt(tokens, at));
      if (part !== undefined) found[part] = (found[part] ?? 0) + 1;
      continue;
    }
    if (tokens.kind[at] !== TokenKind.punctuation) continue;
    const code = tokens.text.charCodeAt(tokens.start[at] ?? 0);
    if (length(tokens, at) === 1) {
      if (code === 40 || code === 91 || code === 123) {
        const isCall = code === 40 && isName(tokens, at - 1);
        open.push(isCall);
        if (isCall) {
          found[Part.call] = (found[Part.call] ?? 0) + 1;
          if (punctuation(tokens, at + 1) !== 41) found[Part.argument] = (found[Part.argument] ?? 0) + 1;
        }
      } else if (code === 41 || code === 93 || code === 125) open.pop();
      else if (code === 44 && open.at(-1) === true) found[Part.argument] = (found[Part.argument] ?? 0) + 1;
    }
    const part = partOf(tokens, at, code);
    if (part !== undefined) found[part] = (found[part] ?? 0) + 1;
  }
  return found;
}

const singles: ReadonlyMap<number, number> = new Map([[63, Part.ternary], [91, Part.index], [33, Part.not], [59, Part.statement], ...Array.from('+/%|^~', (mark) => [mark.charCodeAt(0), Part.arithmetic] as const)]);

function partOf(tokens: Tokens, at: number, code: number): number | undefined {
  const size = length(tokens, at);
  if (size === 1) {
    if (code === 42) return !isOperand(tokens, at - 1) ? Part.load : isDeclarator(tokens, at) ? undefined : Part.arithmetic;
    return code === 45 || code === 38 ? (isOperand(tokens, at - 1) ? Part.arithmetic : undefined) : singles.get(code);
  }
  const next = tokens.text.charCodeAt((tokens.start[at] ?? 0) + 1);
  if (size === 3) return code === 46 ? undefined : Part.update; // <<= and >>=, not ...
  if (code === 45 && next === 62) return Part.member;
  if (code === next) return code === 38 || code === 124 ? Part.logical : code === 43 || code === 45 ? Part.update : code === 61 ? undefined : Part.arithmetic;
  return next === 61 && code !== 33 && code !== 60 && code !== 62 ? Part.update : undefined;
}

const length = (tokens: Tokens, at: number): number => (tokens.end[at] ?? 0) - (tokens.start[at] ?? 0);

const isName = (tokens: Tokens, at: number): boolean => tokens.kind[at] === TokenKind.identifier && !keywords.has(wordAt(tokens, at));

/** Whether what ends here is something to calculate with, so that an operator behind it takes two. */
const isOperand = (tokens: Tokens, at: number): boolean => tokens.kind[at] === TokenKind.number || isName(tokens, at) || punctuation(tokens, at) === 41 || punctuation(tokens, at) === 93;

/** `struct x *p`, `x **p`, `(x *)`: no multiplication. */
const isDeclarator = (tokens: Tokens, at: number): boolean => punctuation(tokens, at + 1) === 42 || punctuation(tokens, at + 1) === 41 || ['struct', 'union', 'enum'].includes(wordAt(tokens, at - 2));
