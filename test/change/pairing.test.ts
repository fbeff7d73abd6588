/** Pairs against the rule written down plainly, and without taking time by the square. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pair, type Pairing } from '../../server/src/change/pairing';

interface Thing {
  readonly name: string;
  readonly says: number;
  readonly conditions: readonly string[];
}

const identity = { keyOf: (thing: Thing) => thing.name, isSame: (one: Thing, other: Thing) => one.says === other.says, contentOf: (thing: Thing) => [thing.says] };
const things = fc.array(fc.record({ name: fc.constantFrom('f', 'g', 'h'), says: fc.nat(2), conditions: fc.constantFrom([], ['A'], ['!A']) }), { maxLength: 12 });

it('pairs by conditions and content, then conditions, then content, then order', () => {
  fc.assert(
    fc.property(things, things, (before, after) => {
      expect(differing(pair(before, after, identity))).toEqual(differing(plainly(before, after)));
    }),
    { seed: 20261121, numRuns: 3000 },
  );
});

it('pairs what both versions share, object by object', () => {
  fc.assert(
    fc.property(things, fc.nat(12), fc.nat(12), (before, from, to) => {
      const after = [...before.slice(0, from), ...before.slice(Math.max(from, to))];
      expect(differing(pair(before, after, identity))).toEqual(differing(plainly(before, after)));
    }),
    { seed: 20261121, numRuns: 500 },
  );
});

/** Nobody wants to hear of what is the same; some of it is left out. */
const differing = (pairs: readonly Pairing<Thing>[]): Pairing<Thing>[] => pairs.filter(({ before, after, same }) => same !== true || !sameConditions(before, after));
const sameConditions = (one: Thing, other: Thing): boolean => one.conditions.join() === other.conditions.join();

/** A search through all of the group for each fact would run into the time limit. */
it('pairs many of one name', { timeout: 60_000 }, () => {
  const many = (from: number): Thing[] => Array.from({ length: 100_000 }, (_, index) => ({ name: 'f', says: from + index, conditions: [] }));
  const pairs = pair(many(0), many(1_000_000), identity);
  expect(pairs).toHaveLength(100_000);
  expect(pairs.filter(({ before, after }) => before?.says === 99_999 && after?.says === 1_099_999)).toHaveLength(1);
});

/** The rule, each fact looked for among all. */
function plainly(before: readonly Thing[], after: readonly Thing[]): Pairing<Thing>[] {
  const twins = new Map<number, number>();
  const rounds: ((one: Thing, other: Thing) => boolean)[] = [
    (one, other) => sameConditions(one, other) && one.says === other.says,
    sameConditions,
    (one, other) => one.says === other.says,
    () => true,
  ];
  for (const fits of rounds) {
    after.forEach((fact, index) => {
      if (twins.has(index)) return;
      const taken = new Set(twins.values());
      const twin = before.findIndex((one, at) => !taken.has(at) && one.name === fact.name && fits(one, fact));
      if (twin >= 0) twins.set(index, twin);
    });
  }
  const taken = new Set(twins.values());
  return [
    ...after.map((fact, index): Pairing<Thing> => {
      const twin = before[twins.get(index) ?? -1];
      return twin === undefined ? { after: fact } : { before: twin, after: fact, same: twin.says === fact.says };
    }),
    ...before.filter((_, at) => !taken.has(at)).map((fact): Pairing<Thing> => ({ before: fact })),
  ];
}
