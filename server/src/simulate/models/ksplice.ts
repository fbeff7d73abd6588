/**
 * Ksplice (0.9.x, kmodsrc/ksplice.c): jumps written over the functions' entries while the machine is stopped, after a
 * scan of every word of every stack.
 */
import type { Model, ModelRun, Simulation, SystemAction } from '../model';
import type { NumberedPatch } from '../patches';
import { jiffiesAt, jiffiesToNs } from '../time';
import { errorText } from './errno';
import { conflictOf, wordsOn } from './ksplice/scan';
import { blockerOf } from './shared/onStack';
import { operate } from './shared/operate';
import { noProgress } from './shared/progress';
import { stopMachine, threadsLookedAt } from './shared/stopMachine';
import { createWholeKernel, functionsHere } from './shared/wholeKernel';
import { modelRunOf, type WholeRun } from './shared/wholeRun';

/** apply_update(), reverse_update(): five stops, and a second of sleep after each that found the code busy, the last one too. */
const ATTEMPTS = 5;
const RETRY_MS = 1000;

export const ksplice: Model = {
  name: 'ksplice',
  when: 'leave patched set',
  what: 'kernel',
  driven: 'up to five attempts a second apart',
  pauses: 'every CPU, for each attempt',
  promises: ['I1', 'I3', 'I4', 'I5', 'I6', 'I7'],
  costs: ['stopBaseNs', 'stopPerCpuNs', 'stopPerTaskNs', 'stopCompareNs', 'stopCommitNs', 'runNs', 'sliceNs'],
  refuse: () => undefined,
  start,
  assumptions: [
    'As if Ksplice had been ported to this kernel; it was made for 2.6.8 to 3.x.',
    'Words that look like addresses of patched functions lie on a stack only where the task says so (`stale`).',
    'Non-maskable interrupts are not held up by the stop, and nothing protects them while an entry is written.',
  ],
};

function start(simulation: Simulation): ModelRun {
  const kernel = createWholeKernel(simulation);
  const run: WholeRun = { ...noProgress(), attempts: 0, kernel, busy: false };
  return modelRunOf(run, change, (action) => act(run, action));
}

/** apply_update() or reverse_update(). */
function change(run: WholeRun, patch: NumberedPatch, target: 0 | 1): void {
  const { kernel } = run;
  const { recorder } = kernel.simulation;
  run.busy = true;
  run.ended = undefined;
  const missing = patch.functions.find(({ object }) => !kernel.objects.has(object));
  if (target === 1 && missing !== undefined) {
    abort(run, patch, 'target_not_loaded');
    return;
  }
  kernel.begin(patch, target);
  recorder.log('notice', `ksplice: ${patch.patch.name}: preparing`);
  attempt(run, patch, target, 0);
}

function attempt(run: WholeRun, patch: NumberedPatch, target: 0 | 1, index: number): void {
  const { kernel } = run;
  const { queue, recorder, input, uptimeNs } = kernel.simulation;
  run.attempts++;
  const threads = threadsLookedAt(kernel.world);
  const functions = functionsHere(patch, kernel.objects);
  const searched = new Map(functions.map(({ name }) => [name, target === 1 ? kernel.versions.top(name) : patch.number]));
  const words = threads.reduce((sum, thread) => sum + wordsOn(thread), 0);
  const conflicts = threads.flatMap((thread) => conflictOf(kernel, thread, searched) ?? []);
  const atNs = queue.now();
  stopMachine(kernel.simulation, threads.length, words * functions.length, () => {
    const blockers = conflicts.map(blockerOf);
    recorder.pass({ index: run.attempts - 1, atNs, cpu: kernel.world.cpus.loader, switched: blockers.length === 0 ? threads.length : 0, blockers });
    if (conflicts.length === 0) {
      applied(run, patch, target);
      return;
    }
    const { hz } = input.machine;
    const wake = jiffiesToNs(jiffiesAt(uptimeNs + queue.now(), hz) + (RETRY_MS * hz) / 1000, hz) - uptimeNs;
    queue.at(wake, () => {
      if (index + 1 < ATTEMPTS) {
        attempt(run, patch, target, index + 1);
        return;
      }
      // The file `conflicts`: a line for each task, with all that was found on it.
      for (const { thread, labels } of conflicts) recorder.log('notice', `ksplice: ${thread.comm} ${thread.pid} ${labels.join(' ')}`);
      recorder.log('warn', `ksplice: Aborted ${patch.patch.name}.  stack check: to-be-${target === 1 ? 'replaced' : 'reversed'} code is busy.`);
      kernel.abandon(target);
      kernel.consistency.settle(patch.number);
      abort(run, patch, 'code_busy');
    });
  });
}

function applied(run: WholeRun, patch: NumberedPatch, target: 0 | 1): void {
  const { kernel } = run;
  const { queue, recorder } = kernel.simulation;
  kernel.commit(patch, target, 'machine stopped');
  recorder.log('notice', `ksplice: Atomic patch ${target === 1 ? 'insertion' : 'removal'} for ${patch.patch.name} complete`);
  recorder.log('notice', `ksplice: ${patch.patch.name}: ${target === 1 ? 'applied' : 'reversed'}`);
  if (target === 0) kernel.consistency.freed(patch.number);
  run.appliedNs ??= queue.now();
  run.completeNs ??= queue.now();
  run.ended = 'complete';
  run.busy = false;
}

function abort(run: WholeRun, patch: NumberedPatch, cause: string): void {
  run.kernel.simulation.recorder.log('warn', `ksplice: ${patch.patch.name}: abort_cause ${cause}`);
  run.ended = 'failed';
  run.busy = false;
}

function act(run: WholeRun, action: SystemAction): string {
  const { applied: updates, simulation } = run.kernel;
  // MODULE_BUSY: a later update was made on top of this one's code.
  if (action.kind === 'disable' && action.patch !== undefined && updates.some(({ patch }) => patch.name === action.patch) && updates.at(-1)?.patch.name !== action.patch) return 'module_busy';
  if (action.kind === 'replace') simulation.recorder.note('Ksplice replaces no other update: it is stacked on them.');
  return errorText(operate(run, action, (patch, target) => { change(run, patch, target); }));
}
