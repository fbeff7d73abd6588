/** How likely a test at the front of a body ends the call: gcc's own static predictions (predict.def of gcc 12, and predict.cc for what each goes by). */
import { Hidden, punctuation, wordAt, type Reading } from './reading';
import { TokenKind, type Tokens } from './tokens';

type Body = Pick<Reading, 'tokens' | 'hidden' | 'partner'>;

/** How often each prediction holds. */
const RATE = { earlyReturn: 0.66, negative: 0.98, nothing: 0.91, constant: 0.65, call: 0.67, expected: 0.9, pointer: 0.7, equal: 0.66, positive: 0.59 } as const;

export interface Test {
  /** The share of calls that goes on to the rest. */
  readonly goOn: number;
  /** The token the rest begins with. */
  readonly restFrom: number;
}

/**
 * The statement as a test behind which a call may be done: `if (…) return …;`, or `if (…) …` around all that is left. Undefined where it is neither.
 *
 * @param end where the statement ends; `to` is the end of the body
 * @param pointers names of pointers
 */
export function testAt(reading: Body, at: number, end: number, to: number, pointers: ReadonlySet<string>): Test | undefined {
  const { tokens, partner } = reading;
  const close = partner[at + 1] ?? -1;
  if (wordAt(tokens, at) !== 'if' || close < 0) return undefined;
  if (end >= to) return statementEnd(reading, close + 1, to) === end ? { goOn: conditionHolds(reading, at + 2, close, pointers, []), restFrom: close + 1 } : undefined;
  const value = returned(reading, close + 1, end);
  if (value === undefined || (value.to === value.from + 1 && isReturnedAgain(tokens, value.from, end, to))) return undefined;
  const hints = [1 - RATE.earlyReturn, ...hintsOfValue(tokens, value.from, value.to), ...(callsFirst(reading, end, to) ? [RATE.call] : []), ...(callsFirst(reading, close + 1, end) ? [1 - RATE.call] : [])];
  return { goOn: 1 - conditionHolds(reading, at + 2, close, pointers, hints), restFrom: end };
}

/** Behind the statement at `from`: its semicolon, or its block, with what an `else` brings. */
export function statementEnd({ tokens, hidden, partner }: Body, from: number, to: number): number {
  const behind = (at: number): number => Math.max(at, hidden[at] === Hidden.no ? (partner[at] ?? -1) : -1) + 1;
  for (let at = from; ; ) {
    if (wordAt(tokens, at) === 'if' && punctuation(tokens, at + 1) === 40 && at + 1 < to) at = behind(at + 1);
    else {
      if (punctuation(tokens, at) === 123) at = behind(at);
      else {
        while (at < to && (hidden[at] !== Hidden.no || punctuation(tokens, at) !== 59)) at = behind(at);
        at += 1;
      }
      if (at >= to) return to;
      if (wordAt(tokens, at) !== 'else') return at;
      at += 1;
    }
  }
}

/** `return value;`, in braces or not: where the value stands. */
function returned({ tokens }: Body, from: number, end: number): { from: number; to: number } | undefined {
  const inBraces = punctuation(tokens, from) === 123;
  const first = inBraces ? from + 1 : from;
  const last = inBraces ? end - 2 : end - 1;
  if (wordAt(tokens, first) !== 'return' || punctuation(tokens, last) !== 59) return undefined;
  for (let at = first; at < last; at += 1) if (punctuation(tokens, at) === 59) return undefined;
  return { from: first + 1, to: last };
}

/** Whether the constant at `at` is returned further down, too, beside others: gcc has made one block of these returns, and so the rest has no single way out. */
function isReturnedAgain(tokens: Tokens, value: number, from: number, to: number): boolean {
  let [again, others] = [false, false];
  for (let at = from; at < to; at += 1) {
    if (wordAt(tokens, at) !== 'return') continue;
    if (tokens.hash[at + 1] === tokens.hash[value] && punctuation(tokens, at + 2) === 59) again = true;
    else others = true;
  }
  return again && others;
}

/** Negative numbers and NULL are returned seldom, other constants than 0 and 1 often (return_prediction()). */
function hintsOfValue(tokens: Tokens, from: number, to: number): number[] {
  if (punctuation(tokens, from) === 45) return [1 - RATE.negative];
  if (to !== from + 1) return [];
  const word = wordAt(tokens, from);
  if (word === 'NULL') return [1 - RATE.nothing];
  return (tokens.kind[from] === TokenKind.number && !/^[01][uUlL]*$/.test(word)) ? [RATE.constant] : [];
}

/** Whether a function is called before the next branch. */
function callsFirst({ tokens, hidden }: Body, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    if (hidden[at] !== Hidden.no) continue;
    if (tokens.kind[at] === TokenKind.identifier) {
      const word = wordAt(tokens, at);
      if (branches.has(word)) {
        if (word !== 'if' && word !== 'while' && word !== 'switch') return false;
        continue;
      }
      if (punctuation(tokens, at + 1) === 40 && !NO_CALL.test(word)) return !/for_each|_dbg$/.test(word);
    }
    const code = punctuation(tokens, at);
    if (code === 63 || code === 123) return false;
  }
  return false;
}

/** Macros, operators and what is one instruction. */
const NO_CALL = /^([A-Z_0-9]+|sizeof|container_of|mem(set|cpy|cmp)|(__)?(set|clear|test)_bit|atomic\w*|lockdep_\w+|\w+_priv|to_\w+|list_\w+)$/;

const branches: ReadonlySet<string> = new Set(['if', 'for', 'while', 'do', 'switch', 'goto']);

/** Of `a || b` each may hold by itself; of `a && b` all must. */
function conditionHolds(reading: Body, from: number, to: number, pointers: ReadonlySet<string>, hints: readonly number[]): number {
  const either = splitAt(reading, from, to, 124);
  if (either.length > 1) return 1 - either.reduce((none, [start, end]) => none * (1 - conditionHolds(reading, start, end, pointers, hints)), 1);
  const parts = splitAt(reading, from, to, 38);
  return parts.reduce((all, [start, end], place) => all * testHolds(reading, start, end, pointers, place === parts.length - 1 ? hints : []), 1);
}

function testHolds(reading: Body, from: number, to: number, pointers: ReadonlySet<string>, hints: readonly number[]): number {
  const { tokens, partner } = reading;
  const word = wordAt(tokens, from);
  if (punctuation(tokens, from + 1) === 40 && partner[from + 1] === to - 1) {
    if (/^(unlikely|WARN\w*|IS_ERR(_OR_NULL|_VALUE)?)$/.test(word)) return 1 - RATE.expected;
    if (word === 'likely') return RATE.expected;
  }
  const isNot = punctuation(tokens, from) === 33;
  if (isNot && wordAt(tokens, from + 1) === 'likely') return 1 - RATE.expected;
  if (isNot && wordAt(tokens, from + 1) === 'unlikely') return RATE.expected;
  const own = hintOfTest(tokens, from, to, pointers);
  return combined(own === undefined ? hints : [own, ...hints]);
}

function hintOfTest(tokens: Tokens, from: number, to: number, pointers: ReadonlySet<string>): number | undefined {
  if (to === from + 1 && pointers.has(wordAt(tokens, from))) return RATE.pointer;
  if (to === from + 2 && punctuation(tokens, from) === 33 && pointers.has(wordAt(tokens, from + 1))) return 1 - RATE.pointer;
  for (let at = from; at < to; at += 1) {
    if (tokens.kind[at] !== TokenKind.punctuation) continue;
    const right = to === at + 2 ? wordAt(tokens, at + 1) : '';
    switch (wordAt(tokens, at)) {
      case '==':
        return right === 'NULL' ? 1 - RATE.pointer : /^(0|1|true|false)$/.test(right) ? undefined : 1 - RATE.equal;
      case '!=':
        return right === 'NULL' ? RATE.pointer : /^(0|1|true|false)$/.test(right) ? undefined : RATE.equal;
      case '<':
      case '<=':
        return right === '0' ? 1 - RATE.positive : undefined;
      case '>':
      case '>=':
        return right === '0' ? RATE.positive : undefined;
    }
  }
  return undefined;
}

/** Dempster and Shafer's rule, as gcc combines them (combine_predictions_for_bb()). */
const combined = (hints: readonly number[]): number => {
  const holds = hints.reduce((all, hint) => all * hint, 1);
  return holds / (holds + hints.reduce((all, hint) => all * (1 - hint), 1));
};

/** The parts of a condition between `||` (124) or `&&` (38) that stand in no parentheses. */
function splitAt({ tokens, partner }: Body, from: number, to: number, code: number): [number, number][] {
  const parts: [number, number][] = [];
  let start = from;
  for (let at = from; at < to; at += 1) {
    if ((partner[at] ?? -1) > at) at = partner[at] ?? at;
    else if (tokens.kind[at] === TokenKind.punctuation && wordAt(tokens, at) === String.fromCharCode(code, code)) {
      parts.push([start, at]);
      start = at + 1;
    }
  }
  return [...parts, [start, to]];
}
