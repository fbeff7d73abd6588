import type { FieldFact } from '../syntax/facts';
import type { FieldChange } from './changes';

/**
 * Field by field: added, removed, changed (type, pointers, bounds, width or attributes), moved (another member before it),
 * renamed (the same shape at the same place under another name). Only differences are listed, in the edit's order.
 */
export function diffFields(before: readonly FieldFact[], after: readonly FieldFact[]): FieldChange[] {
  const changes: FieldChange[] = [];
  const old = new Map(before.map((field, index) => [nameOf(field, index), { field, index }]));
  const kept = after.map((field, index) => old.get(nameOf(field, index))).filter((entry) => entry !== undefined);
  const inOrder = longestRun(kept.map((entry) => entry.index));
  const unmatched = new Set(before);

  after.forEach((field, index) => {
    const twin = old.get(nameOf(field, index));
    if (twin === undefined) return;
    unmatched.delete(twin.field);
    if (shapeOf(twin.field) !== shapeOf(field)) changes.push({ kind: 'changed', before: twin.field, after: field });
    else if (!inOrder.has(twin.index)) changes.push({ kind: 'moved', before: twin.field, after: field });
  });
  after.forEach((field, index) => {
    if (old.has(nameOf(field, index))) return;
    const here = before[index];
    if (here !== undefined && unmatched.has(here) && shapeOf(here) === shapeOf(field)) {
      unmatched.delete(here);
      changes.push({ kind: 'renamed', before: here, after: field });
    } else changes.push({ kind: 'added', after: field });
  });
  for (const field of unmatched) changes.push({ kind: 'removed', before: field });
  return changes;
}

/** Anonymous members are told apart by their place. */
function nameOf(field: FieldFact, index: number): string {
  return field.name ?? `#${index}`;
}

/** All that decides a member's size and alignment, as text. */
function shapeOf(field: FieldFact): string {
  const nested = field.record === undefined ? '' : `{${field.record.kind} ${field.record.attributes.join(' ')} ${field.record.fields.map((inner) => `${inner.name ?? ''}=${shapeOf(inner)}`).join(';')}}`;
  return [field.type, '*'.repeat(field.pointers), field.arrays.map((bound) => `[${bound}]`).join(''), field.bits ?? '', field.attributes.join(' '), field.conditions.join('&&'), nested].join('|');
}

/** The values of a longest increasing subsequence: the members that kept their order. */
function longestRun(values: readonly number[]): Set<number> {
  const best: { length: number; previous: number }[] = [];
  let end = -1;
  values.forEach((value, index) => {
    let length = 1;
    let previous = -1;
    for (let earlier = 0; earlier < index; earlier += 1) {
      const candidate = best[earlier];
      if (candidate !== undefined && (values[earlier] ?? 0) < value && candidate.length + 1 > length) {
        length = candidate.length + 1;
        previous = earlier;
      }
    }
    best.push({ length, previous });
    if (end < 0 || length > (best[end]?.length ?? 0)) end = index;
  });
  const run = new Set<number>();
  for (let at = end; at >= 0; at = best[at]?.previous ?? -1) run.add(values[at] ?? -1);
  return run;
}
