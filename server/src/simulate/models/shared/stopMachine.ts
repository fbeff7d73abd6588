/** stop_machine(): every CPU stops in step, one of them works, all go on. What it costs is the whole system's pause. */
import type { Simulation } from '../../model';
import type { Thread } from '../../thread';
import type { World } from '../../world';

/** Whom the worker looks at: the task list, which does not have the idle threads. */
export function threadsLookedAt(world: World): readonly Thread[] {
  return world.threads.filter(({ where }) => where !== 'gone');
}

/**
 * Stops the machine now and lets it go on when the worker is done.
 *
 * @param compared how many words or frames are compared with a function each
 * @param then what the worker does last, at the end of the stop; nobody has run since the beginning
 */
export function stopMachine({ input, queue, costs, recorder }: Simulation, looked: number, compared: number, then: () => void): void {
  const fromNs = queue.now();
  const tookNs = costs.stopBaseNs + costs.stopPerCpuNs * input.machine.cpus + costs.stopPerTaskNs * looked + costs.stopCompareNs * compared + costs.stopCommitNs;
  const toNs = Math.round(fromNs + tookNs);
  queue.stopUntil(toNs);
  recorder.pause(fromNs, toNs);
  // Before anything else of that instant: whatever waited for the machine finds it as the worker left it.
  queue.atEvenStopped(toNs, then);
}
