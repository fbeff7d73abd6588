/** Two layouts of one record side by side: what is different, and as a table to look at. */
import type { FieldLayout, RecordLayout } from '../../kernel/layout';

export interface LayoutComparison {
  /** Members of both that have another offset, bit or size. */
  readonly moved: readonly string[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Why the two cannot be compared in full. */
  readonly unknown?: string;
}

export function compareLayouts(before: RecordLayout, after: RecordLayout): LayoutComparison {
  const old = byPath(before);
  const now = byPath(after);
  const moved = [...now].filter(([path, field]) => {
    const twin = old.get(path);
    return twin !== undefined && !samePlace(twin, field);
  });
  const unknown = before.unknown ?? after.unknown ?? (before.size === undefined || after.size === undefined ? 'a size is not known' : undefined);
  return {
    moved: moved.map(([path]) => path),
    added: [...now.keys()].filter((path) => !old.has(path)),
    removed: [...old.keys()].filter((path) => !now.has(path)),
    ...(unknown === undefined ? {} : { unknown }),
  };
}

function byPath(layout: RecordLayout): Map<string, FieldLayout> {
  return new Map(layout.fields.filter((field) => field.path !== '').map((field) => [field.path, field]));
}

const samePlace = (one: FieldLayout, other: FieldLayout): boolean =>
  one.offset === other.offset && one.size === other.size && one.bitOffset === other.bitOffset && one.bits === other.bits;

/** Markdown: member, offset and size before and after, with the holes between them, as pahole would list them; `?` where it is not known. */
export function layoutTable(name: string, before: RecordLayout, after: RecordLayout): string {
  const old = byPath(before);
  const now = byPath(after);
  const gone = [...old.keys()].filter((path) => !now.has(path));
  const members = [...now.keys(), ...gone].map((path): Row => ({ cells: [path, place(old.get(path)), place(now.get(path)), mark(old.get(path), now.get(path))], before: old.get(path)?.offset, after: now.get(path)?.offset }));
  const rows = withHoles(members, before, after).map(({ cells }) => cells);
  return [
    `**\`${name}\`**: size ${size(before)} → ${size(after)}`,
    '',
    '```',
    ...table([['member', 'before', 'after', ''], ...rows]),
    '```',
    ...[before.unknown, after.unknown].filter((reason, index, all) => reason !== undefined && all.indexOf(reason) === index).map((reason) => `Not known: ${reason ?? ''}.`),
  ].join('\n');
}

const size = (layout: RecordLayout): string => (layout.size === undefined ? '?' : String(layout.size));

/** `16+8`: offset and size in bytes; `6.3:2` a bit-field's byte, bit and width. */
function place(field: FieldLayout | undefined): string {
  if (field === undefined) return '–';
  const offset = field.offset === undefined ? '?' : String(field.offset);
  return field.bits === undefined ? `${offset}+${field.size ?? '?'}` : `${offset}.${field.bitOffset ?? '?'}:${field.bits}`;
}

function mark(before: FieldLayout | undefined, after: FieldLayout | undefined): string {
  if (before === undefined) return 'new';
  if (after === undefined) return 'gone';
  return samePlace(before, after) ? '' : 'moved';
}

interface Row {
  readonly cells: readonly string[];
  /** Offsets; undefined where it has none, or none that is known. */
  readonly before: number | undefined;
  readonly after: number | undefined;
}

/** The rows with one for each hole, behind the last member that begins before it; a hole of both versions once. */
function withHoles(members: readonly Row[], before: RecordLayout, after: RecordLayout): Row[] {
  const rows = [...members];
  const put = (side: 'before' | 'after', offset: number, row: Row): void => {
    const at = rows.findLastIndex((one) => (one[side] ?? Infinity) < offset) + 1;
    rows.splice(at, 0, row);
  };
  const name = (isTail: boolean): string => (isTail ? '(hole at the end)' : '(hole)');
  for (const { offset, size: bytes, isTail } of after.holes) {
    const isOld = before.holes.some((hole) => hole.offset === offset && hole.size === bytes && hole.isTail === isTail);
    const text = `${offset}+${bytes}`;
    put('after', offset, { cells: [name(isTail), isOld ? text : '–', text, isOld ? '' : 'new'], before: isOld ? offset : undefined, after: offset });
  }
  for (const { offset, size: bytes, isTail } of before.holes) {
    if (after.holes.some((hole) => hole.offset === offset && hole.size === bytes && hole.isTail === isTail)) continue;
    put('before', offset, { cells: [name(isTail), `${offset}+${bytes}`, '–', 'gone'], before: offset, after: undefined });
  }
  return rows;
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd());
}
