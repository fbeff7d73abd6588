/** A discrete-event queue: events in order of time, first come first served at the same instant. */
import { createHeap, type Heap } from './heap';

export interface EventQueue {
  /** The instant of the event being carried out, in integer ns. */
  readonly now: () => number;
  /** Carries out `run` at `atNs`; a time in the past counts as now. */
  readonly at: (atNs: number, run: () => void) => void;
  /** The same for what happens to many: `act` is one function for all of them. `stamp` tells a subject whether it still waits for this event. */
  readonly atFor: <S>(atNs: number, act: (subject: S, stamp: number) => void, subject: S, stamp: number) => void;
  /** The same for what no stopped machine holds up: non-maskable interrupts, and whoever stopped it. */
  readonly atEvenStopped: (atNs: number, run: () => void) => void;
  /** Stands still until `untilNs`: what is due before is carried out then, in its order. */
  readonly stopUntil: (untilNs: number) => void;
  /** The time of the next event; Infinity when there is none. */
  readonly peek: () => number;
  /** Moves to the next event and carries it out, if there is one. */
  readonly step: () => void;
}

const carryOut = (run: () => void): void => { run(); };

export function createQueue(): EventQueue {
  const ordinary = createHeap();
  const unstoppable = createHeap();
  let nowNs = 0;
  let stoppedUntilNs = 0;
  let order = 0;

  function push<S>(heap: Heap, atNs: number, act: (subject: S, stamp: number) => void, subject: S, stamp: number): void {
    // Times are in integer ns, whatever the figures they were made of.
    heap.push(Math.max(nowNs, Math.round(atNs)), order++, act, subject, stamp);
  }

  /** When the first ordinary event can be: not while the machine is stopped. */
  const dueNs = (): number => Math.max(ordinary.atNs(), stoppedUntilNs);

  /** Of two that are due at once, what was held up comes after whoever held it up. */
  function unstoppableFirst(): boolean {
    const due = dueNs();
    const other = unstoppable.atNs();
    return other < due || (other === due && (ordinary.atNs() < due || unstoppable.order() < ordinary.order()));
  }

  return {
    now: () => nowNs,
    at: (atNs, run) => { push(ordinary, atNs, carryOut, run, 0); },
    atFor: (atNs, act, subject, stamp) => { push(ordinary, atNs, act, subject, stamp); },
    atEvenStopped: (atNs, run) => { push(unstoppable, atNs, carryOut, run, 0); },
    stopUntil: (untilNs) => { stoppedUntilNs = Math.max(stoppedUntilNs, Math.round(untilNs)); },
    peek: () => Math.min(dueNs(), unstoppable.atNs()),
    step: () => {
      const heap = unstoppable.atNs() !== Infinity && unstoppableFirst() ? unstoppable : ordinary;
      const atNs = heap === ordinary ? dueNs() : unstoppable.atNs();
      if (atNs === Infinity) return;
      nowNs = Math.max(nowNs, atNs);
      heap.run();
    },
  };
}
