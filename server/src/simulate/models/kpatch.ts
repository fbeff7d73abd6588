/**
 * kpatch's own core module (kmod/core/core.c, 2014 to 2020): one stop of the machine, in which the first task found in a
 * patched function ends the attempt; the script tries again.
 */
import type { Model, ModelRun, Simulation } from '../model';
import type { NumberedPatch } from '../patches';
import { NS_PER_S } from '../time';
import type { SimulatedPatch } from '../types';
import { EBUSY, EINVAL, errorText } from './errno';
import { firstOffender, logOffender } from './kpatch/activeness';
import { resolve, type Kpatch } from './kpatch/state';
import { callbackReturn, callbackText } from './shared/callbackText';
import { noProgress } from './shared/progress';
import { stopMachine, threadsLookedAt } from './shared/stopMachine';
import { createWholeKernel, functionsHere } from './shared/wholeKernel';
import { modelRunOf } from './shared/wholeRun';

/** MAX_LOAD_ATTEMPTS and RETRY_INTERVAL of the kpatch script, since 2016-12. */
const ATTEMPTS = 5;
const RETRY_NS = 2 * NS_PER_S;

export const kpatch: Model = {
  name: 'kpatch',
  when: 'leave patched set',
  what: 'kernel',
  driven: 'the kpatch script: up to five loads, two seconds apart',
  pauses: 'every CPU, for each attempt',
  promises: ['I1', 'I3', 'I4', 'I5', 'I6', 'I7'],
  costs: ['registerFunctionNs', 'stopBaseNs', 'stopPerCpuNs', 'stopPerTaskNs', 'stopCompareNs', 'stopCommitNs', 'runNs', 'sliceNs'],
  refuse: () => undefined,
  start,
  assumptions: [
    'The last version of the core module, of 2020, as if it had been ported to this kernel; the script of 2018 or later.',
    'With an unwinder, addresses it cannot vouch for are not in the trace; without one they are, and block.',
  ],
};

function start(simulation: Simulation): ModelRun {
  const kernel = createWholeKernel(simulation, (call, versions) => resolve(run, call, versions));
  const run: Kpatch = { ...noProgress(), attempts: 0, kernel, state: 'idle', op: undefined, replaced: [], pinned: new Set(), busy: false };
  return modelRunOf(run, change);
}

/** The script's loop around insmod, or around the write to `enabled`. */
function change(run: Kpatch, patch: NumberedPatch, target: 0 | 1): void {
  const { kernel } = run;
  run.busy = true;
  run.ended = undefined;
  run.attempts = 0;
  const { log } = kernel.simulation.recorder;
  const unpatchable = patch.functions.find(({ noFtrace, ftraceError }) => noFtrace === true || ftraceError !== undefined);
  if (target === 1 && unpatchable !== undefined) {
    log('warn', `kpatch: can't set ftrace filter at address of ${unpatchable.name}`);
    fail(run, `insmod: ERROR: could not insert module ${patch.patch.name}.ko: ${errorText(EINVAL)}`);
    return;
  }
  if (target === 1) for (const module of new Set(patch.functions.filter(({ object }) => !kernel.objects.has(object)).map(({ object }) => object))) log('notice', `kpatch: delaying patch of unloaded module '${module}'`);
  run.replaced = target === 1 && patch.patch.replace === true ? kernel.applied.filter(({ number }) => number !== patch.number) : [];
  kernel.begin(patch, target, run.replaced);
  attempt(run, patch, target);
}

/** kpatch_register() or kpatch_unregister(): callbacks outside the stop, one stop. */
function attempt(run: Kpatch, patch: NumberedPatch, target: 0 | 1): void {
  const { kernel } = run;
  const { queue, recorder, costs } = kernel.simulation;
  const functions = functionsHere(patch, kernel.objects);
  run.attempts++;
  run.op = { patch, target };
  const first = run.attempts === 1 && target === 1;
  queue.at(queue.now() + (first ? costs.registerFunctionNs * functions.length : 0), () => {
    run.state = 'updating';
    if (callbacks(kernel.simulation, patch.patch, target === 1 ? 'prePatch' : 'preUnpatch') !== 0) {
      failedAttempt(run, patch, target, EINVAL);
      return;
    }
    const threads = threadsLookedAt(kernel.world);
    const all = target === 1 ? [...functions, ...run.replaced.flatMap((each) => each.functions)] : functions;
    const offender = firstOffender(run, threads, all.filter(({ unchecked }) => unchecked !== true));
    const looked = offender === undefined ? threads.length : threads.indexOf(offender.thread) + 1;
    const atNs = queue.now();
    stopMachine(kernel.simulation, looked, looked * 10 * all.length, () => {
      recorder.pass({ index: run.attempts - 1, atNs, cpu: kernel.world.cpus.loader, switched: offender === undefined ? threads.length : 0, blockers: offender === undefined ? [] : [offender.blocker] });
      if (offender !== undefined) logOffender(recorder, offender);
      else if (run.state !== 'updating') recorder.log('warn', 'kpatch: NMI activeness safety check failed');
      if (offender === undefined && run.state === 'updating') applied(run, patch, target);
      else failedAttempt(run, patch, target, EBUSY);
    });
  });
}

function applied(run: Kpatch, patch: NumberedPatch, target: 0 | 1): void {
  const { kernel } = run;
  const { queue, recorder } = kernel.simulation;
  run.state = 'success';
  const { replaced } = run;
  kernel.commit(patch, target, 'machine stopped', replaced);
  run.state = 'idle';
  run.op = undefined;
  callbacks(kernel.simulation, patch.patch, target === 1 ? 'postPatch' : 'postUnpatch');
  // KPATCH_FORCE_UNSAFE: a function that was not looked for may still run, so the module that has it stays.
  if (patch.functions.some(({ unchecked }) => unchecked === true)) run.pinned.add(patch.number);
  for (const each of target === 0 ? [patch] : replaced) if (!run.pinned.has(each.number)) kernel.consistency.freed(each.number);
  recorder.log('notice', `kpatch: ${target === 1 ? 'loaded' : 'unloaded'} patch module '${patch.patch.name}'`);
  run.appliedNs ??= queue.now();
  run.completeNs ??= queue.now();
  run.ended = 'complete';
  run.busy = false;
}

function failedAttempt(run: Kpatch, patch: NumberedPatch, target: 0 | 1, error: number): void {
  const { kernel } = run;
  const { queue, recorder } = kernel.simulation;
  run.state = 'idle';
  run.op = undefined;
  callbacks(kernel.simulation, patch.patch, target === 1 ? 'postUnpatch' : 'postPatch');
  const message = target === 1 ? `insmod: ERROR: could not insert module ${patch.patch.name}.ko: ${errorText(error)}` : `kpatch: can't disable '${patch.patch.name}': ${errorText(error)}`;
  if (error === EBUSY && run.attempts < ATTEMPTS) {
    recorder.log('warn', message);
    recorder.log('notice', 'kpatch: retrying...');
    queue.at(queue.now() + RETRY_NS, () => { attempt(run, patch, target); });
    return;
  }
  kernel.abandon(target);
  kernel.consistency.settle(patch.number);
  fail(run, message);
  recorder.log('warn', `kpatch: failed to ${target === 1 ? 'load' : 'unload'} module ${patch.patch.name}`);
}

function fail(run: Kpatch, message: string): void {
  run.kernel.simulation.recorder.log('warn', message);
  run.ended = 'failed';
  run.busy = false;
}

/** The callbacks of all objects; the first error of a pre_patch ends them. */
function callbacks({ recorder }: Simulation, { callbacks: all = [], parameters }: SimulatedPatch, which: 'prePatch' | 'postPatch' | 'preUnpatch' | 'postUnpatch'): number {
  for (const each of all) {
    for (const line of each[which]?.prints ?? []) recorder.log('notice', callbackText(line, 'live', () => false));
    const result = callbackReturn(each[which] ?? {}, parameters);
    if (which === 'prePatch' && result !== 0) return result;
  }
  return 0;
}
