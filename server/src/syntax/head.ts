/**
 * What gcc cuts off the front of a function (-fpartial-inlining, on at -O2; ipa-split.cc): where a body begins with a test behind which many calls are done, that head stays the function, small enough to be inlined
 * into its callers, and the rest becomes a function of its own, NAME.part.0. So callers hold a copy of the head, however long the function is.
 */
import { sizeOfBody } from './bodySize';
import { statementEnd, testAt } from './headTest';
import { keywords } from './macros';
import { punctuation, wordAt, type Reading } from './reading';
import { TokenKind } from './tokens';

type Body = Pick<Reading, 'tokens' | 'hidden' | 'partner'>;

/** The rest must be reached by less than this share of the calls (--param partial-inlining-entry-probability). */
const MOST_GO_ON = 0.7;

/** gcc's instructions of a head with the call of the rest (consider_split(): --param max-inline-insns-auto and 10). */
const MOST_SPLIT = 25;

/**
 * Of a head alone. Larger ones gcc splits off, too, but seldom inlines: of functions too long to be inlined as a whole, 52 of 101 with a head up to here are inlined by their head,
 * and 2 of 22 with one of up to 12 (284 files of Linux 6.1, Debian's configuration).
 */
const MOST_SIZE = 10;

/** Declarations and statements of so many tokens hold more than MOST_SIZE instructions: sizes need not be added up. */
const MOST_TOKENS = 100;

/**
 * The token behind the longest such head, undefined where there is none.
 *
 * @param open the parenthesis of the function's parameters; `from` and `to` are the body's, without braces
 */
export function endOfHead(reading: Body, open: number, from: number, to: number): number | undefined {
  const { tokens } = reading;
  const parameters = namesOf(reading, open + 1, reading.partner[open] ?? open);
  const pointers = new Set(parameters.filter(({ isPointer }) => isPointer).map(({ name }) => name));
  const locals = new Set<string>();
  /** Locals that the head works out. The rest can be handed parameters only. */
  const computed = new Set<string>();
  const callOfRest = 2 + parameters.length;
  let goOn = 1;
  let head: number | undefined;
  for (let end = from; end < to; ) {
    const at = end;
    end = statementEnd(reading, at, to);
    const declared = declaredBy(reading, at, end);
    for (const { name, isPointer, isComputed } of declared ?? []) {
      locals.add(name);
      if (isPointer) pointers.add(name);
      if (isComputed) computed.add(name);
    }
    if (declared !== undefined) continue;
    if (isEndOfHead(reading, at) || at - from > MOST_TOKENS) break;
    for (let inner = at; inner < end; inner += 1) if (tokens.kind[inner] === TokenKind.identifier && locals.has(wordAt(tokens, inner))) computed.add(wordAt(tokens, inner));
    const test = testAt(reading, at, end, to, pointers);
    if (test === undefined) continue;
    goOn *= test.goOn;
    const size = sizeOfBody(reading, from, test.restFrom);
    if (size > MOST_SIZE || size + callOfRest >= MOST_SPLIT) break;
    if (goOn < MOST_GO_ON && !isHanded(reading, computed, test.restFrom, to) && sizeOfBody(reading, test.restFrom, to) > callOfRest) head = test.restFrom;
  }
  return head;
}

/** A loop, a label or what leaves: gcc may split there, too, but hardly does. */
const isEndOfHead = ({ tokens }: Body, at: number): boolean => leaving.has(wordAt(tokens, at)) || punctuation(tokens, at + 1) === 58;

const leaving: ReadonlySet<string> = new Set(['for', 'while', 'do', 'switch', 'return', 'goto', 'case', 'default', 'asm']);

/** Whether the tokens of [from, to) read one of the names before they give it a value. */
function isHanded({ tokens }: Body, names: ReadonlySet<string>, from: number, to: number): boolean {
  const open = new Set(names);
  for (let at = from; at < to && open.size > 0; at += 1) {
    if (tokens.kind[at] !== TokenKind.identifier || !open.has(wordAt(tokens, at))) continue;
    if (punctuation(tokens, at + 1) !== 61) return true;
    open.delete(wordAt(tokens, at));
  }
  return false;
}

interface Declared {
  readonly name: string;
  readonly isPointer: boolean;
  /** Its value is worked out; a constant need not be handed on, and `&parameter->member` is worked out anew. */
  readonly isComputed: boolean;
}

/** What the statement declares; undefined where it is no declaration, by its look. */
function declaredBy(reading: Body, from: number, end: number): Declared[] | undefined {
  const { tokens } = reading;
  if (tokens.kind[from] !== TokenKind.identifier) return undefined;
  const isType = keywords.has(wordAt(tokens, from)) ? types.has(wordAt(tokens, from)) : tokens.kind[from + 1] === TokenKind.identifier || punctuation(tokens, from + 1) === 42;
  return isType ? namesOf(reading, from, end) : undefined;
}

const types: ReadonlySet<string> = new Set('auto char const double enum float int long register short signed static struct typeof __typeof__ union unsigned void volatile _Bool __auto_type'.split(' '));

/** Parameters or declared names: each identifier in front of `,`, `=`, `;`, `[` or the end. */
function namesOf({ tokens, partner }: Body, from: number, end: number): Declared[] {
  const names: Declared[] = [];
  for (let at = from; at < end; at += 1) {
    const next = at + 1 === end ? 44 : punctuation(tokens, at + 1);
    if (tokens.kind[at] !== TokenKind.identifier || (next !== 44 && next !== 59 && next !== 61 && next !== 91)) {
      at = Math.max(at, partner[at] ?? -1);
      continue;
    }
    let after = at + 1;
    while (after < end && punctuation(tokens, after) !== 44 && punctuation(tokens, after) !== 59) after = Math.max(after, partner[after] ?? -1) + 1;
    const isConstant = after === at + 3 && (tokens.kind[at + 2] === TokenKind.number || /^[A-Z]|^(true|false)$/.test(wordAt(tokens, at + 2)));
    const isAddress = punctuation(tokens, at + 2) === 38;
    names.push({ name: wordAt(tokens, at), isPointer: punctuation(tokens, at - 1) === 42 || next === 91, isComputed: next === 61 && !isConstant && !isAddress });
    at = after;
  }
  return names;
}
