/** What kernel/kgraft.c keeps, which version a call gets, and how a task migrates. */
import type { Call } from '../../call';
import type { Simulation } from '../../model';
import type { NumberedPatch } from '../../patches';
import type { Recorder } from '../../recorder';
import type { Rig } from '../../rig';
import type { Thread } from '../../thread';
import type { SwitchCause } from '../../types';
import type { Versions } from '../../versions';
import type { Progress } from '../shared/progress';

export interface Kgraft extends Rig, Progress {
  readonly simulation: Simulation;
  readonly versions: Versions;
  readonly objects: Set<string>;
  /** Patches in use, oldest first. */
  readonly applied: NumberedPatch[];
  /** kgr_patch and kgr_revert while kgr_in_progress. */
  course: { readonly patch: NumberedPatch; readonly revert: boolean } | undefined;
  /** kgr_immutable: until every task is marked, everybody runs old code. */
  immutable: boolean;
  /** kgr_irq_use_new: CPUs whose interrupts run new code. */
  irqNew: Set<number>;
  passes: number;
  /** "kgr still in progress" is said once. */
  told: boolean;
  readonly timeoutNs: number;
}

/** The slow stub; outside of a transition the fast one, which always redirects. */
export function resolve(run: Kgraft, { name, context, thread, cpu }: Call): number {
  const top = run.versions.top(name);
  const { course } = run;
  if (course?.patch.number !== top) return top;
  const interrupt = context !== 'task' && context !== 'idle';
  const goesNew = interrupt ? run.irqNew.has(cpu) : run.immutable ? false : !thread.pending;
  // While a patch is taken back, "new" is the code below it.
  return goesNew !== course.revert ? top : run.versions.below(name, top);
}

/** The flag is cleared, without a look at the stack: at system calls, on the way to user mode, at safe points. */
export function migrate(run: Kgraft, thread: Thread, cause: SwitchCause): void {
  if (!thread.pending || run.course === undefined) return;
  thread.pending = false;
  thread.patchState = run.course.revert ? 0 : 1;
  run.simulation.recorder.switched(thread, cause);
  run.consistency.switched(thread, run.course.patch.number);
}

/** kgr_task_safe() in a kernel thread's main loop, where somebody has put one. */
export function safePoint(run: Kgraft, thread: Thread): void {
  if (isAnnotated(thread)) migrate(run, thread, 'safe point');
}

export const isAnnotated = ({ task, behavior }: Thread): boolean => task.annotated ?? behavior.kind !== 'busy';

export function copyTask(recorder: Recorder, parent: Thread, child: Thread): void {
  child.pending = parent.pending;
  child.patchState = parent.patchState;
  recorder.forked(parent, child);
}
