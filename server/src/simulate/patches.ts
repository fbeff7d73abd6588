/** The patches of a simulation, numbered in the order in which they are loaded. */
import type { Action, PatchedFunction, SimulatedPatch, SimulationInput } from './types';

export interface NumberedPatch {
  /** From 1 on; 0 stands for the original code. */
  readonly number: number;
  readonly patch: SimulatedPatch;
  /** What is replaced in the binary: a function that was inlined away stands for those that hold it. */
  readonly functions: readonly PatchedFunction[];
}

export function numberPatches(input: SimulationInput): readonly NumberedPatch[] {
  const later = (input.actions ?? []).toSorted((a, b) => a.atMs - b.atMs).flatMap((action) => loadedBy(action) ?? []);
  return [input.patch, ...later].map((patch, i) => ({ number: i + 1, patch, functions: binaryFunctions(patch) }));
}

/** The patch that an action loads; undefined for other actions. */
export function loadedBy(action: Action): SimulatedPatch | undefined {
  if (action.kind === 'replace') return action.patch;
  return action.kind === 'enable' && typeof action.patch !== 'string' ? action.patch : undefined;
}

function binaryFunctions({ functions }: SimulatedPatch): readonly PatchedFunction[] {
  const found = new Map<string, PatchedFunction>();
  for (const fn of functions) {
    const { inlinedInto = [], ...itself } = fn;
    const those = inlinedInto.length === 0 ? [itself] : inlinedInto.map((name) => ({ ...itself, name }));
    for (const each of those) found.set(`${each.object} ${each.name}`, each);
  }
  return [...found.values()];
}

/** Which objects are there from the start: those the machine names, or all of the patches that no action loads later. */
export function objectsAtStart(input: SimulationInput): Set<string> {
  const { machine, actions = [] } = input;
  if (machine.modules !== undefined) return new Set(['vmlinux', ...machine.modules]);
  const first = new Map<string, string>();
  for (const action of actions.toSorted((a, b) => a.atMs - b.atMs)) {
    if ((action.kind === 'load module' || action.kind === 'unload module') && !first.has(action.module)) first.set(action.module, action.kind);
  }
  const objects = numberPatches(input).flatMap(({ patch, functions }) => [...functions, ...(patch.callbacks ?? [])].map(({ object }) => object));
  return new Set(['vmlinux', ...objects.filter((object) => first.get(object) !== 'load module')]);
}
