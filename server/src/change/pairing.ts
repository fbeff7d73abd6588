/** Which fact of the baseline is which fact of the edit. */

export type Pairing<F extends object> =
  | { readonly before: F; readonly after: F; readonly same: boolean }
  | { readonly before: F; readonly after?: never; readonly same?: never }
  | { readonly before?: never; readonly after: F; readonly same?: never };

export interface Conditional {
  readonly conditions?: readonly string[];
}

/** How facts of one kind are told apart. */
export interface Identity<F> {
  /** Facts of different keys never belong together. */
  readonly keyOf: (fact: F) => string;
  /** Whether two facts of one key say the same, as `contentOf` has it: asked of every fact of a file with every keystroke. */
  readonly isSame: (one: F, other: F) => boolean;
  /** What a fact says: facts that say the same are the same. */
  readonly contentOf: (fact: F) => readonly (string | number)[];
}

/**
 * Pairs facts of equal keys. Among several of one key (they stand in different `#if` branches) those under the same
 * conditions belong together, so that swapping the bodies of two branches is a change and swapping the branches is none;
 * next come those that are the same, the rest in order of appearance.
 * The result is ordered like `after`, with what was removed at the end. What both begin and end with alike is left out.
 */
export function pair<F extends object & Conditional>(before: readonly F[], after: readonly F[], identity: Identity<F>): Pairing<F>[] {
  const { keyOf } = identity;
  // Most of a file is as it was.
  let same = 0;
  while (same < before.length && same < after.length && isSamePlace(before[same], after[same], identity)) same += 1;
  const behind = alikeAtEnd(before, after, same, identity);
  const [olds, nows] = [before.slice(same, before.length - behind), after.slice(same, after.length - behind)];

  const groups = new Map<string, Group<F>>();
  const groupOf = (fact: F): Group<F> => {
    const key = keyOf(fact);
    const known = groups.get(key);
    if (known !== undefined) return known;
    const group = { before: [], after: [] };
    groups.set(key, group);
    return group;
  };
  for (const fact of olds) groupOf(fact).before.push(fact);
  for (const fact of nows) groupOf(fact).after.push(fact);
  const twins = new Map<F, F>();
  for (const group of groups.values()) pairWithin(group, identity, twins);

  const taken = new Set(twins.values());
  return [
    ...nows.map((fact): Pairing<F> => {
      const twin = twins.get(fact);
      return twin === undefined ? { after: fact } : { before: twin, after: fact, same: twin === fact || identity.isSame(twin, fact) };
    }),
    ...olds.filter((fact) => !taken.has(fact)).map((fact): Pairing<F> => ({ before: fact })),
  ];
}

/** How many facts behind `from` both end with alike; 0 when one between has a key of theirs, as it might belong to one of them. */
function alikeAtEnd<F extends object & Conditional>(before: readonly F[], after: readonly F[], from: number, identity: Identity<F>): number {
  const most = Math.min(before.length, after.length) - from;
  let alike = 0;
  while (alike < most && isSamePlace(before[before.length - alike - 1], after[after.length - alike - 1], identity)) alike += 1;
  const between = new Set([...before.slice(from, before.length - alike), ...after.slice(from, after.length - alike)].map(identity.keyOf));
  return after.slice(after.length - alike).some((fact) => between.has(identity.keyOf(fact))) ? 0 : alike;
}

/** Facts of one key, in order. */
interface Group<F> {
  readonly before: F[];
  readonly after: F[];
}

function pairWithin<F extends object & Conditional>({ before, after }: Group<F>, { contentOf }: Identity<F>, twins: Map<F, F>): void {
  const [first] = before;
  const [other] = after;
  if (first === undefined || other === undefined) return;
  if (before.length === 1 && after.length === 1) {
    twins.set(other, first);
    return;
  }
  const place = (fact: F): string => (fact.conditions ?? []).join(' && ');
  const content = (fact: F): string => contentOf(fact).join(' ');
  const taken = new Set<F>();
  for (const kindOf of [(fact: F) => `${place(fact)}\n${content(fact)}`, place, content, () => '']) {
    const open = new Map<string, F[]>();
    for (const fact of before.filter((one) => !taken.has(one)).reverse()) {
      const kind = kindOf(fact);
      const alike = open.get(kind);
      if (alike === undefined) open.set(kind, [fact]);
      else alike.push(fact);
    }
    for (const fact of after) {
      const twin = twins.has(fact) ? undefined : open.get(kindOf(fact))?.pop();
      if (twin === undefined) continue;
      twins.set(fact, twin);
      taken.add(twin);
    }
  }
}

function isSamePlace<F extends object & Conditional>(one: F | undefined, other: F | undefined, identity: Identity<F>): boolean {
  if (one === undefined || other === undefined) return false;
  return one === other || (identity.isSame(one, other) && sameConditions(one, other) && identity.keyOf(one) === identity.keyOf(other));
}

const sameConditions = (one: Conditional, other: Conditional): boolean =>
  one.conditions === other.conditions || (one.conditions?.length === other.conditions?.length && one.conditions?.every((condition, index) => condition === other.conditions?.[index]) === true);

/** Whether a fact went from one set of `#if` conditions to another. */
export function changedConditions(pairs: readonly Pairing<object & Conditional>[]): boolean {
  return pairs.some(({ before, after }) => before !== undefined && after !== undefined && !sameConditions(before, after));
}
