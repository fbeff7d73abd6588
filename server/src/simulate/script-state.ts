import type { Step } from './types';

/** Where a scripted thread is. */
export interface ScriptState {
  /** The calls it is in, outermost first. */
  readonly calls: string[];
  /** The same with the steps left of each; the bottom level is the script itself. */
  readonly levels: Level[];
  /** Whether the sleep or the work it is in can be ended by a signal. */
  interruptible: boolean;
  /** Counts spells of work, so that the end planned for an earlier one is void. */
  works: number;
  /** A signal came in this system call: no interruptible sleep lasts any more. */
  signalled: boolean;
}

export interface Level {
  readonly steps: readonly Step[];
  next: number;
  /** Whether the call left a frame that the models look for. */
  readonly framed: boolean;
}
