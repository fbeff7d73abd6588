/** Which fact of the baseline is which fact of the edit. */

export type Pairing<F extends object> =
  | { readonly before: F; readonly after: F; readonly same: boolean }
  | { readonly before: F; readonly after?: never; readonly same?: never }
  | { readonly before?: never; readonly after: F; readonly same?: never };

/**
 * Pairs facts of equal keys. Among several of one key (they stand in different `#if` branches) those that are the same
 * are paired first, the rest in order of appearance, so that moving one past another is no change.
 * The result is ordered like `after`, with what was removed at the end.
 */
export function pair<F extends object>(before: readonly F[], after: readonly F[], keyOf: (fact: F) => string, same: (one: F, other: F) => boolean): Pairing<F>[] {
  const open = new Map<string, F[]>();
  for (const fact of before) {
    const key = keyOf(fact);
    const list = open.get(key);
    if (list === undefined) open.set(key, [fact]);
    else list.push(fact);
  }
  const pairs = new Map<F, Pairing<F>>();
  const unpaired: F[] = [];
  for (const fact of after) {
    const list = open.get(keyOf(fact));
    const index = list?.findIndex((candidate) => same(candidate, fact)) ?? -1;
    const [twin] = index >= 0 ? (list?.splice(index, 1) ?? []) : [];
    if (twin === undefined) unpaired.push(fact);
    else pairs.set(fact, { before: twin, after: fact, same: true });
  }
  for (const fact of unpaired) {
    const twin = open.get(keyOf(fact))?.shift();
    pairs.set(fact, twin === undefined ? { after: fact } : { before: twin, after: fact, same: false });
  }
  const removed = [...open.values()].flat().map((fact): Pairing<F> => ({ before: fact }));
  return [...after.flatMap((fact) => pairs.get(fact) ?? []), ...removed];
}
