/**
 * A record of a .c file whose members move changes the machine code of every function that reads them. gcc works offsets out, so nothing of it
 * is to be seen in those functions' text. (Records of headers are the struct-layout rule's: their users are too many to replace.)
 */
import type { FileChanges, RecordChange } from '../change/changes';
import type { FieldFact, FileFacts, FunctionFact, RecordFact } from '../syntax/facts';

export interface RecordUsers {
  readonly fact: RecordFact;
  readonly users: readonly FunctionFact[];
}

/** Records of `after` whose layout the edit changes, or that hold one of these by value, with the functions that name them and use what moved or their size. */
export function recordUsers({ path, records }: FileChanges, after: FileFacts | undefined): RecordUsers[] {
  if (after === undefined || !path.endsWith('.c')) return [];
  const found: RecordUsers[] = [];
  const open = records.flatMap((change) => (change.kind === 'changed' ? [{ fact: change.after, moved: movedIn(change), within: new Map<string, ReadonlySet<string>>(), isResized: !isRetyped(change) }] : []));
  const seen = new Set<string>();
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const { fact, moved, within, isResized } = next;
    if ((moved.size === 0 && within.size === 0) || seen.has(fact.name)) continue;
    seen.add(fact.name);
    const names = namesFor(fact.name, after);
    found.push({ fact, users: after.functions.filter((one) => speaksOf(one, names) && (usesAny(one, moved) || [...within].some(([holder, inner]) => one.fields.includes(holder) && usesAny(one, inner)) || (isResized && one.calls.some((call) => SIZED.test(call.name))))) });
    if (isResized) for (const holder of after.records) {
      const place = holder.fields.findIndex((field) => holds(field, fact.name));
      const name = holder.fields[place]?.name;
      if (place >= 0) open.push({ fact: holder, moved: new Set(holder.fields.slice(name === undefined ? place : place + 1).flatMap(namesOf)), within: new Map(name === undefined ? [] : [[name, moved]]), isResized });
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

/** Names of the members whose place or type is another, as far as the text tells: from the first member that differs on. A member renamed in its place moves nothing. */
function movedIn({ before, after, fields }: Extract<RecordChange, { kind: 'changed' }>): Set<string> {
  const changed = fields.filter((change) => change.kind !== 'renamed');
  if (before.attributes.join(' ') !== after.attributes.join(' ')) return new Set(after.fields.flatMap(namesOf));
  const own = new Set(changed.flatMap((change) => ('after' in change ? namesOf(change.after) : [])));
  if (after.kind === 'union' || isRetyped({ fields })) return own;
  const firstIn = (list: readonly FieldFact[]): number => list.findIndex((field) => changed.some((change) => ('after' in change && change.after === field) || ('before' in change && change.before === field)));
  // What follows a member taken out begins one place earlier.
  const places = [firstIn(before.fields), firstIn(after.fields)].filter((place) => place >= 0);
  return new Set([...own, ...after.fields.slice(Math.min(...places)).flatMap(namesOf)]);
}

/** Pointers to something else, or members of other names: neither size nor places are others. */
const isRetyped = ({ fields }: Pick<Extract<RecordChange, { kind: 'changed' }>, 'fields'>): boolean => fields.length > 0 && fields.every((change) => change.kind === 'renamed' || (change.kind === 'changed' && isSamePointer(change.before, change.after)));

const isSamePointer = (one: FieldFact, other: FieldFact): boolean => one.pointers > 0 && other.pointers > 0 && one.arrays.join() === other.arrays.join();

/** Its name, or those of an anonymous record's members. */
function namesOf(field: FieldFact): string[] {
  return field.name !== undefined ? [field.name] : (field.record?.fields.flatMap(namesOf) ?? []);
}

const holds = (field: FieldFact, name: string): boolean => field.pointers === 0 && new RegExp(`\\b(struct|union) ${name}$`).test(field.type);

/** Calls whose argument is the record's size. */
const SIZED = /^(?!memalloc_).*alloc|memset|memcpy|KMEM_CACHE/i;
