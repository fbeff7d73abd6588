/** Which members of a record move, and whether its size changes: as far as the text tells, and as far as its layouts before and after do. */
import type { RecordChange } from '../change/changes';
import { layoutTypes } from '../kernel/editedTypes';
import type { Around } from '../kernel/kept';
import { layoutOf, type FieldLayout, type RecordLayout } from '../kernel/layout';
import type { LayoutTypes } from '../kernel/layoutTypes';
import type { FieldFact, RecordFact } from '../syntax/facts';

type Changed = Extract<RecordChange, { kind: 'changed' }>;

/** What is known of a record laid out before and after. */
export interface Compared {
  /** Its size or alignment is another: whoever allocates it, or holds it by value, goes by that. */
  readonly isResized: boolean;
  /** Whether a member, or one within it, has another offset, size or bit, or is in one of the two only. */
  hasMoved(name: string): boolean;
}

/** Lays out the records of one file of the edit. */
export class Placement {
  #types: { readonly before: LayoutTypes; readonly after: LayoutTypes } | undefined;

  constructor(
    private readonly path: string,
    private readonly around: Pick<Around, 'versions' | 'knowledge'>,
  ) {}

  /** Undefined where anything of either layout is not known (yet). */
  compare(old: RecordFact, now: RecordFact): Compared | undefined {
    this.#types ??= { before: layoutTypes(this.around, this.path, 'before'), after: layoutTypes(this.around, this.path, 'after') };
    const [before, after] = [layoutOf(old, this.#types.before), layoutOf(now, this.#types.after)];
    if (![before, after].every(isKnown)) return undefined;
    return {
      isResized: before.size !== after.size || before.align !== after.align,
      hasMoved: (name) => placesOf(name, before) !== placesOf(name, after),
    };
  }
}

const isKnown = ({ size, align, unknown, fields }: RecordLayout): boolean => unknown === undefined && size !== undefined && align !== undefined && fields.every((field) => field.offset !== undefined);

const placesOf = (name: string, { fields }: RecordLayout): string => fields.filter(({ path }) => path === name || path.startsWith(`${name}.`)).map(placeOf).join();

const placeOf = ({ path, offset, size, bitOffset, bits }: FieldLayout): string => [path, offset, size, bitOffset, bits].join(' ');

/** Names of the members whose type is another, or that are new; and of those that the text puts elsewhere, or behind the first difference. A member renamed in its place moves nothing. */
export function movedIn({ before, after, fields }: Changed): { readonly own: ReadonlySet<string>; readonly behind: readonly string[] } {
  const changed = fields.filter((change) => change.kind !== 'renamed');
  const own = new Set(changed.flatMap((change) => (change.kind === 'changed' || change.kind === 'added' ? namesOf(change.after) : [])));
  if (before.attributes.join(' ') !== after.attributes.join(' ')) return { own, behind: after.fields.flatMap(namesOf) };
  if (after.kind === 'union' || isRetyped({ fields })) return { own, behind: changed.flatMap((change) => (change.kind === 'moved' ? namesOf(change.after) : [])) };
  const firstIn = (list: readonly FieldFact[]): number => list.findIndex((field) => changed.some((change) => ('after' in change && change.after === field) || ('before' in change && change.before === field)));
  // What follows a member taken out begins one place earlier.
  const places = [firstIn(before.fields), firstIn(after.fields)].filter((place) => place >= 0);
  return { own, behind: after.fields.slice(Math.min(...places)).flatMap(namesOf) };
}

/** Pointers to something else, or members of other names: neither size nor places are others. */
export const isRetyped = ({ fields }: Pick<Changed, 'fields'>): boolean => fields.length > 0 && fields.every((change) => change.kind === 'renamed' || (change.kind === 'changed' && isSamePointer(change.before, change.after)));

const isSamePointer = (one: FieldFact, other: FieldFact): boolean => one.pointers > 0 && other.pointers > 0 && one.arrays.join() === other.arrays.join();

/** Its name, or those of an anonymous record's members. */
export function namesOf(field: FieldFact): string[] {
  return field.name !== undefined ? [field.name] : (field.record?.fields.flatMap(namesOf) ?? []);
}
