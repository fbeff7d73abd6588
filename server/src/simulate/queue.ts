/** A discrete-event queue: events in order of time, first come first served at the same instant. */
import { before, createHeap, type Entry } from './heap';

export interface EventQueue {
  /** The instant of the event being carried out, in integer ns. */
  readonly now: () => number;
  /** Carries out `run` at `atNs`; a time in the past counts as now. */
  readonly at: (atNs: number, run: () => void) => void;
  /** The same for what no stopped machine holds up: non-maskable interrupts, and whoever stopped it. */
  readonly atEvenStopped: (atNs: number, run: () => void) => void;
  /** Stands still until `untilNs`: what is due before is carried out then, in its order. */
  readonly stopUntil: (untilNs: number) => void;
  /** The time of the next event; undefined when there is none. */
  readonly peek: () => number | undefined;
  /** Moves to the next event and carries it out; false when there is none. */
  readonly step: () => boolean;
}

export function createQueue(): EventQueue {
  const ordinary = createHeap();
  const unstoppable = createHeap();
  let nowNs = 0;
  let stoppedUntilNs = 0;
  let order = 0;

  /** Times are in integer ns, whatever the figures they were made of. */
  const entry = (atNs: number, run: () => void): Entry => ({ atNs: Math.max(nowNs, Math.round(atNs)), order: order++, run });
  const due = ({ atNs }: Entry): number => Math.max(atNs, stoppedUntilNs);
  /** Of two that are due at once, what was held up comes after whoever held it up. */
  const unstoppableFirst = (a: Entry | undefined, b: Entry): boolean => a === undefined || b.atNs < due(a) || (b.atNs === due(a) && (a.atNs < due(a) || before(b, a)));

  return {
    now: () => nowNs,
    at: (atNs, run) => { ordinary.push(entry(atNs, run)); },
    atEvenStopped: (atNs, run) => { unstoppable.push(entry(atNs, run)); },
    stopUntil: (untilNs) => { stoppedUntilNs = Math.max(stoppedUntilNs, Math.round(untilNs)); },
    peek: () => {
      const [a, b] = [ordinary.peek(), unstoppable.peek()];
      if (a === undefined || b === undefined) return a === undefined ? b?.atNs : due(a);
      return Math.min(due(a), b.atNs);
    },
    step: () => {
      const [a, b] = [ordinary.peek(), unstoppable.peek()];
      const next = b !== undefined && unstoppableFirst(a, b) ? unstoppable.pop() : ordinary.pop();
      if (next === undefined) return false;
      nowNs = Math.max(nowNs, next === b ? next.atNs : due(next));
      next.run();
      return true;
    },
  };
}
