/** One job of indexing: takes the next files of a common list until there are none, and makes one segment of them. */
import { join } from 'node:path';
import { SegmentBuilder, type Segment } from '../kernel/index/segment';
import { FileBytes } from './treeFiles';

/** What jobs share: the number of the next file, how many are done, and whether to stop. */
export const Shared = { next: 0, done: 1, stop: 2, numbers: 3 } as const;

/** Files taken at once: few enough that jobs end together. */
const TAKEN = 32;

/** Undefined when it was stopped. A file that cannot be read is left out. */
export function runJob(root: string, paths: readonly string[], shared: Int32Array, jobs: number): Segment | undefined {
  const builder = new SegmentBuilder(Math.ceil(paths.length / jobs));
  const file = new FileBytes();
  for (;;) {
    const from = Atomics.add(shared, Shared.next, TAKEN);
    if (from >= paths.length) return builder.finish();
    const to = Math.min(from + TAKEN, paths.length);
    for (let index = from; index < to; index += 1) {
      if (Atomics.load(shared, Shared.stop) !== 0) return undefined;
      const path = paths[index] ?? '';
      if (file.read(join(root, path))) builder.add(path, file.modified, file.bytes, file.length);
    }
    Atomics.add(shared, Shared.done, to - from);
  }
}
