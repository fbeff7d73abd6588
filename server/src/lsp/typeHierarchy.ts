/**
 * Which records embed which, as the protocol's type hierarchy. In the kernel a record that holds another by value is what other languages call
 * a derived type: `container_of` leads from the inner one to it. So `struct device` is a subtype of `struct kobject`.
 */
import { SymbolKind, type Position, type TypeHierarchyItem } from 'vscode-languageserver';
import type { Definition, Use } from '../kernel/index/uses';
import { meantIn } from '../kernel/index/visible';
import { Space } from '../syntax/scan/names';
import type { RecordName, RecordScan } from '../syntax/scan/read';
import { complete, dataOf, nearest, type Asked } from './asked';

/** The struct or union, by its tag, or the record behind a typedef, that the word at a position names; several where that rests on the configuration. */
export async function prepareRecords(asked: Asked, { line, character }: Position): Promise<TypeHierarchyItem[]> {
  const at = (await asked.texts.read(asked.path)).wordAt(line, character);
  if (at === undefined || at.before === '.' || at.before === '->') return [];
  const isTag = at.before === 'struct' || at.before === 'union';
  const items = await meantBy(asked, [{ name: at.word, isTag }]);
  // Typedefs of what embeds nothing (atomic_t) are not written down: such a one stands where it is named.
  if (items.length > 0 || isTag || !(await embedding(asked, at.word, Space.ordinary)).length) return items;
  return [{ name: at.word, kind: SymbolKind.Struct, detail: asked.path, uri: asked.uriOf(asked.path), range: at.range, selectionRange: at.range, data: { line, kind: TYPEDEF } }];
}

/** The records that embed the item by value. Rejects when aborted. */
export async function embeddersOf(asked: Asked, item: TypeHierarchyItem): Promise<TypeHierarchyItem[]> {
  const { path, signal } = asked;
  const record = recordOf(asked, item) ?? (dataOf(item)?.kind === TYPEDEF ? { name: item.name, isTag: false } : undefined);
  if (record === undefined) return [];
  const definitions = await recordsNamed(asked, [record]);
  const items: TypeHierarchyItem[] = [];
  for (const one of await embedding(asked, record.name, record.isTag ? Space.tag : Space.ordinary)) {
    signal.throwIfAborted();
    // A record of the same name in the embedder's file is another one.
    if (definitions.length === 0 || meantIn(one.path, definitions).some((meant) => meant.path === path)) items.push(await itemOf(asked, one));
  }
  return items;
}

async function embedding(asked: Asked, name: string, space: Space): Promise<readonly Use[]> {
  const uses = await complete(asked, asked.uses.usesOf([name], space, asked.signal));
  return uses.filter((one) => one.how === 'embed' && one.kind === 'record');
}

/** `data.kind` of an item that is no record in the index. */
const TYPEDEF = 'typedef';

/** The records that the item embeds by value, in their order. Rejects when aborted. */
export async function embeddedIn(asked: Asked, item: TypeHierarchyItem): Promise<TypeHierarchyItem[]> {
  return meantBy(asked, recordOf(asked, item)?.embeds ?? []);
}

/** As it stands in the file now: the index tells records apart by line, tags and typedefs by the text. */
function recordOf({ uses, path }: Asked, item: TypeHierarchyItem): RecordScan | undefined {
  const data = dataOf(item);
  return data === undefined ? undefined : nearest(uses.fileScan(path)?.records ?? [], item.name, data.line);
}

async function meantBy(asked: Asked, names: readonly RecordName[]): Promise<TypeHierarchyItem[]> {
  const definitions = [...(await recordsNamed(asked, names.filter(({ isTag }) => isTag))), ...(await recordsNamed(asked, names.filter(({ isTag }) => !isTag)))];
  const items: TypeHierarchyItem[] = [];
  for (const { name } of names) {
    for (const one of meantIn(asked.path, definitions.filter((definition) => definition.name === name))) items.push(await itemOf(asked, one));
  }
  return items;
}

/** @param names all tags, or none */
async function recordsNamed({ uses, signal, ...asked }: Asked, names: readonly RecordName[]): Promise<Definition[]> {
  const [first] = names;
  if (first === undefined) return [];
  const found = await complete({ uses, signal, ...asked }, uses.definitionsOfAll(names.map(({ name }) => name), first.isTag ? Space.tag : Space.ordinary, signal));
  return found.filter(({ kind }) => kind === 'record');
}

async function itemOf({ texts, uriOf }: Asked, { path, name, line }: Pick<Definition, 'path' | 'name' | 'line'>): Promise<TypeHierarchyItem> {
  const selectionRange = (await texts.read(path)).nameOn(line, name);
  return { name, kind: SymbolKind.Struct, detail: path, uri: uriOf(path), range: selectionRange, selectionRange, data: { line, kind: 'record' } };
}
