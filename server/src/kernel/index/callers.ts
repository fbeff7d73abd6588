/** Who calls a function, also through macros: a macro's users are looked for where the macro can be seen. */
import { Space } from '../../syntax/scan/names';
import { allStored, inOrder, uses, type Use } from './uses';
import type { StoredIndex } from './storedIndex';

/** A function that calls another one, with the macros the call goes through, innermost first. */
export interface CallerUse extends Use {
  readonly via: readonly string[];
}

/** Uses of some names, those in headers first: they decide what is to be looked for next. */
export interface FoundUses {
  readonly inHeaders: Promise<readonly Use[]>;
  readonly inSources: Promise<readonly Use[]>;
}

/** @param under the folder, with its `/`, or the file to look in; all of the tree when empty */
export type FindUses = (names: readonly string[], under: string) => FoundUses;

/** Macros a call is followed through. */
const MOST_MACROS = 200;

/** The functions that call `name`, themselves or through macros whose replacement text does. Rejects as `find` does. */
export async function callersOf(name: string, find: FindUses): Promise<{ readonly callers: readonly CallerUse[]; readonly incomplete?: string }> {
  const callers: CallerUse[] = [];
  /** The macros between a name and `name`, by where the name is looked for. */
  const ways = new Map<string, readonly string[]>([[` ${name}`, []]]);
  let incomplete: string | undefined;
  await follow([name], '');
  return { callers: shortest(inOrder(callers)), ...(incomplete === undefined ? {} : { incomplete }) };

  async function follow(names: readonly string[], under: string): Promise<void> {
    const vias = new Map(names.map((one) => [one, ways.get(`${under} ${one}`) ?? []]));
    const { inHeaders, inSources } = find(names, under);
    await Promise.all([inHeaders, inSources].map(async (uses) => Promise.all(take(await uses, vias))));
  }

  function take(uses: readonly Use[], vias: ReadonlyMap<string, readonly string[]>): Promise<void>[] {
    const macros: CallerUse[] = [];
    for (const use of uses) {
      const via = vias.get(use.of) ?? [];
      // A macro without parameters is used without parentheses.
      if (use.how !== 'call' && !(use.how === 'mention' && via.length > 0)) continue;
      if (use.kind === 'function') callers.push(through(use, via));
      else if (use.kind === 'macro') macros.push(through(use, via));
    }
    return [...byScope(newOnes(macros))].map(async ([scope, found]) => {
      const names = [...found, ...(await Promise.all(found.map(nested))).flat()];
      return follow(names.map((one) => one.name), scope);
    });
  }

  /** Macros not known yet where they can be seen: from here on they are. */
  function newOnes(macros: CallerUse[]): CallerUse[] {
    return inOrder(macros).filter(({ path, name: macro, via }) => {
      const way = `${scopeOf(path)} ${macro}`;
      if (ways.has(way) || via.includes(macro)) return false;
      if (ways.size > MOST_MACROS) {
        incomplete = `${name} is called through more than ${MOST_MACROS} macros`;
        return false;
      }
      ways.set(way, [...via, macro]);
      return true;
    });
  }

  /** Macros of the same header that use this one, whatever lies between: with them, one search does where each would take another. */
  async function nested({ path, name: macro, via }: CallerUse): Promise<CallerUse[]> {
    if (!path.endsWith('.h')) return [];
    const inFile = await find([macro], path).inHeaders;
    const further = newOnes(inFile.filter((use) => use.kind === 'macro' && (use.how === 'call' || use.how === 'mention')).map((use) => ({ ...use, via: [...via, macro] })));
    return [...further, ...(await Promise.all(further.map(nested))).flat()];
  }
}

/** Written out, as there may be tens of thousands: spreading takes ten times as long. A call is stored and passed nowhere, so there is no `to`. */
const through = ({ of, path, kind, name, line, lines, flags, how }: Use, via: readonly string[]): CallerUse => ({ of, path, kind, name, line, lines, flags, how, via });

function byScope(macros: readonly CallerUse[]): Map<string, CallerUse[]> {
  const scopes = new Map<string, CallerUse[]>();
  for (const macro of macros) {
    const scope = scopeOf(macro.path);
    const inScope = scopes.get(scope);
    if (inScope === undefined) scopes.set(scope, [macro]);
    else inScope.push(macro);
  }
  return scopes;
}

/** Of several ways to one function the shortest; the callers are in order. */
function shortest(callers: readonly CallerUse[]): CallerUse[] {
  const kept: CallerUse[] = [];
  /** Where the callers on a line begin, and where each is; nearly every line has one, which takes no looking up. */
  let from = 0;
  const onLine = new Map<string, number>();
  for (const caller of callers) {
    const first = kept[from];
    if (first?.line !== caller.line || first.path !== caller.path) {
      if (onLine.size > 0) onLine.clear();
      from = kept.push(caller) - 1;
      continue;
    }
    if (onLine.size === 0) onLine.set(first.name, from);
    const at = onLine.get(caller.name);
    const known = at === undefined ? undefined : kept[at];
    if (at === undefined || known === undefined) onLine.set(caller.name, kept.push(caller) - 1);
    else if (isShorter(caller.via, known.via)) kept[at] = caller;
  }
  return kept;
}

const isShorter = (one: readonly string[], other: readonly string[]): boolean => one.length < other.length || (one.length === other.length && one.join(' ') < other.join(' '));

/** Drivers and sound have a folder more before the part that shares headers begins. */
const DEEPER = /^(drivers|sound|arch)\//;

/** Where a macro of this file can be seen: a .c file's in it, a local header's in its part of the tree, one of include/ everywhere. */
function scopeOf(path: string): string {
  if (path.endsWith('.c')) return path;
  if (/(^|\/)include\//.test(path)) return /^arch\/[^/]+\//.exec(path)?.[0] ?? '';
  const folders = path.split('/').slice(0, DEEPER.test(path) ? 3 : 2);
  return folders.length < 2 ? '' : `${(folders.at(-1) === path.split('/').at(-1) ? folders.slice(0, -1) : folders).join('/')}/`;
}

export const isUnder = (path: string, under: string): boolean => path === under || under === '' || (under.endsWith('/') && path.startsWith(under));

/** Asks a stored index. Throws a `NotAnIndexError` through both promises. */
export const inIndex = (index: StoredIndex): FindUses => (names, under) => split(Promise.resolve().then(() => allStored(index, names, Space.ordinary, uses, (path) => isUnder(path, under))));

/** An answer that comes all at once. */
export function split(uses: Promise<readonly Use[]>): FoundUses {
  return { inHeaders: uses.then((all) => all.filter(isInHeader)), inSources: uses.then((all) => all.filter((use) => !isInHeader(use))) };
}

const isInHeader = (use: Use): boolean => use.path.endsWith('.h');
