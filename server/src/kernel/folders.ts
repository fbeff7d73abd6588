/** Whether and how the build descends into a folder, from the top of the tree down. */
import { optionOfArchitecture } from './architecture';
import type { Config } from './kconfig';
import type { State } from './links';
import { optionsOf, stateOfUse } from './links';
import type { Makefile, Use } from './makefile';
import { ancestorsOf, nameOf } from './paths';
import type { Tree } from './tree';

export interface Reach {
  /** With `m` only modules are linked from the folder (scripts/Makefile.build: need-builtin); always `y` without a configuration. */
  readonly state: State;
  readonly options: readonly string[];
  /** Why there is no way to the folder. */
  readonly note?: string;
}

/** Lists of folders in the top Makefile and in arch/X/Makefile; before 6.0 the whole tree hung on them. */
const TOP_LISTS = new Set(['init', 'core', 'drivers', 'net', 'virt', 'libs']);

export async function reachOf(tree: Tree, folder: string, config: Config | undefined): Promise<Reach> {
  if (folder === '') return { state: 'y', options: [] };
  const architecture = /^arch\/([^/]+)$/.exec(folder)?.[1];
  if (architecture !== undefined) {
    const option = optionOfArchitecture(architecture);
    return { state: config === undefined || config(option) === 'y' ? 'y' : 'n', options: [option] };
  }
  for (const above of ancestorsOf(folder).slice(1)) {
    const descents = await descentsInto(tree, folder, above);
    if (descents.length === 0) continue;
    const outer = await reachOf(tree, above, config);
    const states = descents.map(({ makefile, use }) => (config === undefined ? 'y' : stateOfUse(makefile, use, (name) => optionValue(config, name))));
    return {
      state: both(either(states), outer.state),
      options: [...descents.flatMap(({ use }) => optionsOf(use)), ...outer.options],
      ...(outer.note === undefined ? {} : { note: outer.note }),
    };
  }
  const fault = tree.faultOf(folder.slice(0, folder.indexOf('/') + 1));
  return { state: undefined, options: [], note: fault ?? `no Makefile above ${nameOf(folder)}/ has the build descend into ${folder}/` };
}

/** An option as make sees it: one that is not set is empty. */
export function optionValue(config: Config, name: string): string {
  const value = config(name);
  return value === 'n' ? '' : value;
}

async function descentsInto(tree: Tree, folder: string, above: string): Promise<{ makefile: Makefile; use: Use }[]> {
  const own = await tree.makefileOf(above);
  const top = above === '' || /^arch\/[^/]+$/.test(above) ? await tree.topMakefile(above === '' ? 'Makefile' : `${above}/Makefile`) : undefined;
  const usesOf = (makefile: Makefile | undefined, lists: ReadonlySet<string>): { makefile: Makefile; use: Use }[] =>
    makefile === undefined ? [] : (makefile.uses.get(`${folder}/`) ?? []).filter((use) => lists.has(use.list)).map((use) => ({ makefile, use }));
  return [...usesOf(own, new Set(['obj'])), ...usesOf(top, TOP_LISTS).map(({ makefile, use }) => ({ makefile, use: underOptionsOnly(use) }))];
}

/** The top Makefiles also stand under conditions on what make was called for (modules, an external module, …): a whole build is meant. */
function underOptionsOnly(use: Use): Use {
  return { ...use, word: { ...use.word, guards: use.word.guards.filter((guard) => guard.text.includes('CONFIG_')) } };
}

/** Listed several times: the strongest listing counts. */
export function either(states: readonly State[]): State {
  if (states.includes('y')) return 'y';
  if (states.includes('m')) return 'm';
  return states.includes(undefined) ? undefined : 'n';
}

/** Needs both: the weakest counts. */
function both(inner: State, outer: State): State {
  if (inner === 'n' || outer === 'n') return 'n';
  if (inner === undefined || outer === undefined) return undefined;
  return inner === 'm' || outer === 'm' ? 'm' : 'y';
}
