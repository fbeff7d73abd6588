/**
 * A record of a .c file whose members move changes the machine code of every function that reads them. gcc works offsets out, so nothing of it
 * is to be seen in those functions' text. (Records of headers are the struct-layout rule's: their users are too many to replace.)
 */
import type { FileChanges } from '../change/changes';
import type { Around } from '../kernel/kept';
import type { FieldFact, FileFacts, FunctionFact, RecordFact } from '../syntax/facts';
import { onlyMade } from './madeHolders';
import { isRetyped, movedIn, namesOf, Placement } from './movedMembers';
import { unitOf } from './unit';

export interface RecordUsers {
  readonly fact: RecordFact;
  readonly users: readonly FunctionFact[];
}

/** A record still to be looked at. */
interface Open {
  readonly old: RecordFact | undefined;
  readonly fact: RecordFact;
  /** Members of another type, and new ones. */
  readonly own: ReadonlySet<string>;
  /** Members that have another place unless the layouts tell otherwise. */
  readonly behind: readonly string[];
  /** Its members that are changed records themselves, with those that move in them. */
  readonly within: ReadonlyMap<string, ReadonlySet<string>>;
  readonly mayMove: boolean;
}

/**
 * Records of the edited file whose layout the edit changes, or that hold one of these by value, with the functions that name them and use what moved or their size.
 * By their layouts where these are known before and after; by their text, which has everything move behind the first difference, where not.
 */
export function recordUsers({ path, records }: FileChanges, around: Pick<Around, 'versions' | 'knowledge'>): RecordUsers[] {
  const { before, after } = around.versions.get(path) ?? {};
  if (after === undefined || !path.endsWith('.c')) return [];
  const placement = new Placement(path, around);
  const found: RecordUsers[] = [];
  const open = records.flatMap((change): Open[] => (change.kind === 'changed' ? [{ old: change.before, fact: change.after, ...movedIn(change), within: new Map(), mayMove: !isRetyped(change) }] : []));
  const seen = new Set<string>();
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const { old, fact, own, behind, within, mayMove } = next;
    if (seen.has(fact.name)) continue;
    const known = mayMove && old !== undefined ? placement.compare(old, fact) : undefined;
    const moved = new Set([...own, ...behind.filter((name) => known?.hasMoved(name) !== false)]);
    const isResized = known?.isResized ?? (mayMove && moved.size + within.size > 0);
    if (moved.size === 0 && within.size === 0 && !isResized) continue;
    seen.add(fact.name);
    const names = namesFor(fact.name, after);
    const made = [...new Set([...names].flatMap((name) => unitOf(after).generatedWith(name).map((one) => one.name)))].flatMap((one) => onlyMade(one, unitOf(after)) ?? []);
    found.push({ fact, users: [...after.functions, ...made].filter((one) => speaksOf(one, names) && (usesAny(one, moved) || [...within].some(([holder, inner]) => one.fields.includes(holder) && usesAny(one, inner)) || (isResized && one.calls.some((call) => SIZED.test(call.name))))) });
    if (mayMove) for (const holder of after.records) {
      const place = holder.fields.findIndex((field) => holds(field, fact.name));
      const name = holder.fields[place]?.name;
      if (place < 0) continue;
      const twin = before?.records.find((one) => one.kind === holder.kind && one.name === holder.name && one.ordinal === holder.ordinal);
      const later = holder.fields.slice(name === undefined ? place : place + 1).flatMap(namesOf);
      open.push({ old: twin, fact: holder, own: new Set(), behind: isResized ? later : [], within: new Map(name === undefined ? [] : [[name, moved]]), mayMove: isResized });
    }
  }
  return found;
}

/** The record's name, those of the file's macros and functions that stand for one (`#define iso_pi(sk) ((struct iso_pinfo *)sk)`), and of members that point to one. */
function namesFor(record: string, { functions, macros, records }: FileFacts): Set<string> {
  const isNamed = new RegExp(`\\b${record}\\b.*\\(`);
  const pointers = records.flatMap(({ fields }) => fields.flatMap((field) => (field.name !== undefined && field.pointers > 0 && field.type.endsWith(` ${record}`) ? [field.name] : [])));
  return new Set([record, ...pointers, ...macros.filter((macro) => macro.mentions.includes(record)).map(({ name }) => name), ...functions.filter(({ name, signature }) => isNamed.test(signature.slice(0, signature.indexOf(name) + name.length + 1))).map(({ name }) => name)]);
}

const speaksOf = (fact: FunctionFact, names: ReadonlySet<string>): boolean => [...fact.mentions, ...fact.fields].some((name) => names.has(name)) || fact.calls.some(({ name }) => names.has(name)) || (fact.signature.match(/\w+/g) ?? []).some((name) => names.has(name));

/** Macros that go from a member to its record: the member is their last argument. */
const TO_RECORD = /^(container_of|offsetof)|_entry(_|$)/;

const usesAny = (fact: FunctionFact, members: ReadonlySet<string>): boolean => fact.fields.some((name) => members.has(name)) || (fact.calls.some(({ name }) => TO_RECORD.test(name)) && fact.mentions.some((name) => members.has(name)));

const holds = (field: FieldFact, name: string): boolean => field.pointers === 0 && new RegExp(`\\b(struct|union) ${name}$`).test(field.type);

/** Calls whose argument is the record's size. */
const SIZED = /^(?!memalloc_).*alloc|memset|memcpy|KMEM_CACHE/i;
