/** What an edit does to a record's layout, member by member. */
import type { FieldLayout, RecordLayout } from './layout';

export interface Place {
  /** Bytes; undefined when not known. */
  readonly offset?: number;
  readonly size?: number;
  readonly bitOffset?: number;
  readonly bits?: number;
}

export interface LayoutRow {
  readonly field: string;
  /** Absent for an added member. */
  readonly before?: Place;
  /** Absent for a removed member. */
  readonly after?: Place;
  /** `unknown` when one of the places is not known. */
  readonly change: 'same' | 'moved' | 'resized' | 'added' | 'removed' | 'unknown';
}

export interface LayoutDiff {
  /** In the edit's order; removed members where they stood. */
  readonly rows: readonly LayoutRow[];
  /** Undefined when a size is not known. */
  readonly sizeChanged: boolean | undefined;
  /** Members of both versions that are at another offset now. */
  readonly offsetsChanged: readonly string[];
  /** Members of both versions that have another size now. */
  readonly sizesChanged: readonly string[];
  /** Members are added, everything else stays as it was: they lie in what was padding. False when that is not known. */
  readonly fitsHole: boolean;
}

export function diffLayouts(before: RecordLayout, after: RecordLayout): LayoutDiff {
  const old = byName(before.fields);
  const current = byName(after.fields);
  const rows: LayoutRow[] = [];
  const removed = [...old.keys()].filter((name) => !current.has(name));
  const oldOrder = [...old.keys()];
  const addRemovedUpTo = (index: number): void => {
    for (let [name] = removed; name !== undefined && oldOrder.indexOf(name) < index; [name] = removed) {
      rows.push({ field: label(name), before: placeOf(old.get(name)), change: 'removed' });
      removed.shift();
    }
  };
  for (const [name, field] of current) {
    const was = old.get(name);
    if (was !== undefined) addRemovedUpTo(oldOrder.indexOf(name));
    rows.push({ field: label(name), ...(was === undefined ? {} : { before: placeOf(was) }), after: placeOf(field), change: was === undefined ? 'added' : changeOf(was, field) });
  }
  addRemovedUpTo(oldOrder.length);
  const sizeChanged = before.size === undefined || after.size === undefined ? undefined : before.size !== after.size;
  const changes = rows.map((row) => row.change);
  return {
    rows,
    sizeChanged,
    offsetsChanged: rows.filter(({ before: one, after: two }) => one?.offset !== undefined && two?.offset !== undefined && bitOf(one) !== bitOf(two)).map((row) => row.field),
    sizesChanged: rows.filter((row) => row.change === 'resized').map((row) => row.field),
    fitsHole: sizeChanged === false && before.align === after.align && changes.includes('added') && changes.every((change) => change === 'same' || change === 'added'),
  };
}

/** Members by name; one that stands in several `#if` branches has a key for each. Nameless ones are left out. */
function byName(fields: readonly FieldLayout[]): Map<string, FieldLayout> {
  const named = new Map<string, FieldLayout>();
  for (const field of fields) {
    if (field.path === '') continue;
    let key = field.path;
    while (named.has(key)) key += '\n';
    named.set(key, field);
  }
  return named;
}

function label(key: string): string {
  return key.trimEnd();
}

function placeOf(field: FieldLayout | undefined): Place {
  const { offset, size, bitOffset, bits } = field ?? {};
  return {
    ...(offset === undefined ? {} : { offset }),
    ...(size === undefined ? {} : { size }),
    ...(bitOffset === undefined ? {} : { bitOffset }),
    ...(bits === undefined ? {} : { bits }),
  };
}

function changeOf(before: FieldLayout, after: FieldLayout): LayoutRow['change'] {
  if (before.offset === undefined || after.offset === undefined || before.size === undefined || after.size === undefined) return 'unknown';
  if (before.size !== after.size || before.bits !== after.bits) return 'resized';
  return bitOf(before) === bitOf(after) ? 'same' : 'moved';
}

function bitOf(place: Place): number {
  return (place.offset ?? 0) * 8 + (place.bitOffset ?? 0);
}
