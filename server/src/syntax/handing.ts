/** What a body hands on: which calls are given a name and nothing else, and which of the function's own parameters it calls. Told from tokens, as the body is read. */
import type { CallUse, Handed } from './facts';
import { keywords } from './macros';
import { punctuation, wordAt, type Reading } from './reading';
import { TokenKind, type Tokens } from './tokens';

/** Names of the parameters behind the parenthesis at `open`, in order; '' for one that has none. */
export function parameterNames({ tokens, partner }: Reading, open: number): string[] {
  const names: string[] = [];
  let name = '';
  let isPointer = false;
  const close = partner[open] ?? -1;
  for (let at = open + 1; at < close; at += 1) {
    const inner = partner[at] ?? -1;
    if (inner > at) {
      // int (*call)(void *): its name, and then the parameters it takes.
      if (!isPointer && punctuation(tokens, at) === 40 && punctuation(tokens, at + 1) === 42) {
        name = wordAt(tokens, at + 2);
        isPointer = true;
      }
      at = inner;
    } else if (punctuation(tokens, at) === 44) {
      names.push(name);
      name = '';
      isPointer = false;
    } else if (!isPointer && tokens.kind[at] === TokenKind.identifier && !keywords.has(wordAt(tokens, at))) name = wordAt(tokens, at);
  }
  return close < 0 ? [] : [...names, name];
}

/** Is told each call and each other mention of a body, in order. */
export class Handing {
  /** By the number of the call. */
  readonly #handed = new Map<number, Handed[]>();
  /** Names that stand somewhere else than alone in parentheses or between commas: locals do, where they are declared. */
  readonly #elsewhere = new Set<string>();
  readonly #called = new Set<string>();
  /** Parameters that may outlive the call: stored, returned, handed on. */
  readonly #kept = new Set<string>();
  readonly #isParameter: ReadonlySet<string>;

  constructor(
    private readonly reading: Reading,
    private readonly parameters: readonly string[],
  ) {
    this.#isParameter = new Set(parameters);
  }

  /** The call whose name stands at the token `at`, the `number`th of the body. */
  callAt(at: number, name: string, number: number): Pick<CallUse, 'handsConstant'> {
    if (this.#isParameter.has(name)) this.#called.add(name);
    const { tokens, partner } = this.reading;
    let handed: Handed[] | undefined;
    let hasConstant = false;
    let argument = 0;
    const close = partner[at + 1] ?? -1;
    for (let inside = at + 2; inside < close; inside += 1) {
      const inner = partner[inside] ?? -1;
      if (inner > inside) inside = inner;
      else if (punctuation(tokens, inside) === 44) argument += 1;
      else if (isAlone(tokens, inside)) {
        if (isConstant(tokens, inside)) hasConstant = true;
        else if (tokens.kind[inside] === TokenKind.identifier) {
          const word = wordAt(tokens, inside);
          if (this.#mayBeHanded(word)) (handed ??= []).push({ name: word, argument });
        }
      }
    }
    if (handed !== undefined) this.#handed.set(number, handed);
    return hasConstant ? { handsConstant: true } : {};
  }

  /** Any other place of a name. */
  mentionAt(at: number, name: string): void {
    const { tokens } = this.reading;
    if (!isAlone(tokens, at)) this.#elsewhere.add(name);
    if (!this.#isParameter.has(name)) return;
    if (isCalledByStar(tokens, at)) this.#called.add(name);
    else if (!isTested(tokens, at)) this.#kept.add(name);
  }

  /** The calls, each with what it hands on. */
  completed(calls: CallUse[]): CallUse[] {
    if (this.#handed.size === 0) return calls;
    return calls.map((call, number) => {
      const hands = this.#handed.get(number)?.filter(({ name }) => this.#mayBeHanded(name)) ?? [];
      return hands.length === 0 ? call : { ...call, hands };
    });
  }

  /** As far as the body was read. */
  #mayBeHanded(name: string): boolean {
    return !this.#elsewhere.has(name) && !this.#isParameter.has(name);
  }

  /** Parameters that are called and otherwise tested at most, from 0. */
  callsBack(): number[] {
    if (this.#called.size === 0) return [];
    return this.parameters.flatMap((name, place) => (this.#called.has(name) && !this.#kept.has(name) ? [place] : []));
  }
}

/** Between `(` or `,` and `,` or `)`. */
function isAlone(tokens: Tokens, at: number): boolean {
  const [before, after] = [punctuation(tokens, at - 1), punctuation(tokens, at + 1)];
  return (before === 40 || before === 44) && (after === 44 || after === 41);
}

/** `(*call)(…)`. */
const isCalledByStar = (tokens: Tokens, at: number): boolean => punctuation(tokens, at - 1) === 42 && punctuation(tokens, at - 2) === 40 && punctuation(tokens, at + 1) === 41 && punctuation(tokens, at + 2) === 40;

/** In a condition: `if (call)`, `!call`, `call &&`, `call ? … : …`, `call == other`. */
function isTested(tokens: Tokens, at: number): boolean {
  const [before, after] = [wordAt(tokens, at - 1), wordAt(tokens, at + 1)];
  if (before === '!' || ['&&', '||', '==', '!=', '?'].includes(after)) return true;
  return (before === '(' && after === ')' && keywords.has(wordAt(tokens, at - 2))) || (['&&', '||'].includes(before) && after === ')');
}

const isConstant = (tokens: Tokens, at: number): boolean => tokens.kind[at] === TokenKind.number || tokens.kind[at] === TokenKind.string || (tokens.kind[at] === TokenKind.identifier && /^([A-Z][A-Z0-9_]*|true|false)$/.test(wordAt(tokens, at)));
