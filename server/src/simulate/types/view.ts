/** What can be drawn of a trace: of a bounded size, however large the machine was and however long it took. */
import type { Blocker, LaneState, LogLine, Pass, SwitchCause, Trace } from './trace';

/** How much there is room for. */
export interface Detail {
  /** The part of time that is drawn; the whole trace when absent. */
  readonly window?: TimeWindow;
  /** How many parts of it can be told apart: pixels, at most. */
  readonly columns: number;
  /** How many lanes. */
  readonly lanes: number;
}

export interface TimeWindow {
  readonly fromNs: number;
  readonly toNs: number;
}

export interface TraceView extends Omit<Trace, 'lanes' | 'passes' | 'log' | 'violations' | 'unpromised'> {
  readonly window: TimeWindow;
  /** In the order of interest: who switched last, or never, comes first. `compact` has those in one group whom nobody waited for. */
  readonly groups: { readonly families: readonly Group[]; readonly compact: readonly Group[] };
  /** Those within the window; more than there are columns are thinned out. */
  readonly passes: readonly PassView[];
  /** The kernel's lines within the window; of many debug lines in a row the first. */
  readonly log: readonly LogLine[];
  readonly logLeftOut: number;
  /** Tasks to which the same happened together. */
  readonly violations: readonly { readonly text: string; readonly tasks: readonly string[]; readonly more: number }[];
}

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
  readonly reason: Blocker['reason'];
  readonly function?: string;
}
