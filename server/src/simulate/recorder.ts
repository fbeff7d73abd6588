/** Gathers a trace while a model runs, and checks the invariants that every model must hold at each switch. */
import { beginCourse, goOn, type Course } from './courses';
import { lanesOf } from './lanes';
import { laneState, type Thread } from './thread';
import { NS_PER_MS } from './time';
import type { Action, Blocker, InterruptSwitch, Invariant, LogLine, Pass, SwitchCause, Trace, Violation } from './types';

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
  /** A CPU's interrupts did. */
  readonly interruptsSwitched: (cpu: number, to: InterruptSwitch['to']) => void;
  readonly forked: (parent: Thread, child: Thread) => void;
  readonly exited: (thread: Thread) => void;
  /** From here on each thread may switch once more. */
  readonly newDirection: () => void;
  readonly finish: (endNs: number) => Pick<Trace, 'passes' | 'signals' | 'actions' | 'lanes' | 'log' | 'violations' | 'unpromised' | 'interrupts' | 'pauses' | 'notes'>;
}

/** @param promises what the model promises; other breaches count only when the patch rests on them */
export function createRecorder(now: () => number, promises: readonly Invariant[]): Recorder {
  /** Everybody who has a course, in the order in which they got one. */
  const recorded: Thread[] = [];
  const beginning = beginCourse(0, 'undefined');
  let direction = 0;
  const passes: Pass[] = [];
  const signals: { readonly atNs: number }[] = [];
  const actions: Trace['actions'][number][] = [];
  const log: LogLine[] = [];
  const violations: Told[] = [];
  const unpromised: Told[] = [];
  const pauses: { readonly fromNs: number; readonly toNs: number }[] = [];
  const interrupts: InterruptSwitch[] = [];
  const told = new Map<string, Told>();
  const notes: string[] = [];

  function record(thread: Thread, course: Course): void {
    if (thread.course === undefined) recorded.push(thread);
    thread.course = course;
  }

  /** The thread goes on into another state; a switch is told even when the state stays. */
  function goInto(thread: Thread, state: Course['state'], cause?: SwitchCause): void {
    const { course = beginning } = thread;
    if (state === course.state && cause === undefined) record(thread, course);
    else record(thread, goOn(course, { atNs: now(), state, direction, ...(cause !== undefined && { cause }) }));
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
    pass: (pass) => {
      const before = passes.at(-1)?.blockers;
      const same = before?.length === pass.blockers.length && pass.blockers.every((blocker, i) => isSame(blocker, before[i]));
      passes.push(same ? { ...pass, blockers: before } : pass);
    },
    signal: () => signals.push({ atNs: now() }),
    action: (kind, result) => actions.push({ atNs: now(), kind, result }),
    violations: () => violations.map(inFull),
    violation,
    pause: (fromNs, toNs) => pauses.push({ fromNs, toNs }),
    note: (text) => {
      if (!notes.includes(text)) notes.push(text);
    },
    mark: (thread) => { goInto(thread, laneState(thread)); },
    switched: (thread, cause) => {
      goInto(thread, laneState(thread), cause);
      if (thread.course !== undefined && thread.course.switches > 1) violation({ invariant: 'I5', thread, text: 'switched twice in one direction' });
    },
    interruptsSwitched: (cpu, to) => interrupts.push({ atNs: now(), cpu, to }),
    forked: (parent, child) => {
      record(child, beginCourse(now(), laneState(child)));
      if (child.patchState !== parent.patchState) violation({ invariant: 'I6', thread: child, text: `state ${child.patchState} differs from its parent's ${parent.patchState}` });
    },
    exited: (thread) => { goInto(thread, 'gone'); },
    newDirection: () => { direction++; },
    finish: (endNs) => {
      // Lines of one pass carry their own times; a signal handled in between must not come out of order.
      log.sort((a, b) => a.atNs - b.atNs);
      return { passes, signals, actions, lanes: lanesOf(recorded, endNs), log, violations: violations.map(inFull), unpromised: unpromised.map(inFull), ...(interrupts.length > 0 && { interrupts }), pauses, notes };
    },
  };
}

/** Passes that find the same share their list: who is stuck stays stuck. */
function isSame(a: Blocker, b: Blocker | undefined): boolean {
  return a === b || (b?.pid === a.pid && a.reason === b.reason && a.function === b.function && a.comm === b.comm);
}

export function toMs(ns: number): number {
  return Math.round(ns / 1000) / (NS_PER_MS / 1000);
}
