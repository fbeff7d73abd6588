/** One job of indexing: takes the next files of a common list until there are none, or its memory is full, and makes one segment of them. */
import { join } from 'node:path';
import { SegmentBuilder, type Segment } from '../kernel/index/segment';
import { FileBytes } from './treeFiles';

/** What jobs share: how many files are taken, from which end, how many are done, whether to stop, and how many there are. */
export const Shared = { taken: 0, front: 1, back: 2, done: 3, stop: 4, total: 5, numbers: 6 } as const;

export const sharedCounters = (): Int32Array => new Int32Array(new SharedArrayBuffer(Shared.numbers * Int32Array.BYTES_PER_ELEMENT));

export interface JobOrder {
  readonly kind: 'job';
  readonly root: string;
  /** The list all jobs take from. */
  readonly paths: readonly string[];
  readonly shared: Int32Array;
  /** Takes from the end of the list: two jobs, one at each end, share few names, which costs both time and memory. */
  readonly isBackwards: boolean;
  /** About how many files it will take. */
  readonly files: number;
  /** Bytes its segment may take before it ends, once it has at least `least` files. */
  readonly memory: number;
  readonly least: number;
}

/** Files taken at once: few enough that jobs end together. */
const TAKEN = 32;

/** Undefined when it was stopped, or no file was left. A file that cannot be read is left out. */
export function runJob({ root, paths, shared, isBackwards, files, memory, least }: JobOrder): Segment | undefined {
  let builder: SegmentBuilder | undefined;
  const file = new FileBytes();
  for (let mine = 0; mine < least || (builder?.memory ?? 0) <= memory;) {
    const count = Math.min(TAKEN, paths.length - Atomics.add(shared, Shared.taken, TAKEN));
    if (count <= 0) break;
    const from = isBackwards ? paths.length - count - Atomics.add(shared, Shared.back, count) : Atomics.add(shared, Shared.front, count);
    builder ??= new SegmentBuilder(files);
    for (const path of paths.slice(from, from + count)) {
      if (Atomics.load(shared, Shared.stop) !== 0) return undefined;
      if (file.read(join(root, path))) builder.add(path, file.modified, file.bytes, file.length);
    }
    Atomics.add(shared, Shared.done, count);
    mine += count;
  }
  return builder?.finish();
}
