/** What a world is made of, and how it tells a model about the instants that matter. */
import type { EventQueue } from './queue';
import type { Random } from './random';
import type { Thread } from './thread';
import type { Costs, Machine } from './types';

export interface Hooks {
  /** The thread is about to return to user mode (exit_to_user_mode_loop()). */
  readonly exitToUser: (thread: Thread) => void;
  /** The idle thread came to the end of do_idle(). */
  readonly leaveIdle: (idle: Thread) => void;
  /** A busy kthread called cond_resched(). */
  readonly condResched: (thread: Thread) => void;
  /** `child` was just made by `parent` (copy_process()). */
  readonly forked: (parent: Thread, child: Thread) => void;
  readonly exited: (thread: Thread) => void;
  /** Whether a call of a patched function made by this thread now runs the new one. */
  readonly entersNew: (thread: Thread) => boolean;
}

export interface WorldParts {
  readonly machine: Machine;
  readonly queue: EventQueue;
  readonly random: Random;
  readonly costs: Costs;
  readonly uptimeNs: number;
  /** Whether the patch is already applied when the simulation starts. */
  readonly startsPatched: boolean;
  readonly hooks: Hooks;
}
