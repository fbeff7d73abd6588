/** What is read off a real machine: its tasks with their stacks, and what could not be told. Plain, serialisable data. */
import type { Preemption, TaskState, Unwinder } from '../types';

/** How the text was written, recognized by its content; docs/snapshots.md has a sample of each. */
export type SnapshotFormat = 'collector' | 'sysrq' | 'crash' | 'perf' | 'bpftrace' | 'proc';

export interface Snapshot {
  readonly format: SnapshotFormat;
  /** In the order of the text, one entry per thread; idle tasks (pid 0) and the task that took the snapshot are left out. */
  readonly tasks: readonly SnapshotTask[];
  readonly facts: MachineFacts;
  /** What could not be told, one sentence each; never empty for formats that leave something out. */
  readonly untold: readonly string[];
  readonly malformed: Malformed;
}

/** Lines that look like part of a snapshot and are not; they are left out, and nothing else is. */
export interface Malformed {
  readonly count: number;
  /** The first few, by line number from 1. */
  readonly first: readonly { readonly line: number; readonly why: string }[];
}

export interface SnapshotTask {
  readonly pid: number;
  readonly tgid?: number;
  /** `?` where the format does not tell it. */
  readonly comm: string;
  readonly kind: 'user' | 'kthread';
  readonly state: TaskState;
  /** The state was inferred from the stack, because the format does not tell it. */
  readonly stateInferred?: boolean;
  /** Innermost first. Empty for a running task in user mode, and for one whose stack is not known. */
  readonly frames: readonly Frame[];
  /** Entries marked `?`: addresses found on the stack that the unwinder did not confirm. livepatch does not count them. */
  readonly possible: readonly Frame[];
  /** The format leaves out scheduler functions (every form of /proc/PID/stack does). */
  readonly hidden: boolean;
  /** Why frames may be missing from `frames`; absent when the whole stack is there. */
  readonly incomplete?: string;
  /** TIF_PATCH_PENDING was set: a transition was in progress, and this task had not switched. */
  readonly pending?: boolean;
  /** /proc/PID/task/TID/patch_state. */
  readonly patchState?: -1 | 0 | 1;
}

export interface Frame {
  /** As the kernel printed it, with the compiler's suffixes: `do_pselect.constprop.0`. */
  readonly symbol: string;
  /** Without them, as in the source: `do_pselect`. */
  readonly name: string;
  /** Absent: vmlinux, or not told (bpftrace). */
  readonly module?: string;
  /** An address for which there was no symbol. */
  readonly unresolved?: boolean;
}

/** What the text tells of the machine; whatever is absent it does not tell. */
export interface MachineFacts {
  kernelVersion?: string;
  arch?: string;
  cpus?: number;
  hz?: number;
  preemption?: Preemption;
  unwinder?: Unwinder;
  reliableStacks?: boolean;
  /** `enabled` of the live patch whose transition was in progress: which state its tasks were to reach. */
  transitionTo?: 0 | 1;
}

/** A function to be patched; without `object` it is wherever the snapshot has it. */
export interface AskedFunction {
  readonly name: string;
  readonly object?: string;
}
