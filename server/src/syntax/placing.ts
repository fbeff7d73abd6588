/**
 * Facts counted from their item's start -> facts of the file: moved to their place, numbered among those of their name, under
 * their conditions. A fact that stands where it stood in the text read before is that text's very object.
 */
import type { Declared, FunctionFact, Range, VariableFact } from './facts';
import type { ItemFacts } from './itemFacts';

type Conditions = readonly string[];

/** Gives a fact's number among those of its key; `earlier` is the one it had in the text read before. */
export type NumberOf = (key: string, earlier: number | undefined) => number;

/** Of a fact whose number is what it was: asked of most facts with every keystroke, without making a key. */
export const keepsNumber = Symbol('keeps its number');

/** @param earlier the same item's facts as they were placed in the text read before */
export function placed(found: ItemFacts, base: number, conditions: Conditions, earlier: ItemFacts | undefined, numberOf: NumberOf | typeof keepsNumber): ItemFacts {
  const at: Place = { base, conditions, numberOf };
  return {
    functions: declared('function', found.functions, earlier?.functions, at, functionRanges),
    records: declared('record', found.records, earlier?.records, at),
    enums: declared('enum', found.enums, earlier?.enums, at),
    typedefs: declared('typedef', found.typedefs, earlier?.typedefs, at),
    variables: declared('variable', found.variables, earlier?.variables, at, variableRanges),
    prototypes: declared('prototype', found.prototypes, earlier?.prototypes, at),
    exports: moved(found.exports, earlier?.exports, at, {}),
    registrations: moved(found.registrations, earlier?.registrations, at, { conditions }),
    problems: moved(found.problems, earlier?.problems, at, {}),
  };
}

interface Place {
  readonly base: number;
  readonly conditions: Conditions;
  readonly numberOf: NumberOf | typeof keepsNumber;
}

type Numberable = Declared & { readonly kind?: string };

function declared<F extends Numberable>(kind: string, facts: readonly F[], earlier: readonly F[] | undefined, { base, conditions, numberOf }: Place, more?: (fact: F, base: number) => Partial<F>): readonly F[] {
  if (facts.length === 0) return facts;
  return facts.map((fact, index) => {
    const then = earlier?.[index];
    const ordinal = numberOf === keepsNumber ? (then?.ordinal ?? 0) : numberOf(keyOf(kind, fact), then?.ordinal);
    const known = standsAt(then, fact.range.start + base, conditions);
    if (known?.ordinal === ordinal) return known;
    return { ...fact, ordinal, conditions, range: shift(fact.range, base), nameRange: shift(fact.nameRange, base), ...more?.(fact, base) };
  });
}

const keyOf = (kind: string, fact: Numberable): string => `${fact.kind ?? kind} ${fact.name}`;

/** All that is numbered, by kind and name, in the order it is numbered in. */
export function numberedIn({ functions, records, enums, typedefs, variables, prototypes }: ItemFacts): { readonly name: string; readonly ordinal: number }[] {
  const lists: [string, readonly Numberable[]][] = [['function', functions], ['record', records], ['enum', enums], ['typedef', typedefs], ['variable', variables], ['prototype', prototypes]];
  return lists.flatMap(([kind, facts]) => facts.map((fact) => ({ name: keyOf(kind, fact), ordinal: fact.ordinal })));
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
