/** A discrete-event queue: a binary heap by time, first come first served at the same instant. */

export interface EventQueue {
  /** The instant of the event being carried out, in ns. */
  readonly now: () => number;
  /** Carries out `run` at `atNs`; a time in the past counts as now. */
  readonly at: (atNs: number, run: () => void) => void;
  /** The time of the next event; undefined when there is none. */
  readonly peek: () => number | undefined;
  /** Moves to the next event and carries it out; false when there is none. */
  readonly step: () => boolean;
}

interface Entry {
  readonly atNs: number;
  /** Breaks ties, so that the order never depends on the heap's shape. */
  readonly order: number;
  readonly run: () => void;
}

function before(a: Entry, b: Entry): boolean {
  return a.atNs < b.atNs || (a.atNs === b.atNs && a.order < b.order);
}

export function createQueue(): EventQueue {
  const heap: Entry[] = [];
  let nowNs = 0;
  let order = 0;

  const push = (entry: Entry): void => {
    let i = heap.push(entry) - 1;
    while (i > 0) {
      const up = (i - 1) >> 1;
      const parent = heap[up];
      if (parent === undefined || before(parent, entry)) break;
      heap[i] = parent;
      i = up;
    }
    heap[i] = entry;
  };

  const pop = (): Entry | undefined => {
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let i = 0;
    for (;;) {
      const left = heap[2 * i + 1];
      const right = heap[2 * i + 2];
      if (left === undefined) break;
      const rightFirst = right !== undefined && before(right, left);
      const child = rightFirst ? right : left;
      if (before(last, child)) break;
      heap[i] = child;
      i = 2 * i + (rightFirst ? 2 : 1);
    }
    heap[i] = last;
    return top;
  };

  return {
    now: () => nowNs,
    at: (atNs, run) => {
      push({ atNs: Math.max(nowNs, Math.round(atNs)), order: order++, run });
    },
    peek: () => heap[0]?.atNs,
    step: () => {
      const next = pop();
      if (next === undefined) return false;
      nowNs = next.atNs;
      next.run();
      return true;
    },
  };
}
