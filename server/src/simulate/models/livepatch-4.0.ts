/**
 * Livepatch as it was merged in 4.0 (commit b700e7f03df5), before it had a consistency model: each function is redirected
 * the moment its ftrace handler is registered, whoever is inside.
 */
import type { Model, ModelRun, Simulation } from '../model';
import type { NumberedPatch } from '../patches';
import type { PatchedFunction } from '../types';
import { forEveryone } from '../world';
import { EINVAL } from './errno';
import { noProgress } from './shared/progress';
import { createWholeKernel, functionsHere } from './shared/wholeKernel';
import { modelRunOf, type WholeRun } from './shared/wholeRun';

export const livepatch40: Model = {
  name: 'livepatch-4.0',
  when: 'leave function',
  what: 'function',
  driven: 'one function after the other, in the order of the patch',
  pauses: 'nothing',
  promises: ['I5', 'I6'],
  costs: ['registerFunctionNs', 'runNs', 'sliceNs'],
  refuse: () => undefined,
  start,
  assumptions: ['The core as merged in 4.0, as if nothing had been added since.'],
};

function start(simulation: Simulation): ModelRun {
  const kernel = createWholeKernel(simulation);
  const run: WholeRun = { ...noProgress(), kernel, busy: false };
  return modelRunOf(run, change);
}

/** __klp_enable_patch() and __klp_disable_patch(): a loop over the functions, nothing else. */
function change(run: WholeRun, patch: NumberedPatch, target: 0 | 1): void {
  const { kernel } = run;
  const { queue, recorder, costs } = kernel.simulation;
  run.busy = true;
  run.ended = undefined;
  recorder.log('notice', `livepatch: ${target === 1 ? 'enabling' : 'disabling'} patch '${patch.patch.name}'`);
  kernel.begin(patch, target);
  const functions = functionsHere(patch, kernel.objects);
  const next = (i: number): void => {
    const fn = functions[i];
    if (fn === undefined) {
      finish(run, patch, target);
      return;
    }
    queue.at(queue.now() + costs.registerFunctionNs, () => {
      if (redirect(run, patch, target, fn)) next(i + 1);
    });
  };
  next(0);
}

/** klp_enable_func() and klp_disable_func(); false when the patch is given up. */
function redirect(run: WholeRun, patch: NumberedPatch, target: 0 | 1, { name, noFtrace, ftraceError }: PatchedFunction): boolean {
  const { kernel } = run;
  if (target === 0) {
    kernel.versions.remove(name, patch.number);
    return true;
  }
  if (noFtrace !== true && ftraceError === undefined) {
    kernel.versions.push(name, patch.number);
    return true;
  }
  const { log } = kernel.simulation.recorder;
  log('warn', noFtrace === true ? `livepatch: failed to set ftrace filter for function '${name}' (${EINVAL})` : `livepatch: failed to register ftrace handler for function '${name}' (${ftraceError ?? 0})`);
  // What was enabled so far is disabled again.
  kernel.versions.removePatch(patch.number);
  kernel.abandon(target);
  kernel.consistency.settle(patch.number);
  run.ended = 'failed';
  run.busy = false;
  return false;
}

function finish(run: WholeRun, patch: NumberedPatch, target: 0 | 1): void {
  const { kernel } = run;
  const { queue, recorder } = kernel.simulation;
  forEveryone(kernel.world, (thread) => {
    thread.pending = false;
    thread.patchState = target;
    recorder.switched(thread, 'redirection');
    kernel.consistency.switched(thread, patch.number);
  });
  kernel.consistency.settle(patch.number);
  kernel.applied.splice(0, kernel.applied.length, ...kernel.applied.filter(({ number }) => number !== patch.number), ...(target === 1 ? [patch] : []));
  // The patch's module is never released: without a consistency model nobody knows who still runs its code.
  run.appliedNs ??= queue.now();
  run.completeNs ??= queue.now();
  run.ended = 'complete';
  run.busy = false;
}
