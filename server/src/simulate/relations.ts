/** What a patch says its functions need of each other (`SimulatedPatch.relations`), and whether it was so. */
import type { Relation, SimulatedPatch } from './types';

/** Old or new, seen from one patch. */
export type Universe = 'old' | 'new';

/** Whether the patch breaks when these two meet in different versions: for `call`, `f` calls `g`. */
export function needs(patch: SimulatedPatch | undefined, kind: 'call' | 'together', f: string, g: string): boolean {
  return (patch?.relations ?? []).some((relation) => {
    if (relation.kind === 'together') return kind === 'together' && relation.functions.includes(f) && relation.functions.includes(g);
    return relation.kind === 'call' && kind === 'call' && relation.caller === f && relation.callee === g;
  });
}

export interface Pairs {
  /** At the entry of a function: the name of the function that began the matter in the other universe; undefined otherwise. */
  readonly met: (patch: number, pid: number, name: string, universe: Universe) => string | undefined;
  /** Everything that was begun is made to fit the other universe: by hand, or because nothing of it is left. */
  readonly convert: (universe: Universe) => void;
}

/**
 * Follows what one function begins and another ends, in order: first begun, first ended. What was begun before the
 * simulation was begun by the code that ran then.
 */
export function followPairs(patches: readonly SimulatedPatch[], initial: Universe): Pairs {
  const begun = new Map<string, Universe[]>();
  const pairsOf = patches.map(({ relations = [] }) => relations.filter((relation): relation is Extract<Relation, { kind: 'pair' }> => relation.kind === 'pair'));
  let before = initial;
  return {
    met: (patch, pid, name, universe) => {
      for (const [i, { first, then, by }] of (pairsOf[patch - 1] ?? []).entries()) {
        const key = `${patch} ${i} ${by === 'task' ? pid : ''}`;
        const open = begun.get(key) ?? [];
        if (name === then && (open.shift() ?? before) !== universe) return first;
        if (name === first) begun.set(key, [...open, universe]);
      }
      return undefined;
    },
    convert: (universe) => {
      before = universe;
      begun.clear();
    },
  };
}
