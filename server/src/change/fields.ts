import type { FieldFact } from '../syntax/facts';
import type { FieldChange } from './changes';

/**
 * Field by field: added, removed, changed (type, pointers, bounds, width or attributes), moved (another member before it),
 * renamed (the same shape at the same place under another name). Only differences are listed, in the edit's order.
 */
export function diffFields(before: readonly FieldFact[], after: readonly FieldFact[]): FieldChange[] {
  const changes: FieldChange[] = [];
  const old = new Map(keysOf(before).map((key, index) => [key, index]));
  const twinOf = keysOf(after).map((key) => old.get(key));
  const inOrder = longestRun(twinOf.filter((index) => index !== undefined));
  const unmatched = new Set(before.keys());

  after.forEach((field, index) => {
    const twin = twinOf[index];
    const earlier = twin === undefined ? undefined : before[twin];
    if (twin === undefined || earlier === undefined) return;
    unmatched.delete(twin);
    if (shapeOf(earlier) !== shapeOf(field)) changes.push({ kind: 'changed', before: earlier, after: field });
    else if (!inOrder.has(twin)) changes.push({ kind: 'moved', before: earlier, after: field });
  });
  after.forEach((field, index) => {
    if (twinOf[index] !== undefined) return;
    const here = before[index];
    if (here !== undefined && unmatched.has(index) && shapeOf(here) === shapeOf(field)) {
      unmatched.delete(index);
      changes.push({ kind: 'renamed', before: here, after: field });
    } else changes.push({ kind: 'added', after: field });
  });
  for (const index of unmatched) {
    const field = before[index];
    if (field !== undefined) changes.push({ kind: 'removed', before: field });
  }
  return changes;
}

/** Names, counted where one comes twice (under different `#if`s); anonymous members are told apart by their order alone. */
function keysOf(fields: readonly FieldFact[]): string[] {
  const seen = new Map<string, number>();
  return fields.map(({ name = '' }) => {
    const times = seen.get(name) ?? 0;
    seen.set(name, times + 1);
    return `${name} ${times}`;
  });
}

/** All that decides a member's size and alignment, as text; `N + 1` and `N+1` are one bound. */
function shapeOf(field: FieldFact): string {
  const nested = field.record === undefined ? '' : `{${field.record.kind} ${field.record.attributes.join(' ')} ${field.record.fields.map((inner) => `${inner.name ?? ''}=${shapeOf(inner)}`).join(';')}}`;
  return [field.type, '*'.repeat(field.pointers), field.arrays.map((bound) => `[${bound}]`).join(''), field.bits ?? '', field.attributes.join(' '), field.conditions.join('&&'), nested].join('|').replaceAll(' ', '');
}

/** The values of a longest increasing subsequence: the members that kept their order. */
function longestRun(values: readonly number[]): Set<number> {
  const tails: number[] = []; // index of the smallest value that ends a run of each length
  const previous: number[] = [];
  values.forEach((value, index) => {
    let length = 0;
    for (let high = tails.length; length < high;) {
      const middle = (length + high) >> 1;
      if ((values[tails[middle] ?? 0] ?? 0) < value) length = middle + 1;
      else high = middle;
    }
    previous.push(tails[length - 1] ?? -1);
    tails[length] = index;
  });
  const run = new Set<number>();
  for (let at = tails.at(-1) ?? -1; at >= 0; at = previous[at] ?? -1) run.add(values[at] ?? -1);
  return run;
}
