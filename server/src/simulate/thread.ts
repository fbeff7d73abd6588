/** A task while the simulation runs, and what its kernel stack holds at any instant. */
import type { Course } from './courses';
import type { ScriptState } from './script-state';
import type { Behavior, LaneState, Task, TaskState } from './types';

/** klp's patch states: KLP_UNDEFINED, KLP_UNPATCHED, KLP_PATCHED. */
export type PatchState = -1 | 0 | 1;

/** A function that some patch replaces, on a stack. */
export interface Frame {
  readonly name: string;
  /** The patch whose code runs, by number; 0 is the original. A frame keeps the version it was entered with. */
  readonly version: number;
  /** The recorded stack hides scheduler functions: this one may or may not be there. */
  readonly possible?: true;
}

export interface Thread {
  readonly pid: number;
  readonly comm: string;
  readonly kind: 'user' | 'kthread' | 'idle';
  readonly state: TaskState;
  readonly stack: readonly string[];
  readonly hidden: boolean;
  readonly behavior: Behavior;
  /** What a checkpoint or a word scan needs to know; the simulation itself does not. */
  readonly task: Task;
  /** `queued`: runnable, waiting for its CPU. An idle thread is on its CPU exactly when nothing else is. */
  where: 'sleeping' | 'cpu' | 'queued' | 'gone';
  cpu: number;
  patchState: PatchState;
  /** TIF_PATCH_PENDING; in other models the same: still to switch. */
  pending: boolean;
  /** Patched functions that were entered and not left, outermost first. */
  frames: readonly Frame[];
  /** The first patched function that this system call (or round of a kernel thread) entered, and its version. */
  first: Frame | undefined;
  /** Counts sleeps, so that a wake-up planned for an earlier sleep is void. */
  sleeps: number;
  /** Busy threads: whether a kernel exit (or cond_resched) of the current turn is already planned. */
  exitPlanned: boolean;
  /** Scripted threads: where they are. */
  script: ScriptState | undefined;
  /** How many random numbers it has drawn (task-random.ts). */
  draws: number;
  /** What became of it so far; undefined before anything did. */
  course: Course | undefined;
}

const NO_FRAMES: readonly Frame[] = [];

export function createThread(task: Task, cpu: number): Thread {
  return {
    pid: task.pid,
    comm: task.comm,
    kind: task.kind,
    state: task.state,
    stack: task.stack,
    hidden: task.hidden === true,
    behavior: task.behavior,
    task,
    where: 'sleeping',
    cpu,
    patchState: -1,
    pending: false,
    frames: NO_FRAMES,
    first: undefined,
    sleeps: 0,
    exitPlanned: false,
    script: undefined,
    draws: 0,
    course: undefined,
  };
}

/** What a CPU's idle thread has on its stack while something else runs there. */
const IDLE_STACK = ['__schedule', 'schedule_idle', 'do_idle', 'cpu_startup_entry', 'start_secondary'];

export function createIdle(cpu: number): Thread {
  const task: Task = { pid: 0, comm: `swapper/${cpu}`, kind: 'kthread', state: 'R', stack: IDLE_STACK, behavior: { kind: 'busy' } };
  return { ...createThread(task, cpu), kind: 'idle', where: 'queued' };
}

/** A busy user task is preempted when an interrupt returns to user mode. */
const PREEMPTED_USER = ['__schedule', 'schedule', 'exit_to_user_mode_prepare', 'irqentry_exit_to_user_mode', 'asm_sysvec_apic_timer_interrupt'];
const PREEMPTED_KERNEL = ['__schedule', '__cond_resched'];
const ASLEEP = ['__schedule', 'schedule'];

/** The kernel stack of a thread that is not running, innermost first. */
export function stackOf(thread: Thread): readonly string[] {
  if (thread.script !== undefined) return scriptStack(thread, thread.script);
  if (thread.kind === 'idle' || thread.where === 'sleeping') return thread.stack;
  if (thread.behavior.kind === 'busy') return thread.kind === 'user' ? PREEMPTED_USER : [...PREEMPTED_KERNEL, ...thread.stack];
  return thread.where === 'cpu' && thread.kind === 'user' ? PREEMPTED_USER : thread.stack;
}

function scriptStack(thread: Thread, script: ScriptState): readonly string[] {
  const calls = script.calls.toReversed();
  if (thread.kind === 'user' && calls.length === 0) return PREEMPTED_USER;
  return [...ASLEEP, ...calls, ...(thread.kind === 'user' ? ['do_syscall_64', 'entry_SYSCALL_64_after_hwframe'] : thread.stack)];
}

/** An empty stack of a task that is asleep was not readable: it says nothing. A zombie's is really empty. */
export function stackIsKnown(thread: Thread): boolean {
  return thread.where !== 'sleeping' || thread.stack.length > 0 || thread.state === 'Z' || thread.script !== undefined;
}

/** Whether it runs, or would run, in user mode: between two system calls. */
export function inUserMode(thread: Thread): boolean {
  if (thread.kind !== 'user') return false;
  return thread.script === undefined ? thread.behavior.kind === 'busy' : thread.script.calls.length === 0;
}

export function laneState(thread: Thread): LaneState {
  if (thread.pending) return 'pending';
  return thread.patchState === 1 ? 'patched' : thread.patchState === 0 ? 'unpatched' : 'undefined';
}
