/**
 * The hybrid consistency model of upstream livepatch, from 4.12 on: each thread switches by itself, when no function
 * of the patch is on its stack or when it returns to user space.
 */
import type { Model, ModelRun, Simulation } from '../model';
import { atLeast } from '../version';
import { createWorld, type World } from '../world';
import { planActions } from './livepatch/actions';
import { featuresOf, FIRST_VERSION } from './livepatch/features';
import { copyProcess, schedTrySwitch, updatePatchState, type Klp } from './livepatch/state';
import { disablePatch, enablePatch } from './livepatch/transition';

export const livepatch: Model = {
  name: 'livepatch',
  when: 'leave patched set',
  what: 'thread',
  refuse: (input, version) => {
    if (!atLeast(version, FIRST_VERSION.major, FIRST_VERSION.minor)) {
      return `The livepatch model began with ${FIRST_VERSION.major}.${FIRST_VERSION.minor}; the machine runs ${input.machine.kernelVersion}.`;
    }
    return undefined;
  },
  start,
  assumptions: [
    'A task that wakes gets a CPU at once, runs for a moment and sleeps in the same stack again.',
    'The worker that makes the passes stays on the CPU the patch was loaded on.',
    'Every object of the patch is loaded, no older patch is applied, and callbacks take no time.',
  ],
};

function start(simulation: Simulation): ModelRun {
  const { input, queue, recorder } = simulation;
  const startsPatched = input.direction === 'unpatch';
  const world: World = createWorld({
    ...simulation,
    machine: input.machine,
    startsPatched,
    hooks: {
      exitToUser: (thread) => { updatePatchState(klp, thread, 'exit to user'); },
      leaveIdle: (idle) => { updatePatchState(klp, idle, 'idle'); },
      condResched: (thread) => { schedTrySwitch(klp, thread); },
      forked: (parent, child) => { copyProcess(klp, parent, child); },
      exited: (thread) => { recorder.exited(thread); },
      entersNew: (thread) => (klp.target === -1 ? klp.enabled : thread.patchState === 1),
    },
  });
  const klp: Klp = {
    simulation, world, features: featuresOf(simulation.version), target: -1, enabled: startsPatched, wanted: startsPatched ? 0 : 1,
    signalsCnt: 0, passes: 0, worker: world.cpus.loader, mutexFreeNs: 0, actionsLeft: 0,
    ended: undefined, appliedNs: undefined, completeNs: undefined,
  };
  queue.at(0, () => {
    if (startsPatched) disablePatch(klp);
    else enablePatch(klp);
  });
  planActions(klp);
  return { finished: () => klp.target === -1 && klp.ended !== undefined && klp.actionsLeft === 0, result: () => resultOf(klp) };
}

function resultOf(klp: Klp): ReturnType<ModelRun['result']> {
  const forcedOnStack = klp.simulation.recorder.violations().some(({ invariant }) => invariant === 'I3');
  const settled = klp.ended === 'complete' ? (forcedOnStack ? 'unsafe' : 'complete') : 'failed';
  return {
    outcome: klp.target !== -1 || klp.ended === undefined ? 'stuck' : settled,
    appliedNs: klp.appliedNs,
    completeNs: klp.completeNs,
    pauseNs: 0,
    attempts: 1,
  };
}
