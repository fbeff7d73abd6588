/** The entry of a function, and where its frame lies. */
import type { Frame, Thread } from './thread';

/** What a CPU is doing when it enters a function. `idle` is the idle thread's own code. */
export type Context = 'task' | 'idle' | 'softirq' | 'irq' | 'nmi';

/** The entry of a function. */
export interface Call {
  readonly name: string;
  readonly context: Context;
  /** `current`: the thread that calls, or the one that was interrupted. */
  readonly thread: Thread;
  readonly cpu: number;
}

/** Where frames lie: a thread's stack, or the stack of one interrupt. */
export interface FrameHolder {
  frames: readonly Frame[];
  first: Frame | undefined;
}
