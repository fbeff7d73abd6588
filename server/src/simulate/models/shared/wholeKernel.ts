/** What the systems share that switch everybody at once: one set of versions for the whole kernel. */
import type { Call } from '../../call';
import type { Simulation } from '../../model';
import { objectsAtStart, type NumberedPatch } from '../../patches';
import { rigUp, type Rig } from '../../rig';
import type { Thread } from '../../thread';
import type { PatchedFunction, SwitchCause } from '../../types';
import { createVersions, type Versions } from '../../versions';
import { forEveryone } from '../../world';

export interface WholeKernel extends Rig {
  readonly simulation: Simulation;
  readonly versions: Versions;
  /** Loaded objects. */
  readonly objects: Set<string>;
  /** Patches in use, oldest first. */
  readonly applied: NumberedPatch[];
  /** Everybody has yet to switch, in the direction of `target`. */
  readonly begin: (patch: NumberedPatch, target: 0 | 1, replaced?: readonly NumberedPatch[]) => void;
  /** Redirects the patch's functions, or puts them back, and everybody has switched. `replaced` patches go at the same instant. */
  readonly commit: (patch: NumberedPatch, target: 0 | 1, cause: SwitchCause, replaced?: readonly NumberedPatch[]) => void;
  /** Nobody switches: it did not come to it. */
  readonly abandon: (target: 0 | 1) => void;
}

/** @param resolve the rule where it is another one than "the newest version" */
export function createWholeKernel(simulation: Simulation, resolve?: (call: Call, versions: Versions) => number): WholeKernel {
  const { recorder, input, patches } = simulation;
  const versions = createVersions();
  const objects = objectsAtStart(input);
  const applied: NumberedPatch[] = [];
  const once = (input.actions ?? []).length === 0;
  const rig = rigUp(simulation, (call) => resolve?.(call, versions) ?? versions.top(call.name), {
    // Stacks are all that counts, and this one has nothing of any patch on it.
    atRest: ({ frames }) => once && frames.length === 0,
    forked: (parent, child) => {
      child.pending = parent.pending;
      child.patchState = parent.patchState;
      recorder.forked(parent, child);
    },
  });

  const setAll = (patchState: 0 | 1, pending: boolean, each?: (thread: Thread) => void): void => {
    forEveryone(rig.world, (thread) => {
      thread.patchState = patchState;
      thread.pending = pending;
      recorder.mark(thread);
      each?.(thread);
    });
  };

  const [first] = patches;
  if (input.direction === 'unpatch' && first !== undefined) {
    for (const { name } of first.functions) versions.push(name, first.number);
    applied.push(first);
  }

  return {
    ...rig,
    simulation,
    versions,
    objects,
    applied,
    begin: ({ number }, target, replaced = []) => {
      rig.consistency.aim(number, target === 1 ? 'new' : 'old', replaced.map((each) => each.number));
      recorder.newDirection();
      setAll(target === 1 ? 0 : 1, true);
    },
    commit: (patch, target, cause, replaced = []) => {
      for (const { number } of replaced) {
        versions.removePatch(number);
        rig.consistency.replaced(number);
      }
      if (target === 0) versions.removePatch(patch.number);
      else for (const { name } of functionsHere(patch, objects)) versions.push(name, patch.number);
      const gone = new Set(target === 0 ? [patch] : replaced);
      applied.splice(0, applied.length, ...applied.filter((each) => !gone.has(each)), ...(target === 1 ? [patch] : []));
      setAll(target, false, (thread) => {
        recorder.switched(thread, cause);
        rig.consistency.switched(thread, patch.number);
      });
      rig.consistency.settle(patch.number);
    },
    abandon: (target) => { setAll(target === 1 ? 0 : 1, false); },
  };
}

/** The functions of the objects that are loaded. */
export const functionsHere = ({ functions }: NumberedPatch, objects: ReadonlySet<string>): readonly PatchedFunction[] => functions.filter(({ object }) => objects.has(object));
