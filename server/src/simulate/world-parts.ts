/** What a world is made of, and how it tells a model about the instants that matter. */
import type { Calls } from './calls';
import type { EventQueue } from './queue';
import type { Random } from './random';
import type { TaskRandom } from './task-random';
import type { Thread } from './thread';
import type { Costs, Machine } from './types';

export interface Hooks {
  /** The user thread begins a system call. */
  readonly enterKernel: (thread: Thread) => void;
  /** The thread is about to return to user mode (exit_to_user_mode_loop()). */
  readonly exitToUser: (thread: Thread) => void;
  /** The kernel thread is at the top of its main loop. */
  readonly loopTop: (thread: Thread) => void;
  /** The idle thread came to the end of do_idle(). */
  readonly leaveIdle: (idle: Thread) => void;
  /** A busy kthread called cond_resched(). */
  readonly condResched: (thread: Thread) => void;
  /** The thread is about to sleep, and may be frozen meanwhile (TASK_FREEZABLE). */
  readonly freezableSleep: (thread: Thread) => void;
  /** `child` was just made by `parent` (copy_process()). */
  readonly forked: (parent: Thread, child: Thread) => void;
  readonly exited: (thread: Thread) => void;
  /** Whether nothing the thread may do concerns the model any more: it is left asleep, which spares most of the work on large machines. */
  readonly atRest: (thread: Thread) => boolean;
}

export interface WorldParts {
  readonly machine: Machine;
  readonly queue: EventQueue;
  readonly random: Random;
  readonly taskRandom: TaskRandom;
  readonly costs: Costs;
  readonly uptimeNs: number;
  readonly calls: Calls;
  readonly hooks: Hooks;
}
