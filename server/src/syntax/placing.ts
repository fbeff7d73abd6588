/**
 * Facts counted from their item's start -> facts of the file: moved to their place, numbered among those of their name, under
 * their conditions. A fact that stands where it stood in the text read before is that text's very object.
 */
import type { Declared, FunctionFact, Range, VariableFact } from './facts';
import type { ItemFacts } from './itemFacts';

type Conditions = readonly string[];

export class Placer {
  /** By kind and name: facts so far. */
  readonly #counts = new Map<string, Map<string, number>>();

  /**
   * @param earlier the same item's facts as they were placed in the text read before
   * @param numbered whether as many of each name came before it there as do now
   */
  place(found: ItemFacts, base: number, conditions: Conditions, earlier?: ItemFacts, numbered = false): ItemFacts {
    const at = { base, conditions, numbered };
    return {
      functions: this.#declared('function', found.functions, earlier?.functions, at, functionRanges),
      records: this.#declared('record', found.records, earlier?.records, at),
      enums: this.#declared('enum', found.enums, earlier?.enums, at),
      typedefs: this.#declared('typedef', found.typedefs, earlier?.typedefs, at),
      variables: this.#declared('variable', found.variables, earlier?.variables, at, variableRanges),
      prototypes: this.#declared('prototype', found.prototypes, earlier?.prototypes, at),
      exports: moved(found.exports, earlier?.exports, at, {}),
      registrations: moved(found.registrations, earlier?.registrations, at, { conditions }),
      problems: moved(found.problems, earlier?.problems, at, {}),
    };
  }

  #declared<F extends Declared & { readonly kind?: string }>(kind: string, facts: readonly F[], earlier: readonly F[] | undefined, { base, conditions, numbered }: Place, more?: (fact: F, base: number) => Partial<F>): readonly F[] {
    if (facts.length === 0) return facts;
    return facts.map((fact, index) => {
      const then = earlier?.[index];
      const ordinal = numbered && then !== undefined ? then.ordinal : this.#ordinal(fact.kind ?? kind, fact.name);
      const known = standsAt(then, fact.range.start + base, conditions);
      if (known?.ordinal === ordinal) return known;
      return { ...fact, ordinal, conditions, range: shift(fact.range, base), nameRange: shift(fact.nameRange, base), ...more?.(fact, base) };
    });
  }

  /** Counts facts that were placed without it. */
  count(placed: ItemFacts): void {
    for (const { kind, name } of numberedIn(placed)) this.#ordinal(kind, name);
  }

  /** Goes on where these facts of the text before were numbered: for facts of the same names in their place. */
  countOn(placed: ItemFacts): void {
    for (const { kind, name, ordinal } of numberedIn(placed)) {
      const counts = this.#countsOf(kind);
      if (!counts.has(name)) counts.set(name, ordinal);
    }
  }

  /** How many of this kind and name came before. */
  #ordinal(kind: string, name: string): number {
    const counts = this.#countsOf(kind);
    const ordinal = counts.get(name) ?? 0;
    counts.set(name, ordinal + 1);
    return ordinal;
  }

  #countsOf(kind: string): Map<string, number> {
    const counts = this.#counts.get(kind) ?? new Map<string, number>();
    this.#counts.set(kind, counts);
    return counts;
  }
}

interface Numbered {
  readonly kind: string;
  readonly name: string;
  readonly ordinal: number;
}

interface Place {
  readonly base: number;
  readonly conditions: Conditions;
  readonly numbered: boolean;
}

/** All that is numbered by kind and name, in the order it is numbered in. */
function numberedIn({ functions, records, enums, typedefs, variables, prototypes }: ItemFacts): Numbered[] {
  const lists: [string, readonly (Declared & { readonly kind?: string })[]][] = [['function', functions], ['record', records], ['enum', enums], ['typedef', typedefs], ['variable', variables], ['prototype', prototypes]];
  return lists.flatMap(([kind, facts]) => facts.map((fact) => ({ kind: fact.kind ?? kind, name: fact.name, ordinal: fact.ordinal })));
}

/** Whether as many facts of each kind and name are in the one as in the other. */
export function sameNames(one: readonly ItemFacts[], other: readonly ItemFacts[]): boolean {
  const namesIn = (items: readonly ItemFacts[]): string[] => items.flatMap((facts) => numberedIn(facts).map(({ kind, name }) => `${kind} ${name}`)).sort();
  return sameList(namesIn(one), namesIn(other));
}

const functionRanges = ({ bodyRange }: FunctionFact, base: number): Partial<FunctionFact> => ({ bodyRange: shift(bodyRange, base) });
const variableRanges = ({ initializerRange }: VariableFact, base: number): Partial<VariableFact> => (initializerRange === undefined ? {} : { initializerRange: shift(initializerRange, base) });

/** What has no name to be numbered by; `under` are the conditions, where it tells them. */
function moved<F extends { readonly range: Range; readonly conditions?: Conditions }>(facts: readonly F[], earlier: readonly F[] | undefined, { base }: Place, under: { readonly conditions?: Conditions }): readonly F[] {
  if (facts.length === 0) return facts;
  return facts.map((fact, index) => standsAt(earlier?.[index], fact.range.start + base, under.conditions) ?? { ...fact, ...under, range: shift(fact.range, base) });
}

/** A fact, when it stands at that place under those conditions. */
export function standsAt<F extends { readonly range: Range; readonly conditions?: Conditions }>(fact: F | undefined, start: number, conditions?: Conditions): F | undefined {
  return fact?.range.start === start && (conditions === undefined || sameList(fact.conditions ?? [], conditions)) ? fact : undefined;
}

export const sameList = (one: Conditions, other: Conditions): boolean => one === other || (one.length === other.length && one.every((condition, index) => condition === other[index]));

export const shift = (range: Range, by: number): Range => ({ start: range.start + by, end: range.end + by });

/** The lists of all items as one. */
export function gathered(items: readonly { readonly placed: ItemFacts }[]): ItemFacts {
  const all = <F>(listOf: (facts: ItemFacts) => readonly F[]): F[] => {
    const list: F[] = [];
    for (const { placed } of items) for (const fact of listOf(placed)) list.push(fact);
    return list;
  };
  return {
    functions: all((facts) => facts.functions),
    records: all((facts) => facts.records),
    enums: all((facts) => facts.enums),
    typedefs: all((facts) => facts.typedefs),
    variables: all((facts) => facts.variables),
    prototypes: all((facts) => facts.prototypes),
    exports: all((facts) => facts.exports),
    registrations: all((facts) => facts.registrations),
    problems: all((facts) => facts.problems),
  };
}
