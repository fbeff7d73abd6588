/** What can be drawn of a trace: of a bounded size, however large the machine was and however long it took. */
import type { Task } from './machine';
import type { Switching } from './switching';
import type { Blocker, InterruptSwitch, Lane, LaneState, LogLine, Pass, SwitchCause, Trace, Violation } from './trace';

/** How much there is room for. */
export interface Detail {
  /** The part of time that is drawn; the whole trace when absent. */
  readonly window?: TimeWindow;
  /** How many parts of it can be told apart: pixels, at most. */
  readonly columns: number;
  /** How many lanes. */
  readonly lanes: number;
  /** Only tasks in whose name, pid or blocking function this occurs, whatever the case; everybody when absent or empty. */
  readonly filter?: string;
}

export interface TimeWindow {
  readonly fromNs: number;
  readonly toNs: number;
}

export interface TraceView extends Omit<Trace, 'lanes' | 'assumptions' | 'figures' | 'passes' | 'log' | 'violations' | 'unpromised' | 'interrupts'> {
  /** What the model leaves out or takes for granted, and the figures that were assumed, one sentence each. */
  readonly assumptions: readonly string[];
  readonly window: TimeWindow;
  /** In the order of interest: who switched last, or never, comes first. `compact` has those in one group whom nobody waited for. */
  readonly groups: { readonly families: readonly Group[]; readonly compact: readonly Group[] };
  /** By pid: the tasks that groups and passes name first, as they were at the load. Idle tasks and those born later are not there. */
  readonly specimens: Readonly<Record<number, Specimen>>;
  /** Those within the window; more than there are columns are thinned out. */
  readonly passes: readonly PassView[];
  /** The kernel's lines within the window; of many debug lines in a row the first. */
  readonly log: readonly LogLine[];
  readonly logLeftOut: number;
  /** Those within the window, each of a CPU; of more than there are lanes some, evenly, the last one among them. Absent where interrupts have no universe of their own. */
  readonly interrupts?: { readonly switches: readonly InterruptSwitch[]; readonly more: number };
  /** Tasks to which the same happened together. */
  readonly violations: readonly { readonly text: string; readonly tasks: readonly string[]; readonly more: number }[];
}

/** One task to look at for many. */
export type Specimen = Pick<Task, 'comm' | 'state' | 'stack' | 'hidden' | 'hypothetical'>;

/** Tasks drawn as one lane: of one family of names and one course, or everything that is not worth a lane of its own. */
export interface Group {
  /** The task's name, or its family's. */
  readonly label: string;
  readonly tasks: number;
  readonly kinds: readonly ('user' | 'kthread' | 'idle')[];
  /** Of the first few; idle tasks have none. */
  readonly pids: readonly number[];
  readonly morePids: number;
  /** Where its tasks stood in the way; empty for tasks that switched when they were first looked at. */
  readonly blocks: readonly Block[];
  readonly moreBlocks: number;
  readonly fate: Fate;
  readonly shares: readonly Share[];
}

/** How it ended for the last of a group's tasks. `none`: all were born after the switch or ended before theirs, or no transition touched them. */
export type Fate = { readonly kind: 'pending' } | { readonly kind: 'switched'; readonly atNs: number; readonly cause: SwitchCause } | { readonly kind: 'none' };

/** Consecutive passes at which a group blocked for one reason. */
export interface Block {
  readonly fromPass: number;
  readonly toPass: number;
  readonly reason: Blocker['reason'];
  readonly function?: string;
}

/** How many of a group's tasks are in each state for a while: on average, where there was more change than there are columns. */
export interface Share {
  readonly fromNs: number;
  readonly toNs: number;
  readonly counts: Readonly<Record<LaneState, number>>;
}

export interface PassView extends Omit<Pass, 'blockers'> {
  /** How many tasks stood in the way. */
  readonly blocking: number;
  /** Those of one family and reason together, those on a patched function first. */
  readonly rows: readonly BlockerRow[];
  readonly moreRows: number;
}

export interface BlockerRow {
  readonly family: string;
  /** The one task, when it is only one. */
  readonly only?: { readonly comm: string; readonly pid: number };
  readonly tasks: number;
  readonly kind: Lane['kind'];
  /** Of the first few; idle tasks have none. */
  readonly pids: readonly number[];
  readonly reason: Blocker['reason'];
  readonly function?: string;
  /** How it went on for the last of them. */
  readonly fate: Fate;
}

/** One system among those compared: what its run comes to, and how it got there. */
export interface SystemView extends Switching, Pick<Trace, 'model' | 'outcome' | 'appliedMs' | 'completeMs' | 'pauseMs' | 'attempts' | 'endNs'> {
  readonly passes: number;
  readonly signals: number;
  /** Tasks in the way at the first and at the last pass or attempt that found some. */
  readonly blocking: { readonly first: number; readonly last: number };
  /** The share of tasks that have switched, 0 to 1, from each instant on; thinned out evenly on a logarithmic axis. */
  readonly curve: readonly { readonly atNs: number; readonly share: number }[];
  /** When nothing ran; of many short pauses the first. */
  readonly pauses: readonly TimeWindow[];
  /** From the first switch of a task to the last one, when old and new code run side by side; null when nobody switched. */
  readonly overlap: TimeWindow | null;
  /** Functions that met in different versions: against what the system promises or the patch rests on, or as the system never promised to prevent. */
  readonly broken: readonly Meeting[];
  readonly mixed: readonly Meeting[];
}

export type Meeting = Pick<Violation, 'invariant' | 'task' | 'atNs' | 'text' | 'functions'>;
