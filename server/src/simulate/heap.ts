/** A binary heap by time; what is due at the same instant comes out in the order it went in. */

export interface Entry {
  readonly atNs: number;
  /** Breaks ties, so that the order never depends on the heap's shape. */
  readonly order: number;
  readonly run: () => void;
}

export function before(a: Entry, b: Entry): boolean {
  return a.atNs < b.atNs || (a.atNs === b.atNs && a.order < b.order);
}

export interface Heap {
  readonly push: (entry: Entry) => void;
  readonly peek: () => Entry | undefined;
  readonly pop: () => Entry | undefined;
}

export function createHeap(): Heap {
  const heap: Entry[] = [];
  return {
    push: (entry) => {
      let i = heap.push(entry) - 1;
      while (i > 0) {
        const up = (i - 1) >> 1;
        const parent = heap[up];
        if (parent === undefined || before(parent, entry)) break;
        heap[i] = parent;
        i = up;
      }
      heap[i] = entry;
    },
    peek: () => heap[0],
    pop: () => {
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
    },
  };
}
