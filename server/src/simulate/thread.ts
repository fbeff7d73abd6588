/** A task while the simulation runs, and what its kernel stack holds at any instant. */
import type { Behavior, LaneState, Task, TaskState } from './types';

/** klp's patch states: KLP_UNDEFINED, KLP_UNPATCHED, KLP_PATCHED. */
export type PatchState = -1 | 0 | 1;

export interface Thread {
  readonly pid: number;
  readonly comm: string;
  readonly kind: 'user' | 'kthread' | 'idle';
  readonly state: TaskState;
  readonly stack: readonly string[];
  readonly hidden: boolean;
  readonly behavior: Behavior;
  /** `queued`: runnable, waiting for its CPU. An idle thread is on its CPU exactly when nothing else is. */
  where: 'sleeping' | 'cpu' | 'queued' | 'gone';
  cpu: number;
  patchState: PatchState;
  /** TIF_PATCH_PENDING. */
  pending: boolean;
  /** Whether the patch's functions on the stack are the new ones: they keep the version they were entered with. */
  inNew: boolean;
  /** Counts sleeps, so that a wake-up planned for an earlier sleep is void. */
  sleeps: number;
  /** Busy threads: whether a kernel exit (or cond_resched) of the current turn is already planned. */
  exitPlanned: boolean;
}

export function createThread(task: Task, cpu: number, inNew: boolean): Thread {
  return {
    pid: task.pid,
    comm: task.comm,
    kind: task.kind,
    state: task.state,
    stack: task.stack,
    hidden: task.hidden === true,
    behavior: task.behavior,
    where: 'sleeping',
    cpu,
    patchState: -1,
    pending: false,
    inNew,
    sleeps: 0,
    exitPlanned: false,
  };
}

/** What a CPU's idle thread has on its stack while something else runs there. */
const IDLE_STACK = ['__schedule', 'schedule_idle', 'do_idle', 'cpu_startup_entry', 'start_secondary'];

export function createIdle(cpu: number, inNew: boolean): Thread {
  const task: Task = { pid: 0, comm: `swapper/${cpu}`, kind: 'kthread', state: 'R', stack: IDLE_STACK, behavior: { kind: 'busy' } };
  return { ...createThread(task, cpu, inNew), kind: 'idle', where: 'queued' };
}

/** A busy user task is preempted when an interrupt returns to user mode. */
const PREEMPTED_USER = ['__schedule', 'schedule', 'exit_to_user_mode_prepare', 'irqentry_exit_to_user_mode', 'asm_sysvec_apic_timer_interrupt'];
const PREEMPTED_KERNEL = ['__schedule', '__cond_resched'];

/** The kernel stack of a thread that is not running, innermost first. */
export function framesOf(thread: Thread): readonly string[] {
  if (thread.kind === 'idle' || thread.where === 'sleeping') return thread.stack;
  if (thread.behavior.kind === 'busy') return thread.kind === 'user' ? PREEMPTED_USER : [...PREEMPTED_KERNEL, ...thread.stack];
  return thread.where === 'cpu' && thread.kind === 'user' ? PREEMPTED_USER : thread.stack;
}

/** An empty stack of a task that is asleep was not readable: it says nothing. A zombie's is really empty. */
export function stackIsKnown(thread: Thread): boolean {
  return thread.where !== 'sleeping' || thread.stack.length > 0 || thread.state === 'Z';
}

export function laneState(thread: Thread): LaneState {
  if (thread.pending) return 'pending';
  return thread.patchState === 1 ? 'patched' : thread.patchState === 0 ? 'unpatched' : 'undefined';
}
