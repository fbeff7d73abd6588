/** Which fact of the baseline is which fact of the edit. */

export type Pairing<F extends object> =
  | { readonly before: F; readonly after: F; readonly same: boolean }
  | { readonly before: F; readonly after?: never; readonly same?: never }
  | { readonly before?: never; readonly after: F; readonly same?: never };

export interface Conditional {
  readonly conditions?: readonly string[];
}

/**
 * Pairs facts of equal keys. Among several of one key (they stand in different `#if` branches) those under the same
 * conditions belong together, so that swapping the bodies of two branches is a change and swapping the branches is none;
 * next come those that are the same, the rest in order of appearance.
 * The result is ordered like `after`, with what was removed at the end.
 */
export function pair<F extends object & Conditional>(before: readonly F[], after: readonly F[], keyOf: (fact: F) => string, same: (one: F, other: F) => boolean): Pairing<F>[] {
  const twins = new Map<F, F>();
  const taken = new Set<F>();
  const place = (fact: F): string => `${keyOf(fact)} ${(fact.conditions ?? []).join(' && ')}`;
  for (const groupOf of [place, keyOf]) {
    for (const fits of [same, () => true]) pairWithin(groupOf, fits);
  }
  return [
    ...after.map((fact): Pairing<F> => {
      const twin = twins.get(fact);
      return twin === undefined ? { after: fact } : { before: twin, after: fact, same: same(twin, fact) };
    }),
    ...before.filter((fact) => !taken.has(fact)).map((fact): Pairing<F> => ({ before: fact })),
  ];

  function pairWithin(groupOf: (fact: F) => string, fits: (one: F, other: F) => boolean): void {
    const open = new Map<string, F[]>();
    for (const fact of before) {
      if (taken.has(fact)) continue;
      const group = open.get(groupOf(fact));
      if (group === undefined) open.set(groupOf(fact), [fact]);
      else group.push(fact);
    }
    if (open.size === 0) return;
    for (const fact of after) {
      if (twins.has(fact)) continue;
      const group = open.get(groupOf(fact));
      const index = group?.findIndex((candidate) => fits(candidate, fact)) ?? -1;
      const [twin] = index < 0 ? [] : (group?.splice(index, 1) ?? []);
      if (twin === undefined) continue;
      twins.set(fact, twin);
      taken.add(twin);
    }
  }
}

/** Whether a fact went from one set of `#if` conditions to another. */
export function changedConditions(pairs: readonly Pairing<object & Conditional>[]): boolean {
  return pairs.some(({ before, after }) => before !== undefined && after !== undefined && before.conditions?.join(' && ') !== after.conditions?.join(' && '));
}
