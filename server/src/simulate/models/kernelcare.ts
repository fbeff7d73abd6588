/**
 * KernelCare, whose source is closed: modelled only from what its makers publish. All relocated code is switched at once,
 * while no CPU is inside the old code; data structures are changed too, by patches made by hand.
 */
import type { Model, ModelRun, Simulation } from '../model';
import type { NumberedPatch } from '../patches';
import { NS_PER_S } from '../time';
import { blockerOf, findOnStack } from './shared/onStack';
import { noProgress } from './shared/progress';
import { stopMachine, threadsLookedAt } from './shared/stopMachine';
import { createWholeKernel, functionsHere } from './shared/wholeKernel';
import { modelRunOf, type WholeRun } from './shared/wholeRun';

const RETRY_NS = NS_PER_S;

export const kernelcare: Model = {
  name: 'kernelcare',
  when: 'leave patched set',
  what: 'kernel',
  driven: 'attempts; how many and how often is not published',
  pauses: 'every CPU, for each attempt',
  promises: ['I1', 'I3', 'I4', 'I5', 'I6', 'I7'],
  costs: ['stopBaseNs', 'stopPerCpuNs', 'stopPerTaskNs', 'stopCompareNs', 'stopCommitNs', 'runNs', 'sliceNs'],
  refuse: () => undefined,
  start,
  assumptions: [
    'Modelled from its published description only; the source is closed and nothing here was measured.',
    'A task asleep in the old code counts as being inside it, and a second passes between two attempts; neither is published.',
    'What old code left in data is converted at the switch: the description says that patches may change data structures, by hand.',
  ],
};

function start(simulation: Simulation): ModelRun {
  const kernel = createWholeKernel(simulation);
  const run: WholeRun = { ...noProgress(), attempts: 0, kernel, busy: false };
  return modelRunOf(run, change);
}

function change(run: WholeRun, patch: NumberedPatch, target: 0 | 1): void {
  run.busy = true;
  run.ended = undefined;
  run.kernel.begin(patch, target);
  attempt(run, patch, target);
}

function attempt(run: WholeRun, patch: NumberedPatch, target: 0 | 1): void {
  const { kernel } = run;
  const { queue, recorder } = kernel.simulation;
  run.attempts++;
  const threads = threadsLookedAt(kernel.world);
  const searched = new Map(functionsHere(patch, kernel.objects).map(({ name }) => [name, target === 1 ? kernel.versions.top(name) : patch.number]));
  const conflicts = threads.flatMap((thread) => findOnStack(kernel, thread, searched) ?? []);
  const atNs = queue.now();
  stopMachine(kernel.simulation, threads.length, threads.length * searched.size, () => {
    const blockers = conflicts.map(blockerOf);
    recorder.pass({ index: run.attempts - 1, atNs, cpu: kernel.world.cpus.loader, switched: blockers.length === 0 ? threads.length : 0, blockers });
    if (conflicts.length > 0) {
      queue.at(queue.now() + RETRY_NS, () => { attempt(run, patch, target); });
      return;
    }
    kernel.commit(patch, target, 'machine stopped');
    if (target === 1) kernel.consistency.converted();
    else kernel.consistency.freed(patch.number);
    run.appliedNs ??= queue.now();
    run.completeNs ??= queue.now();
    run.ended = 'complete';
    run.busy = false;
  });
}
