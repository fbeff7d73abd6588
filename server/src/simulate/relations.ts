/** What a patch says its functions need of each other (`SimulatedPatch.relations`), and whether it was so. */
import type { Universe } from './consistency';
import type { Relation, SimulatedPatch } from './types';

/** Whether the patch breaks when these two meet in different versions: for `call`, `f` calls `g`. */
export function needs(patch: SimulatedPatch | undefined, kind: 'call' | 'together', f: string, g: string): boolean {
  return (patch?.relations ?? []).some((relation) => {
    if (relation.kind === 'together') return kind === 'together' && relation.functions.includes(f) && relation.functions.includes(g);
    return relation.kind === 'call' && kind === 'call' && relation.caller === f && relation.callee === g;
  });
}

/**
 * Follows what one function begins and another ends, in order: first begun, first ended. What was begun before the
 * simulation was begun by the code that ran then.
 *
 * @returns at the entry of a function, the name of the function that began the matter in the other universe; undefined otherwise
 */
export function followPairs(patches: readonly SimulatedPatch[], initial: Universe): (patch: number, pid: number, name: string, universe: Universe) => string | undefined {
  const begun = new Map<string, Universe[]>();
  const pairsOf = patches.map(({ relations = [] }) => relations.filter((relation): relation is Extract<Relation, { kind: 'pair' }> => relation.kind === 'pair'));
  return (patch, pid, name, universe) => {
    for (const [i, { first, then, by }] of (pairsOf[patch - 1] ?? []).entries()) {
      const key = `${patch} ${i} ${by === 'task' ? pid : ''}`;
      const open = begun.get(key) ?? [];
      if (name === then) {
        const made = open.shift() ?? initial;
        if (made !== universe) return first;
      }
      if (name === first) begun.set(key, [...open, universe]);
    }
    return undefined;
  };
}
