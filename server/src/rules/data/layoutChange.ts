/** Records of the edit, laid out before and after: what the rules on layouts and on reserved members share. */
import type { RecordChange } from '../../change/changes';
import { layoutTypes } from '../../kernel/editedTypes';
import { layoutOf, type RecordLayout } from '../../kernel/layout';
import type { FieldFact } from '../../syntax/facts';
import type { RuleContext } from '../rule';
import { compareLayouts, type LayoutComparison } from './layoutTable';

export interface LayoutChange {
  readonly path: string;
  readonly change: Extract<RecordChange, { kind: 'changed' }>;
  readonly before: RecordLayout;
  readonly after: RecordLayout;
  readonly comparison: LayoutComparison;
  readonly kind:
    /** Something moves, the size changes, or that cannot be told. */
    | 'changed'
    /** New members lie where nothing was, or where the record kept room for them. */
    | 'reserved'
    /** Members have other names, at the same places. */
    | 'renamed'
    /** Nothing moves, but a member has another type or attribute, is gone, or stands for another. */
    | 'retyped';
  /** The members that were room for others: shrunk, replaced or gone. */
  readonly room: readonly string[];
}

const found = new WeakMap<RuleContext, readonly LayoutChange[]>();

export function layoutChanges(context: RuleContext): readonly LayoutChange[] {
  const known = found.get(context) ?? context.changes.flatMap(({ path, records }) => records.flatMap((change) => (change.kind === 'changed' ? [layoutChange(change, path, context)] : [])));
  found.set(context, known);
  return known;
}

function layoutChange(change: LayoutChange['change'], path: string, context: RuleContext): LayoutChange {
  const before = layoutOf(change.before, layoutTypes(context, path, 'before'));
  const after = layoutOf(change.after, layoutTypes(context, path, 'after'));
  const comparison = compareLayouts(before, after);
  const room = roomTaken(change, comparison);
  return { path, change, before, after, comparison, room, kind: kindOf(change, before, after, comparison, room) };
}

function kindOf(change: LayoutChange['change'], before: RecordLayout, after: RecordLayout, { moved, added, removed, unknown }: LayoutComparison, room: readonly string[]): LayoutChange['kind'] {
  if (room.length > 0 && usesKabiMacros(change)) return 'reserved';
  const others = moved.filter((name) => !room.includes(name));
  if (unknown !== undefined || before.size !== after.size || before.align !== after.align || others.length > 0) return 'changed';
  if (change.fields.length > 0 && change.fields.every((field) => field.kind === 'renamed')) return 'renamed';
  return added.length > 0 && removed.every((name) => room.includes(name)) ? 'reserved' : 'retyped';
}

/** Room kept by name, as much as by the macros of Red Hat's, Android's and SUSE's kernels. */
const ROOM_NAME = /^_*(\w+_)?(reserved?|rsvd|resv|pad|padding|unused|spare|kabi_reserved|kabi_padding|hole)_?\d*_*$/;
const KABI_MACRO = /^_*(RH_|ANDROID_|SUSE_|DEEPIN_|OPENEULER_)?(KABI|OEM_DATA|VENDOR_DATA|BACKPORT)_(RESERVE|USE|REPLACE|FILL_HOLE|BACKPORT)\w*\s*\(/;

function roomTaken(change: LayoutChange['change'], { moved, removed }: LayoutComparison): string[] {
  const kabi = change.fields.filter((field) => field.kind === 'changed' && isKabi(field.before) && isKabi(field.after)).map((field) => ('before' in field ? (field.before.name ?? '') : ''));
  const named = [...moved, ...removed].filter((name) => ROOM_NAME.test(name) && !grows(name, change));
  return [...new Set([...kabi, ...named])];
}

/** Each change turns a macro that keeps room into one that uses it: these are made so that the size stays. */
const usesKabiMacros = (change: LayoutChange['change']): boolean =>
  change.fields.length > 0 && change.fields.every((field) => field.kind === 'changed' && isKabi(field.before) && isKabi(field.after));

const isKabi = (field: FieldFact): boolean => KABI_MACRO.test(field.type);

/** Room that begins elsewhere or gets longer is none that was taken. */
function grows(name: string, { before, after }: LayoutChange['change']): boolean {
  const bound = (fields: readonly FieldFact[]): number => Number(fields.find((field) => field.name === name)?.arrays[0] ?? 0);
  return bound(after.fields) > bound(before.fields);
}
