/**
 * The hybrid consistency model of upstream livepatch, from 4.12 on: each thread switches by itself, when no function
 * of the patch is on its stack or when it returns to user space.
 */
import type { Model, ModelRun, Simulation } from '../model';
import { objectsAtStart, type NumberedPatch } from '../patches';
import { rigUp } from '../rig';
import { loadCommand, loadError } from '../shell';
import { NS_PER_MS } from '../time';
import { atLeast } from '../version';
import { createVersions } from '../versions';
import { errorText } from './errno';
import { act } from './livepatch/actions';
import { disablePatch } from './livepatch/enable';
import { featuresOf, FIRST_VERSION } from './livepatch/features';
import { checkGrammar } from './livepatch/grammar';
import { klpPatch, loadPatch } from './livepatch/load';
import { patchObject } from './livepatch/objects';
import { schedTrySwitch } from './livepatch/pass';
import { atRest, copyProcess, resolve, updatePatchState, type Klp } from './livepatch/state';
import { actUpstream } from './livepatch/upstream';

export const livepatch: Model = {
  name: 'livepatch',
  when: 'leave patched set',
  what: 'thread',
  driven: 'a pass over all tasks about once a second, signals every 15 passes; tasks also switch when they return to user space or leave idle',
  pauses: 'nothing',
  promises: ['I3', 'I4', 'I5', 'I6', 'I7', 'I8'],
  costs: ['registerFunctionNs', 'checkTaskNs', 'patchTailNs', 'unpatchTailNs', 'unpatchTailBusyNs', 'runNs', 'sliceNs', 'hogMigrationMeanNs', 'idleWakeMeanNs'],
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
    'Every object of the patch is loaded unless the machine or an action says otherwise; callbacks take no time.',
  ],
};

function start(simulation: Simulation): ModelRun {
  const { input, queue, patches } = simulation;
  const rig = rigUp(simulation, (call) => resolve(klp, call), {
    exitToUser: (thread) => { updatePatchState(klp, thread, 'exit to user'); },
    leaveIdle: (idle) => { updatePatchState(klp, idle, 'idle'); },
    condResched: (thread) => { schedTrySwitch(klp, thread, 'cond_resched'); },
    freezableSleep: (thread) => { schedTrySwitch(klp, thread, 'freezable sleep'); },
    forked: (parent, child) => { copyProcess(klp, parent, child); },
    // The first time that is asked is while the world is made, when nothing has become of anybody.
    atRest: (thread) => thread.course !== undefined && atRest(klp, thread),
  });
  const klp: Klp = {
    ...rig, simulation, features: featuresOf(simulation.version), versions: createVersions(), patches: [], objects: objectsAtStart(input), pinned: new Set(), held: new Map(), ftraceEnabled: true,
    transition: undefined, target: -1, wanted: 1, signalsCnt: 0, passes: 0, left: [], verdicts: new Map(), pendingIdle: 0, pendingBusy: 0, worker: rig.world.cpus.loader, mutexFreeNs: 0,
    ended: undefined, appliedNs: undefined, completeNs: undefined,
  };
  queue.at(Math.round((input.loadAtMs ?? 0) * NS_PER_MS), () => {
    const [first] = patches;
    if (first === undefined) return;
    if (input.direction === 'unpatch') disableApplied(klp, klpPatch(first));
    else loadFirst(klp, first);
  });
  return {
    world: rig.world,
    finished: () => klp.target === -1 && klp.transition === undefined && klp.ended !== undefined,
    act: (action, answer) => act(klp, action, answer),
    actUpstream: (action) => actUpstream(klp, action),
    lockedUntilNs: () => klp.mutexFreeNs,
    result: () => resultOf(klp),
  };
}

function loadFirst(klp: Klp, patch: NumberedPatch): void {
  const { input, recorder } = klp.simulation;
  if (input.echo === true) recorder.log('notice', loadCommand(patch.patch));
  loadPatch(klp, patch, (error) => {
    if (error === 0) return;
    klp.ended = 'reversed';
    if (input.echo === true) recorder.log('notice', loadError(patch.patch.name, errorText(error)));
  });
}

/** The patch has been applied for long. */
function disableApplied(klp: Klp, patch: ReturnType<typeof klpPatch>): void {
  klp.patches.push(patch);
  patch.enabled = true;
  for (const object of klp.objects) if (patch.functions.some((fn) => fn.object === object)) patchObject(klp, patch, object);
  for (const object of patch.patched) patch.prepared.add(object);
  disablePatch(klp, patch);
}

function resultOf(klp: Klp): ReturnType<ModelRun['result']> {
  const { recorder } = klp.simulation;
  checkGrammar(recorder);
  const settled = klp.ended === 'complete' ? (recorder.violations().length > 0 ? 'unsafe' : 'complete') : 'failed';
  return {
    outcome: klp.target !== -1 || klp.ended === undefined ? 'stuck' : settled,
    appliedNs: klp.appliedNs,
    completeNs: klp.completeNs,
    attempts: 1,
  };
}
