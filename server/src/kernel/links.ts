/**
 * From an object file to what it is linked into, within one Makefile: `inode.o` is in `ext4-y`, so it is part of
 * `ext4.o`, which is in `obj-$(CONFIG_EXT4_FS)` (scripts/Makefile.lib: real-search, multi-search).
 */
import type { Lookup } from './make';
import type { Makefile, Use, Word } from './makefile';
import { join, nameOf } from './paths';

/** One way into the build. */
export interface Link {
  /** The object that is linked into vmlinux or becomes a module, relative to the tree: `fs/ext4/ext4.o`. */
  readonly object: string;
  /** Where that object stands: the list is `obj` or `lib`. */
  readonly last: Use;
  /** The composite objects on the way, innermost first. */
  readonly parts: readonly Use[];
}

/** How far a condition is fulfilled: built in, as a module, left out, or not to be told. */
export type State = 'y' | 'm' | 'n' | undefined;

/** Lists whose members the build links into the kernel; any other list is a composite object of that name. */
const LINKED_LISTS = new Set(['obj', 'lib']);

export function linksOf(makefile: Makefile, object: string, seen: readonly string[] = []): Link[] {
  if (seen.includes(object)) return [];
  const links: Link[] = [];
  for (const use of makefile.uses.get(object) ?? []) {
    if (LINKED_LISTS.has(use.list)) {
      links.push({ object, last: use, parts: [] });
      continue;
    }
    const composite = join(makefile.folder, `${use.list}.o`);
    const outer = linksOf(makefile, composite, [...seen, object]);
    links.push(...outer.map((link) => ({ ...link, parts: [use, ...link.parts] })));
  }
  return links;
}

/** Lists that name the object without linking it, e.g. `vobjs-y`, for the reason why there is no answer. */
export function otherListsOf(makefile: Makefile, object: string): string[] {
  return (makefile.uses.get(object) ?? []).map((use) => `${use.list}-${use.selector}`);
}

/** The module an object becomes, as in /proc/modules (scripts/Makefile.lib: name-fix). */
export function moduleNameOf(object: string): string {
  return nameOf(object).replace(/\.o$/, '').replaceAll('-', '_');
}

/** What the configuration makes of a link. */
export function stateOfLink(makefile: Makefile, link: Link, config: Lookup): State {
  const last = stateOfUse(makefile, link.last, config);
  const parts = link.parts.map((use) => stateOfUse(makefile, use, config));
  // A built-in object takes its foo-objs and foo-y; a module takes foo-m as well.
  const left = parts.some((state) => state === 'n' || (state === 'm' && last === 'y'));
  if (last === 'n' || left) return 'n';
  return parts.includes(undefined) ? undefined : last;
}

export function stateOfUse(makefile: Makefile, use: Use, config: Lookup): State {
  const selector = use.selector === 'objs' ? 'y' : makefile.value(use.selector, config);
  const guards = stateOfGuards(makefile, use.word, config);
  if (guards === false || (selector !== undefined && selector !== 'y' && selector !== 'm')) return 'n';
  return guards === undefined ? undefined : selector;
}

function stateOfGuards(makefile: Makefile, word: Word, config: Lookup): boolean | undefined {
  const all = word.guards.map((guard) => makefile.holds(guard, config));
  if (all.includes(false)) return false;
  return all.includes(undefined) ? undefined : true;
}

/** The options a use depends on, the selector's first. */
export function optionsOf(use: Use): string[] {
  const texts = [use.selector, ...use.word.guards.flatMap((guard) => (guard.sides === undefined ? [] : [guard.sides.left, guard.sides.right]))];
  return texts.flatMap((text) => text.match(/\bCONFIG_\w+/g) ?? []);
}

/** Where a use stands, for messages: `obj-$(CONFIG_X) in fs/Makefile:7`. */
export function placeOf(use: Use): string {
  return `${use.list}-${use.selector} in ${use.word.makefile}:${use.word.line}`;
}
