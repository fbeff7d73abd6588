/** What live patching is weighed against: another kernel takes over, in phases, and meanwhile nothing runs. */
import type { ModelRun, Simulation } from '../../model';
import { ENOENT, errorText } from '../errno';
import { noProgress, resultOf } from './progress';
import { createWholeKernel, type WholeKernel } from './wholeKernel';

export interface Phase {
  readonly name: string;
  readonly ns: number;
  /** Lines for the log when it begins. */
  readonly says?: readonly string[];
  /** What happens when it ends. */
  readonly then?: (kernel: WholeKernel) => void;
  /** The kernel has changed when this phase is over. */
  readonly changes?: true;
}

/**
 * Goes through the phases one after the other; the whole of it is the pause.
 *
 * @param obstacle why it cannot even begin, with a line for the log; undefined when it can
 */
export function restartIn(simulation: Simulation, phases: readonly Phase[], obstacle?: (kernel: WholeKernel) => string | undefined): ModelRun {
  const { queue, recorder, patches } = simulation;
  const kernel = createWholeKernel(simulation);
  const run = noProgress();

  function go(index: number): void {
    const phase = phases[index];
    if (phase === undefined) {
      run.completeNs = queue.now();
      run.ended = 'complete';
      return;
    }
    for (const line of phase.says ?? []) recorder.log('notice', line);
    if (phase.ns > 0) recorder.note(`${phase.name}: ${Number((phase.ns / 1e9).toPrecision(3))} s.`);
    queue.atEvenStopped(queue.now() + phase.ns, () => {
      if (phase.changes === true) run.appliedNs = queue.now();
      phase.then?.(kernel);
      go(index + 1);
    });
  }

  queue.at(0, () => {
    const [first] = patches;
    if (first !== undefined) kernel.begin(first, 1);
    const text = obstacle?.(kernel);
    if (text !== undefined) {
      recorder.log('warn', text);
      kernel.abandon(1);
      run.ended = 'failed';
      return;
    }
    recorder.pause(queue.now(), queue.now() + phases.reduce((sum, { ns }) => sum + ns, 0));
    go(0);
  });
  return {
    world: kernel.world,
    finished: () => run.ended !== undefined,
    // There is no patch to act on: what is changed is in the kernel that boots.
    act: () => errorText(ENOENT),
    lockedUntilNs: () => 0,
    result: () => resultOf(simulation, run),
  };
}

/** The new kernel's code is everybody's code, and of what ran before nothing is left. */
export function takeOver(kernel: WholeKernel): void {
  const [first] = kernel.simulation.patches;
  if (first !== undefined) kernel.commit(first, 1, 'new kernel');
  kernel.consistency.converted();
}
