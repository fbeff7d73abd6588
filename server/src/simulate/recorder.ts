/** Gathers a trace while a model runs, and checks the invariants that every model must hold at each switch. */
import { laneState, type Thread } from './thread';
import { NS_PER_MS } from './time';
import type { Action, Invariant, Lane, LaneSegment, LaneState, LogLine, Pass, SwitchCause, Trace, Violation } from './types';

interface OpenLane {
  readonly thread: Thread;
  readonly segments: LaneSegment[];
  readonly switches: { readonly atNs: number; readonly cause: SwitchCause }[];
  state: LaneState;
  sinceNs: number;
  ended: boolean;
  /** Switches since the transition started or was reversed. */
  recentSwitches: number;
}

/** An invariant that did not hold. */
export interface Breach {
  readonly invariant: Invariant;
  /** Absent when it is nobody's in particular. */
  readonly thread?: Thread;
  readonly text: string;
  /** The functions that met; each pair is told once for each invariant. */
  readonly functions?: readonly [string, string];
  /** The patch says that it rests on this, whatever the model promises. */
  readonly needed?: boolean;
}

/** A breach, and how often the like of it came again. */
interface Told {
  readonly violation: Violation;
  more: number;
}

function inFull({ violation, more }: Told): Violation {
  return more === 0 ? violation : { ...violation, text: `${violation.text} (and ${more} more times)` };
}

export interface Recorder {
  /** A line of the kernel's log, its prefix included. */
  readonly log: (level: LogLine['level'], text: string, atNs?: number) => void;
  readonly lines: () => readonly LogLine[];
  readonly pass: (pass: Pass) => void;
  readonly signal: () => void;
  readonly action: (kind: Action['kind'], result: string) => void;
  readonly violations: () => readonly Violation[];
  readonly violation: (breach: Breach) => void;
  readonly pause: (fromNs: number, toNs: number) => void;
  readonly note: (text: string) => void;
  /** The thread's patch state or pending flag changed without a switch (a start, a reversal, the end). */
  readonly mark: (thread: Thread) => void;
  /** The thread switched, for the given cause. */
  readonly switched: (thread: Thread, cause: SwitchCause) => void;
  readonly forked: (parent: Thread, child: Thread) => void;
  readonly exited: (thread: Thread) => void;
  /** From here on each thread may switch once more. */
  readonly newDirection: () => void;
  readonly finish: (endNs: number) => Pick<Trace, 'passes' | 'signals' | 'actions' | 'lanes' | 'log' | 'violations' | 'unpromised' | 'pauses' | 'notes'>;
}

/** @param promises what the model promises; other breaches count only when the patch rests on them */
export function createRecorder(now: () => number, promises: readonly Invariant[]): Recorder {
  const lanes = new Map<Thread, OpenLane>();
  const passes: Pass[] = [];
  const signals: { readonly atNs: number }[] = [];
  const actions: Trace['actions'][number][] = [];
  const log: LogLine[] = [];
  const violations: Told[] = [];
  const unpromised: Told[] = [];
  const pauses: { readonly fromNs: number; readonly toNs: number }[] = [];
  const told = new Map<string, Told>();
  const notes: string[] = [];

  function laneOf(thread: Thread, bornNs: number): OpenLane {
    let lane = lanes.get(thread);
    if (lane === undefined) {
      lane = { thread, segments: [], switches: [], state: 'undefined', sinceNs: bornNs, ended: false, recentSwitches: 0 };
      lanes.set(thread, lane);
    }
    return lane;
  }

  function close(lane: OpenLane, atNs: number): void {
    if (atNs > lane.sinceNs) lane.segments.push({ fromNs: lane.sinceNs, toNs: atNs, state: lane.state });
    lane.sinceNs = atNs;
  }

  function mark(thread: Thread): void {
    const lane = laneOf(thread, 0);
    const state = laneState(thread);
    if (state === lane.state) return;
    close(lane, now());
    lane.state = state;
  }

  function violation({ invariant, thread, text, functions, needed = false }: Breach): void {
    const counts = needed || promises.includes(invariant);
    // Each forced task is told; what comes of a model's nature is told once, with how often it came.
    const key = functions === undefined ? (counts ? undefined : `${invariant} ${text}`) : `${invariant} ${functions.join(' ')} ${counts}`;
    const before = key === undefined ? undefined : told.get(key);
    if (before !== undefined) {
      before.more++;
      return;
    }
    const first = { violation: { invariant, task: thread === undefined ? '' : `${thread.comm}:${thread.pid}`, atNs: now(), text, ...(functions && { functions }) }, more: 0 };
    if (key !== undefined) told.set(key, first);
    (counts ? violations : unpromised).push(first);
  }

  return {
    log: (level, text, atNs = now()) => log.push({ atNs, text, level }),
    lines: () => log,
    pass: (pass) => passes.push(pass),
    signal: () => signals.push({ atNs: now() }),
    action: (kind, result) => actions.push({ atNs: now(), kind, result }),
    violations: () => violations.map(inFull),
    violation,
    pause: (fromNs, toNs) => pauses.push({ fromNs, toNs }),
    note: (text) => {
      if (!notes.includes(text)) notes.push(text);
    },
    mark,
    switched: (thread, cause) => {
      const lane = laneOf(thread, 0);
      lane.switches.push({ atNs: now(), cause });
      if (++lane.recentSwitches > 1) violation({ invariant: 'I5', thread, text: 'switched twice in one direction' });
      mark(thread);
    },
    forked: (parent, child) => {
      const lane = laneOf(child, now());
      lane.state = laneState(child);
      if (child.patchState !== parent.patchState) violation({ invariant: 'I6', thread: child, text: `state ${child.patchState} differs from its parent's ${parent.patchState}` });
    },
    exited: (thread) => {
      const lane = laneOf(thread, 0);
      close(lane, now());
      lane.ended = true;
    },
    newDirection: () => {
      for (const lane of lanes.values()) lane.recentSwitches = 0;
    },
    finish: (endNs) => {
      const done = [...lanes.values()].map((lane): Lane => {
        if (!lane.ended) close(lane, endNs);
        const { pid, comm, kind } = lane.thread;
        return { pid, comm, kind, segments: lane.segments, switches: lane.switches };
      });
      // Lines of one pass carry their own times; a signal handled in between must not come out of order.
      log.sort((a, b) => a.atNs - b.atNs);
      return { passes, signals, actions, lanes: done, log, violations: violations.map(inFull), unpromised: unpromised.map(inFull), pauses, notes };
    },
  };
}

export function toMs(ns: number): number {
  return Math.round(ns / 1000) / (NS_PER_MS / 1000);
}
