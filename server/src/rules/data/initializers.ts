/** Initializers, entry by entry: whether two make the same bytes, and which entries differ. */
import { evaluate } from '../../kernel/expression';
import { tokenize } from '../../syntax/tokens';

/** One entry of `{ … }`. */
export interface Entry {
  /** `.open`, `[3]`, `[DEMO_LAST]`, or, after one that is no number, `[DEMO_LAST]+1`. */
  readonly key: string;
  /** As written, white space folded. */
  readonly value: string;
}

export interface EntryChange {
  readonly key: string;
  /** Absent where the entry is new, or gone. */
  readonly before?: string;
  readonly after?: string;
}

/** The entries between the outermost braces; undefined for what is no list. */
export function entriesOf(initializer: string | undefined): Entry[] | undefined {
  const text = (initializer ?? '').trim();
  if (!text.startsWith('{') || !text.endsWith('}')) return undefined;
  const entries: Entry[] = [];
  let next = { base: '', offset: 0 };
  for (const part of splitAt(text.slice(1, -1), ',')) {
    if (part === '') continue;
    const [designator, value] = designated(part);
    const index = /^\[(.*)\]$/s.exec(designator ?? '')?.[1];
    if (index !== undefined) {
      const number = valueOf(index);
      next = number === undefined ? { base: `[${index.trim()}]`, offset: 0 } : { base: '', offset: Number(number) };
    }
    const position = next.base === '' ? `[${next.offset}]` : next.offset === 0 ? next.base : `${next.base}+${next.offset}`;
    entries.push({ key: designator === undefined || index !== undefined ? position : designator, value });
    next = { ...next, offset: next.offset + 1 };
  }
  return entries;
}

/** How many elements an array of no stated bound gets; undefined where an index is not a number. */
export function lengthOf(initializer: string | undefined): number | undefined {
  if ((initializer ?? '').startsWith('"')) return undefined;
  const entries = entriesOf(initializer);
  if (entries === undefined) return undefined;
  const indexes = entries.map((entry) => /^\[(\d+)\]$/.exec(entry.key)?.[1]);
  if (indexes.some((index) => index === undefined)) return undefined;
  return indexes.reduce((most, index) => Math.max(most, Number(index) + 1), 0);
}

/** Whether both give the object the same bytes. A missing one is all zeros; order, white space and how a number is written do not count. */
export function sameValue(before: string | undefined, after: string | undefined): boolean {
  if (isZero(before) && isZero(after)) return true;
  if (before === undefined || after === undefined) return false;
  const [old, now] = [entriesOf(before), entriesOf(after)];
  if (old !== undefined && now !== undefined) return changedEntries(old, now).length === 0;
  if (old !== undefined || now !== undefined) return false;
  if (tokensOf(before) === tokensOf(after)) return true;
  const [one, other] = [valueOf(before), valueOf(after)];
  return one !== undefined && one === other;
}

/** The entries that differ, in the edit's order, those that are gone at the end. */
export function changedEntries(before: readonly Entry[], after: readonly Entry[]): EntryChange[] {
  const old = new Map(before.map((entry) => [entry.key, entry.value]));
  const now = new Map(after.map((entry) => [entry.key, entry.value]));
  return [...new Set([...now.keys(), ...old.keys()])].flatMap((key): EntryChange[] => {
    const [from, to] = [old.get(key), now.get(key)];
    if (sameValue(from, to)) return [];
    return [{ key, ...(from === undefined ? {} : { before: from }), ...(to === undefined ? {} : { after: to }) }];
  });
}

function isZero(text: string | undefined): boolean {
  if (text === undefined) return true;
  const entries = entriesOf(text);
  return entries === undefined ? valueOf(text) === 0n : entries.every((entry) => isZero(entry.value));
}

/** NULL, true and false are what they are everywhere (include/linux/stddef.h). */
function valueOf(text: string): bigint | undefined {
  return evaluate(text, { identifier: (name) => (name === 'NULL' || name === 'false' ? 0n : name === 'true' ? 1n : undefined) });
}

function designated(part: string): [string | undefined, string] {
  const [head = '', ...rest] = splitAt(part, '=');
  return rest.length > 0 && /^(\.\w|\[)/.test(head) ? [head.replace(/\s+/g, ''), rest.join(' = ')] : [undefined, part];
}

/** Splits at a token that stands in no parentheses, brackets or braces; the pieces trimmed, a last empty one dropped. */
function splitAt(text: string, separator: string): string[] {
  const tokens = tokenize(text);
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < tokens.count; at += 1) {
    const word = text.slice(tokens.start[at], tokens.end[at]);
    if (/^[([{]$/.test(word)) depth += 1;
    else if (/^[)\]}]$/.test(word)) depth -= 1;
    else if (depth === 0 && word === separator) {
      parts.push(text.slice(from, tokens.start[at]).trim());
      from = tokens.end[at] ?? from;
    }
  }
  const last = text.slice(from).trim();
  return last === '' ? parts : [...parts, last];
}

function tokensOf(text: string): string {
  const tokens = tokenize(text);
  return Array.from({ length: tokens.count }, (_, at) => text.slice(tokens.start[at], tokens.end[at])).join(' ');
}

/** The innermost entries that differ, each with the way to it as C writes it: `.read`, `[3].name`; `''` for a value that is no list. */
export function changedLeaves(before: string | undefined, after: string | undefined, way = ''): EntryChange[] {
  const [old, now] = [entriesOf(before), entriesOf(after)];
  if (old === undefined || now === undefined) {
    return sameValue(before, after) ? [] : [{ key: way, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
  }
  return changedEntries(old, now).flatMap(({ key, before: from, after: to }) => changedLeaves(from, to, way + written(key)));
}

/** `[DEMO_LAST]+1` as an index: `[DEMO_LAST + 1]`. */
const written = (key: string): string => key.replace(/^\[(.*)\]\+(\d+)$/s, '[$1 + $2]');
