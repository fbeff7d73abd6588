/**
 * Facts counted from their item's start -> facts of the file: moved to their place, numbered among those of their name, under
 * their conditions. A fact that stands where it stood in the text read before is that text's very object.
 */
import type { Declared, Range } from './facts';
import type { ItemFacts } from './itemFacts';

type Conditions = readonly string[];

export class Placer {
  /** By kind and name: facts so far. */
  readonly #counts = new Map<string, Map<string, number>>();

  /** @param earlier the same item's facts as they were placed in the text read before */
  place(found: ItemFacts, base: number, conditions: Conditions, earlier: ItemFacts | undefined): ItemFacts {
    const declared = <F extends Declared>(kindOf: (fact: F) => string, facts: readonly F[], before: readonly F[] | undefined, more?: (fact: F) => Partial<F>): readonly F[] =>
      each(facts, (fact, index) => {
        const ordinal = this.ordinal(kindOf(fact), fact.name);
        const known = standsAt(before?.[index], fact.range.start + base, conditions);
        if (known?.ordinal === ordinal) return known;
        return { ...fact, ordinal, conditions, range: shift(fact.range, base), nameRange: shift(fact.nameRange, base), ...more?.(fact) };
      });
    return {
      functions: declared(() => 'function', found.functions, earlier?.functions, ({ bodyRange }) => ({ bodyRange: shift(bodyRange, base) })),
      records: declared(({ kind }) => kind, found.records, earlier?.records),
      enums: declared(() => 'enum', found.enums, earlier?.enums),
      typedefs: declared(() => 'typedef', found.typedefs, earlier?.typedefs),
      variables: declared(() => 'variable', found.variables, earlier?.variables, ({ initializerRange }) => (initializerRange === undefined ? {} : { initializerRange: shift(initializerRange, base) })),
      prototypes: declared(() => 'prototype', found.prototypes, earlier?.prototypes),
      exports: each(found.exports, (fact, index) => standsAt(earlier?.exports[index], fact.range.start + base) ?? { ...fact, range: shift(fact.range, base) }),
      registrations: each(found.registrations, (fact, index) => standsAt(earlier?.registrations[index], fact.range.start + base, conditions) ?? { ...fact, range: shift(fact.range, base), conditions }),
      problems: each(found.problems, (problem, index) => standsAt(earlier?.problems[index], problem.range.start + base) ?? { ...problem, range: shift(problem.range, base) }),
    };
  }

  /** How many of this kind and name came before. */
  ordinal(kind: string, name: string): number {
    const counts = this.#counts.get(kind) ?? new Map<string, number>();
    this.#counts.set(kind, counts);
    const ordinal = counts.get(name) ?? 0;
    counts.set(name, ordinal + 1);
    return ordinal;
  }
}

/** Without a copy of what is empty, as most lists of an item are. */
const each = <F>(facts: readonly F[], place: (fact: F, index: number) => F): readonly F[] => (facts.length === 0 ? facts : facts.map(place));

/** A fact, when it stands at that place under those conditions. */
export function standsAt<F extends { readonly range: Range; readonly conditions?: Conditions }>(fact: F | undefined, start: number, conditions?: Conditions): F | undefined {
  return fact?.range.start === start && (conditions === undefined || sameList(fact.conditions ?? [], conditions)) ? fact : undefined;
}

const sameList = (one: Conditions, other: Conditions): boolean => one === other || (one.length === other.length && one.every((condition, index) => condition === other[index]));

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
