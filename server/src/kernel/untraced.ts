/**
 * Whether a file is compiled without ftrace's call at the start of each function: such functions cannot be patched
 * (scripts/Makefile.lib: ccflags-remove-y, CFLAGS_REMOVE_x.o, and subdir-ccflags-remove-y for the folders below).
 */
import type { Lookup } from './make';
import type { Makefile } from './makefile';
import { splitName } from './makefile';
import { ancestorsOf } from './paths';
import type { Tree } from './tree';

export interface Untraced {
  readonly makefile: string;
  /** 1-based. */
  readonly line: number;
}

/** The flags that compile the call in: `-pg -mrecord-mcount …` by the name the top Makefile gives them, or as written. */
const TRACE_FLAGS = /\bCC_FLAGS_FTRACE\b|(^|\s)-pg(\s|$)|(^|\s)-fpatchable-function-entry\b/;

/**
 * The line that takes the flags away, or undefined. A condition that cannot be told counts as fulfilled: better a
 * function called unpatchable with the line as its reason than one called patchable by mistake.
 *
 * @param object the object's path as its Makefile's folder sees it, e.g. `core.o`
 */
export async function untracedBy(tree: Tree, makefile: Makefile, object: string, config: Lookup | undefined): Promise<Untraced | undefined> {
  const own = removalIn(makefile, (name) => name === `CFLAGS_REMOVE_${object}` || /^(subdir-)?ccflags-remove$/.test(splitName(name).list), config);
  if (own !== undefined) return own;
  for (const folder of ancestorsOf(makefile.folder).slice(1)) {
    const above = await tree.makefileOf(folder);
    const removal = above === undefined ? undefined : removalIn(above, (name) => splitName(name).list === 'subdir-ccflags-remove', config);
    if (removal !== undefined) return removal;
  }
  return undefined;
}

function removalIn(makefile: Makefile, isRemoval: (name: string) => boolean, config: Lookup | undefined): Untraced | undefined {
  for (const name of makefile.names()) {
    if (!isRemoval(name)) continue;
    const { selector } = splitName(name);
    const chosen = selector === '' ? 'y' : makefile.value(selector, config);
    if (chosen !== undefined && chosen !== 'y') continue;
    for (const { text, guards, makefile: path, line } of makefile.rawItems(name)) {
      if (TRACE_FLAGS.test(text) && !guards.some((guard) => makefile.holds(guard, config) === false)) return { makefile: path, line };
    }
  }
  return undefined;
}
