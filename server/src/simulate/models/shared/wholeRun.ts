/** How a system that switches everybody at once is set going, and what it tells in the end. */
import type { ModelRun, SystemAction } from '../../model';
import type { NumberedPatch } from '../../patches';
import { errorText } from '../errno';
import { operate } from './operate';
import { resultOf, type Progress } from './progress';
import type { WholeKernel } from './wholeKernel';

export interface WholeRun extends Progress {
  readonly kernel: WholeKernel;
  /** Something is under way, and nothing else can begin. */
  busy: boolean;
}

/**
 * Begins with the first patch at once.
 *
 * @param change loads a patch, or with target 0 takes it back
 * @param act what an action comes to, where that is another text than the error's
 */
export function modelRunOf<R extends WholeRun>(run: R, change: (run: R, patch: NumberedPatch, target: 0 | 1) => void, act?: (action: SystemAction) => string | undefined): ModelRun {
  const { world, simulation } = run.kernel;
  const { queue, patches, input } = simulation;
  queue.at(0, () => {
    const [first] = patches;
    if (first !== undefined) change(run, first, input.direction === 'unpatch' ? 0 : 1);
  });
  return {
    world,
    finished: () => !run.busy && run.ended !== undefined,
    act: act ?? ((action) => errorText(operate(run, action, (patch, target) => { change(run, patch, target); }))),
    lockedUntilNs: () => 0,
    result: () => resultOf(simulation, run),
  };
}
