/**
 * A heap of events by time; what is due at the same instant comes out in the order it went in. What it compares lies in one
 * typed array, and an event that shares its function with others makes no object of its own: a million events take 50 MB.
 */

/** What happens: shared by all events of a kind, which differ in whom it happens to. */
export type Act = (subject: never, stamp: number) => void;

export interface Heap {
  /** @param order breaks ties, so that what comes first never depends on the heap's shape */
  readonly push: (atNs: number, order: number, act: Act, subject: unknown, stamp: number) => void;
  /** When the first event is due; Infinity when there is none. */
  readonly atNs: () => number;
  readonly order: () => number;
  /** Takes the first event out, then carries it out. */
  readonly run: () => void;
}

/** Four children each: half as deep as with two, and the four lie side by side. */
const WIDTH = 4;

/** Numbers kept for each entry: when, its order, and in which slot the rest of it lies. */
const STRIDE = 3;

const nothing: Act = () => undefined;

export function createHeap(): Heap {
  let entries = new Float64Array(64 * STRIDE);
  let size = 0;
  const acts: Act[] = [];
  const subjects: unknown[] = [];
  const stamps: number[] = [];
  const freeSlots: number[] = [];

  const number = (index: number): number => entries[index] ?? Infinity;

  /** Whether the entry at `a` comes before an event of that time and order. */
  function before(a: number, atNs: number, order: number): boolean {
    const at = number(a * STRIDE);
    return at < atNs || (at === atNs && number(a * STRIDE + 1) < order);
  }

  function put(index: number, atNs: number, order: number, slot: number): void {
    entries[index * STRIDE] = atNs;
    entries[index * STRIDE + 1] = order;
    entries[index * STRIDE + 2] = slot;
  }

  const move = (from: number, to: number): void => { put(to, number(from * STRIDE), number(from * STRIDE + 1), number(from * STRIDE + 2)); };

  function firstChild(of: number): number | undefined {
    const from = of * WIDTH + 1;
    if (from >= size) return undefined;
    let first = from;
    for (let child = from + 1; child < Math.min(from + WIDTH, size); child++) if (before(child, number(first * STRIDE), number(first * STRIDE + 1))) first = child;
    return first;
  }

  function removeFirst(): void {
    size--;
    const atNs = number(size * STRIDE);
    const order = number(size * STRIDE + 1);
    let hole = 0;
    for (let child = firstChild(hole); child !== undefined && before(child, atNs, order); child = firstChild(hole)) {
      move(child, hole);
      hole = child;
    }
    move(size, hole);
  }

  return {
    push: (atNs, order, act, subject, stamp) => {
      const slot = freeSlots.pop() ?? acts.length;
      acts[slot] = act;
      subjects[slot] = subject;
      stamps[slot] = stamp;
      if ((size + 1) * STRIDE > entries.length) {
        const grown = new Float64Array(entries.length * 2);
        grown.set(entries);
        entries = grown;
      }
      let hole = size++;
      for (let up = (hole - 1) >> 2; hole > 0 && !before(up, atNs, order); up = (hole - 1) >> 2) {
        move(up, hole);
        hole = up;
      }
      put(hole, atNs, order, slot);
    },
    atNs: () => (size === 0 ? Infinity : number(0)),
    order: () => number(1),
    run: () => {
      if (size === 0) return;
      const slot = number(2);
      removeFirst();
      const act = acts[slot] ?? nothing;
      const subject = subjects[slot];
      const stamp = stamps[slot] ?? 0;
      acts[slot] = nothing;
      subjects[slot] = undefined;
      freeSlots.push(slot);
      act(subject as never, stamp);
    },
  };
}
