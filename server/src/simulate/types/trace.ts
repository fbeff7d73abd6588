/** What a simulation gives. */
import type { Action, ModelName } from './input';
import type { Machine } from './machine';
import type { SimulatedPatch } from './patch';

export type SimulationResult =
  | { readonly ok: true; readonly trace: Trace }
  /** `cancelled` when `shouldStop` said so; otherwise the input is at fault and `message` says where. */
  | { readonly ok: false; readonly cancelled: boolean; readonly message: string };

/**
 * `complete`: everybody switched. `stuck`: the operator gave up waiting. `failed`: it did not happen, because it was
 * refused or reversed. `unsafe`: it completed, but a promise of the model, or a relation the patch rests on, was broken.
 */
export type Outcome = 'complete' | 'stuck' | 'failed' | 'unsafe';

export type BlockReason = 'running' | 'sleeping' | 'unreliable' | 'unknown';

/** A task that a pass could not switch. */
export interface Blocker {
  readonly pid: number;
  readonly comm: string;
  readonly reason: BlockReason;
  /** The function of the patch the task sleeps on, or might sleep on (`unknown`). */
  readonly function?: string;
  /** The task is imagined (`Task.hypothetical`). */
  readonly hypothetical?: true;
}

export interface Pass {
  /** 0 for the one made inside the load, then counting up; a reversal does not start anew. */
  readonly index: number;
  readonly atNs: number;
  /** The CPU whose worker made the pass. */
  readonly cpu: number;
  /** How many tasks this pass switched. */
  readonly switched: number;
  /** In the order in which the kernel looks: threads, then idle tasks by CPU. */
  readonly blockers: readonly Blocker[];
}

export type SwitchCause =
  | 'stack check' | 'exit to user' | 'idle' | 'cond_resched' | 'freezable sleep' | 'fork' | 'forced' | 'offline'
  /** kGraft: at the beginning of a system call, and where a kernel thread says it is safe. */
  | 'system call' | 'safe point'
  /** Everybody at once, while the machine stood still; or because the kernel underneath is another one. */
  | 'machine stopped' | 'new kernel'
  /** The last function was redirected, whatever the task was doing. */
  | 'redirection';

/** `pending`: still in the old universe with TIF_PATCH_PENDING set. `undefined`: no transition touches the task. */
export type LaneState = 'undefined' | 'unpatched' | 'pending' | 'patched';

export interface LaneSegment {
  readonly fromNs: number;
  readonly toNs: number;
  readonly state: LaneState;
}

/** The life of tasks of one name to which the same happened at the same instants. Segments touch each other and cover that life. */
export interface Lane {
  readonly comm: string;
  /** All its tasks are imagined (`Task.hypothetical`). */
  readonly hypothetical?: true;
  readonly kind: 'user' | 'kthread' | 'idle';
  /** Of each of the tasks; an idle task's is 0. */
  readonly pids: readonly number[];
  readonly segments: readonly LaneSegment[];
  /** Every switch of each of the tasks, in order. */
  readonly switches: readonly { readonly atNs: number; readonly cause: SwitchCause }[];
}

export interface LogLine {
  readonly atNs: number;
  /** Without the timestamp: `livepatch: 'p': patching complete`. */
  readonly text: string;
  /** As printk: debug lines show only with dynamic debug on for kernel/livepatch. */
  readonly level: 'warn' | 'notice' | 'debug';
}

/**
 * I1 whole kernel (nobody enters old code once somebody has entered new), I2 each task (one system call or one round of
 * a kernel thread runs one version), I3 activeness (nobody switches with a function of the patch on its stack), I4 no
 * dangling text (removed code is on no stack), I5 monotonic (a task switches once), I6 fork (a child starts in its
 * parent's state), I7 one transition at a time, I8 the log's grammar. `data`: what old code made, new code used.
 */
export type Invariant = 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8' | 'data';

export interface Violation {
  readonly invariant: Invariant;
  /** `comm:pid`. */
  readonly task: string;
  readonly atNs: number;
  readonly text: string;
  /** The two functions that met in different versions. */
  readonly functions?: readonly [string, string];
}

/** How long something takes, as it was simulated. */
export interface Figure {
  /** As in `Costs`. */
  readonly name: string;
  readonly ms: number;
  /** What takes so long. */
  readonly what: string;
  /** A guess, or who measured it. */
  readonly source: string;
  /** It decides whom a pass finds where, and so whether and when it is over; the others add to the time alone. */
  readonly decides: boolean;
}

/** The interrupts of one CPU go over to the other universe, whatever its tasks do. */
export interface InterruptSwitch {
  readonly atNs: number;
  readonly cpu: number;
  readonly to: 'old' | 'new';
}

export interface Trace {
  readonly seed: number;
  readonly model: ModelName;
  readonly patch: SimulatedPatch;
  readonly machine: Omit<Machine, 'tasks'> & { readonly tasks: number; readonly uptimeMs: number };
  readonly outcome: Outcome;
  /** When every task had switched in the direction asked for. */
  readonly appliedMs: number | null;
  /** When the kernel said so. */
  readonly completeMs: number | null;
  /** How long the whole system stood still. */
  readonly pauseMs: number;
  /** How often the patch was tried (systems that try, give up and try again). */
  readonly attempts: number;
  readonly endNs: number;
  readonly passes: readonly Pass[];
  readonly signals: readonly { readonly atNs: number }[];
  readonly actions: readonly { readonly atNs: number; readonly kind: Action['kind']; readonly result: string }[];
  readonly lanes: readonly Lane[];
  readonly log: readonly LogLine[];
  /** Broken: what the model promises, or what the patch says it rests on (`SimulatedPatch.relations`). */
  readonly violations: readonly Violation[];
  /** Invariants that did not hold and that the model never promised: each pair of functions once, with its first instant. */
  readonly unpromised: readonly Violation[];
  /** In order of time; absent where interrupts have no universe of their own (all systems but kGraft). */
  readonly interrupts?: readonly InterruptSwitch[];
  /** When nothing ran, on any CPU. */
  readonly pauses: readonly { readonly fromNs: number; readonly toNs: number }[];
  /** Imagined tasks and why, one sentence each; absent without any. */
  readonly hypothetical?: readonly string[];
  /** What the model leaves out or takes for granted, one sentence each. */
  readonly assumptions: readonly string[];
  /** What no kernel source gives, of the costs that count for the model. */
  readonly figures: readonly Figure[];
  /** What happened that the kernel's log does not say, one sentence each. */
  readonly notes: readonly string[];
}
