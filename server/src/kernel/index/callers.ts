/** Who calls a function, also through macros: a macro's users are looked for where the macro can be seen. */
import { inOrder, usesOf, type Use } from './uses';
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

/** @param under the folder, with its `/`, or the .c file to look in; all of the tree when empty */
export type FindUses = (names: readonly string[], under: string) => FoundUses;

/** Macros a call is followed through. */
const MOST_MACROS = 200;

/** The functions that call `name`, themselves or through macros whose replacement text does. Rejects as `find` does. */
export async function callersOf(name: string, find: FindUses): Promise<{ readonly callers: readonly CallerUse[]; readonly incomplete?: string }> {
  const callers = new Map<string, CallerUse>();
  /** The macros between a name and `name`, by where the name is looked for. */
  const ways = new Map<string, readonly string[]>([[` ${name}`, []]]);
  let incomplete: string | undefined;
  await follow([name], '');
  return { callers: inOrder([...callers.values()]), ...(incomplete === undefined ? {} : { incomplete }) };

  async function follow(names: readonly string[], under: string): Promise<void> {
    const { inHeaders, inSources } = find(names, under);
    await Promise.all([inHeaders, inSources].map(async (uses) => Promise.all(take(await uses, under))));
  }

  function take(uses: readonly Use[], under: string): Promise<void>[] {
    const next = new Map<string, string[]>();
    for (const use of uses) {
      const via = ways.get(`${under} ${use.of}`) ?? [];
      // A macro without parameters is used without parentheses.
      if (use.how !== 'call' && !(use.how === 'mention' && via.length > 0)) continue;
      if (use.kind === 'function') {
        const key = `${use.path} ${use.line} ${use.name}`;
        const known = callers.get(key);
        if (known === undefined || isShorter(via, known.via)) callers.set(key, { ...use, via });
      } else if (use.kind === 'macro') {
        const scope = scopeOf(use.path);
        const way = `${scope} ${use.name}`;
        if (ways.has(way) || via.includes(use.name)) continue;
        if (ways.size > MOST_MACROS) incomplete = `${name} is called through more than ${MOST_MACROS} macros`;
        else {
          ways.set(way, [...via, use.name]);
          next.set(scope, [...(next.get(scope) ?? []), use.name]);
        }
      }
    }
    return [...next].map(([scope, names]) => follow(names, scope));
  }
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
export const inIndex = (index: StoredIndex): FindUses => (names, under) => split(Promise.resolve().then(() => names.flatMap((name) => usesOf(index, name)).filter((use) => isUnder(use.path, under))));

/** An answer that comes all at once. */
export function split(uses: Promise<readonly Use[]>): FoundUses {
  return { inHeaders: uses.then((all) => all.filter(isInHeader)), inSources: uses.then((all) => all.filter((use) => !isInHeader(use))) };
}

const isInHeader = (use: Use): boolean => use.path.endsWith('.h');
