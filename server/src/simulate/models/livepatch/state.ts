/** What kernel/livepatch/ keeps in globals, and the ways a single task changes its state. */
import type { Simulation } from '../../model';
import type { PatchState, Thread } from '../../thread';
import type { SwitchCause } from '../../types';
import type { World } from '../../world';
import type { Features } from './features';
import { checkStack, haveReliableStack } from './stack-check';

export interface Klp {
  readonly simulation: Simulation;
  readonly features: Features;
  readonly world: World;
  /** klp_target_state; -1 when no transition is in progress. */
  target: PatchState;
  /** patch->enabled. */
  enabled: boolean;
  /** The direction the operator asked for. */
  wanted: 0 | 1;
  signalsCnt: number;
  passes: number;
  /**
   * The CPU on which the passes are made: the loader's. Its timer stays there (get_nohz_timer_target() leaves the
   * timers of a CPU that is not idle), and so does the work; in two recorded transitions of 16 and 25 passes it never moved.
   */
  worker: number;
  /** klp_mutex: held until that time. Infinity: whoever holds it never returns. */
  mutexFreeNs: number;
  /** Actions of the operator that have not happened yet. */
  actionsLeft: number;
  ended: 'complete' | 'reversed' | undefined;
  appliedNs: number | undefined;
  completeNs: number | undefined;
}

export const verb = (target: PatchState): string => (target === 1 ? 'patching' : 'unpatching');

export function everyone({ world }: Klp): Thread[] {
  return [...world.threads.filter((thread) => thread.where !== 'gone'), ...world.idle, ...world.offline];
}

/** klp_copy_process(). */
export function copyProcess(klp: Klp, parent: Thread, child: Thread): void {
  child.pending = parent.pending;
  child.patchState = parent.patchState;
  klp.simulation.recorder.forked(parent, child);
}

/** klp_update_patch_state(): no look at the stack. */
export function updatePatchState(klp: Klp, thread: Thread, cause: SwitchCause): void {
  if (!thread.pending) return;
  thread.pending = false;
  thread.patchState = klp.target;
  klp.simulation.recorder.switched(thread, cause);
}

/** __klp_sched_try_switch(), 6.4 to 6.15: a pending kthread judges its own stack in cond_resched(). */
export function schedTrySwitch(klp: Klp, thread: Thread): void {
  const { input } = klp.simulation;
  if (!klp.features.condResched || !thread.pending || klp.target === -1 || !haveReliableStack(input.machine)) return;
  if (checkStack(thread, input.patch.functions, klp.target, input.machine).reason === 'clean') updatePatchState(klp, thread, 'cond_resched');
}
