/**
 * Functions of an edited file that the edit does not touch and that gcc, because of it, no longer inlines, or inlines only now: a static function called once is part of its
 * caller, until a second call is added. Whoever held the copy, or holds it now, has other machine code.
 */
import type { FileChanges } from '../change/changes';
import type { FileFacts, FunctionFact } from '../syntax/facts';
import { inliningOf } from './inlining';
import { unitOf } from './unit';

export interface Flip {
  readonly before: FunctionFact;
  readonly after: FunctionFact;
}

/** By the changes, which are those of two versions' facts and never others: the plan asks, and so does a rule. */
const known = new WeakMap<FileChanges, readonly Flip[]>();

/**
 * Looks at what changed functions call, and no further. Guesses by size do not count: they would name every caller of a helper whose size lies at the limit.
 *
 * @param change what differs between `before` and `after`
 */
export function flips(change: FileChanges, before: FileFacts, after: FileFacts): readonly Flip[] {
  const found = known.get(change) ?? flipsOf(change, before, after);
  known.set(change, found);
  return found;
}

function flipsOf({ functions }: FileChanges, before: FileFacts, after: FileFacts): Flip[] {
  const changed = new Set(functions.map((one) => (one.after ?? one.before).name));
  const called = new Set(functions.flatMap((one) => [one.before, one.after].flatMap((fact) => fact?.calls.map(({ name }) => name) ?? [])));
  return after.functions.flatMap((fact): Flip[] => {
    if (!fact.isStatic || !called.has(fact.name) || changed.has(fact.name)) return [];
    const first = unitOf(before).named(fact.name);
    const old = first?.ordinal === fact.ordinal ? first : before.functions.find(({ name, ordinal }) => name === fact.name && ordinal === fact.ordinal);
    if (old === undefined) return [];
    const [then, now] = [inliningOf(old, unitOf(before)), inliningOf(fact, unitOf(after))];
    return then.inlined !== now.inlined && then.isSure && now.isSure ? [{ before: old, after: fact }] : [];
  });
}
