/** Who calls a function and what it calls, over the whole tree, as the protocol's call hierarchy. Macros that look like functions are items, too. */
import { SymbolKind, type CallHierarchyIncomingCall, type CallHierarchyItem, type CallHierarchyOutgoingCall, type Position, type Range } from 'vscode-languageserver';
import type { Definition } from '../kernel/index/uses';
import { meantIn } from '../kernel/index/visible';
import { Flag } from '../syntax/scan/block';
import { Space } from '../syntax/scan/names';
import type { FileScan } from '../syntax/scan/read';
import { complete, dataOf, nearest, type Asked } from './asked';

/** The functions and macros that the word at a position may mean; empty where it means none. */
export async function prepareCalls(asked: Asked, { line, character }: Position): Promise<CallHierarchyItem[]> {
  const { path, uses } = asked;
  const at = (await asked.texts.read(path)).wordAt(line, character);
  if (at === undefined || at.before === '.' || at.before === '->') return [];
  const scan = uses.fileScan(path);
  const own = scan === undefined ? [] : callablesOf(path, scan);
  const here = own.filter((one) => one.name === at.word || (one.line === line && (one.flags & Flag.macroMade) !== 0 && one.name.endsWith(at.word)));
  return itemsOf(asked, here.length > 0 ? here : meantIn(path, await callablesNamed(asked, [at.word])));
}

/** The functions that call the item, themselves or through macros. Rejects when aborted. */
export async function incomingCalls(asked: Asked, item: CallHierarchyItem): Promise<CallHierarchyIncomingCall[]> {
  const { uses, texts, path, signal } = asked;
  const definitions = await callablesNamed(asked, [item.name]);
  const callers = await complete(asked, uses.callersOf(item.name, signal));
  const calls: CallHierarchyIncomingCall[] = [];
  for (const caller of callers) {
    // A static function of the same name in the caller's file is another one.
    if (!meantIn(caller.path, definitions).some((one) => one.path === path)) continue;
    signal.throwIfAborted();
    const text = await texts.read(caller.path);
    const from = await itemOf(asked, caller, through(caller.via));
    const places = text.placesOf(caller.of, caller.line, caller.line + caller.lines, false).filter((range) => !isSame(range, from.selectionRange));
    calls.push({ from, fromRanges: places.length > 0 ? places : [from.selectionRange] });
  }
  return calls;
}

/** What the item calls that is defined in the tree. Rejects when aborted. */
export async function outgoingCalls(asked: Asked, item: CallHierarchyItem): Promise<CallHierarchyOutgoingCall[]> {
  const { uses, texts, path, signal } = asked;
  const data = dataOf(item);
  const scan = uses.fileScan(path);
  if (data === undefined || scan === undefined) return [];
  const caller = nearest(callablesOf(path, scan).filter(({ kind }) => kind === data.kind), item.name, data.line);
  if (caller === undefined) return [];
  const own = callablesOf(path, scan);
  const elsewhere = await callablesNamed(asked, caller.calls.filter((name) => !own.some((one) => one.name === name)));
  const text = await texts.read(path);
  const lastLine = caller.kind === 'macro' ? text.lastLineOfMacro(caller.line) : caller.line + caller.lines;
  const calls: CallHierarchyOutgoingCall[] = [];
  for (const name of caller.calls) {
    const here = own.filter((one) => one.name === name);
    const meant = here.length > 0 ? here : meantIn(path, elsewhere.filter((one) => one.name === name));
    const places = text.placesOf(name, caller.line, lastLine, caller.kind === 'macro').filter((range) => !isSame(range, item.selectionRange));
    for (const to of await itemsOf(asked, meant)) {
      signal.throwIfAborted();
      // What follows is about places in the item's own text.
      calls.push({ to, fromRanges: places.length > 0 ? places : [item.selectionRange] });
    }
  }
  return calls;
}

/** A function or a macro with what it calls. */
interface Callable extends Definition {
  readonly calls: readonly string[];
}

function callablesOf(path: string, scan: FileScan): Callable[] {
  return [
    ...scan.functions.map((one): Callable => ({ ...one, path, kind: 'function' })),
    ...scan.macros.map((one): Callable => ({ ...one, path, kind: 'macro', lines: 0, flags: 0 })),
  ];
}

/** Functions and macros of these names anywhere in the tree. */
async function callablesNamed(asked: Asked, names: readonly string[]): Promise<Definition[]> {
  if (names.length === 0) return [];
  const definitions = await complete(asked, asked.uses.definitionsOfAll(names, Space.ordinary, asked.signal));
  return definitions.filter(({ kind }) => kind === 'function' || kind === 'macro');
}

async function itemsOf(asked: Asked, definitions: readonly Definition[]): Promise<CallHierarchyItem[]> {
  const items: CallHierarchyItem[] = [];
  for (const one of definitions) {
    if (one.kind === 'macro' && !(await asked.texts.read(one.path)).takesArguments(one.line, one.name)) continue;
    items.push(await itemOf(asked, one, one.kind === 'macro' ? ' · macro' : ''));
  }
  return items;
}

async function itemOf({ texts, uriOf }: Asked, { path, name, kind, line, lines }: Definition, note: string): Promise<CallHierarchyItem> {
  const text = await texts.read(path);
  const last = kind === 'macro' ? text.lastLineOfMacro(line) : line + lines;
  return { name, kind: SymbolKind.Function, detail: `${path}${note}`, uri: uriOf(path), range: text.lines(line, last), selectionRange: text.nameOn(line, name), data: { line, kind } };
}

/** @param via innermost first; what the caller's text names is the last */
function through(via: readonly string[]): string {
  return via.length === 0 ? '' : ` · through ${[...via].reverse().join(' → ')}`;
}

const isSame = (one: Range, other: Range): boolean => one.start.line === other.start.line && one.start.character === other.start.character;
