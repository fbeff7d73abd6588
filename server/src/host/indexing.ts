/** Makes a tree's index, or brings it up to date: only files that changed are scanned. */
import { indexFile, NotAnIndexError, type KeptSegment } from '../kernel/index/file';
import type { Segment } from '../kernel/index/segment';
import { nodeDisk, writeAtomically, type Disk } from './atomicWrite';
import { openIndex, type OpenIndex } from './indexFile';
import { runJob, Shared, sharedCounters, type JobOrder } from './indexJob';
import { planNew, planUpdate, type UpdatePlan } from './indexPlan';
import { inThread, release } from './indexThread';
import { sourcePaths } from './treeFiles';

export interface IndexOptions {
  /** Threads that scan; one runs in this thread. */
  readonly jobs: number;
  /** Path of the built indexWorker.js; without it there is one job. */
  readonly worker?: string;
  /**
   * What making it may take beside the process it runs in, in MB. What does not fit is scanned in rounds, at most `MOST_PARTS` of them, each
   * written down before the next. Below 128 for one job, 192 for two, it changes nothing more: a round takes what a sixth of the tree takes.
   */
  readonly memory?: number;
  /** While one job runs in this thread, nobody hears of it: see `shared`. */
  readonly signal?: AbortSignal;
  readonly disk?: Disk;
  /** Ten times a second at most. */
  readonly progress?: (done: number, total: number) => void;
  /** Where another thread sees how far this one is (`Shared`), and stops it. */
  readonly shared?: Int32Array;
}

export interface IndexSummary {
  /** Files in the index. */
  readonly files: number;
  /** Of them, those that were scanned now. */
  readonly scanned: number;
  /** Files that are no longer there. */
  readonly removed: number;
}

/** Segments that one update makes at most, or one more for each further job. */
const MOST_PARTS = 6;
/** What an update takes beside its segments, and what each job's thread does, in MB: measured on Linux 6.1, where one job takes 240 in all, its segment 170. */
const UPDATE_MB = 60;
const THREAD_MB = 30;
/** Bytes that a file of Linux 6.1 takes in a segment while that is made. */
const FILE_BYTES = 3300;
/** Kept files that were read because of their time stamp: with more, writing the new ones down is cheaper than reading so many again. */
const MOST_TOUCHED = 2000;

/**
 * Rejects when the index cannot be written, or when it was aborted; then the stored index is what it was, and rounds that were done lie beside it
 * (`.part`) for the next update to go on from. A damaged index is built anew.
 */
export async function updateIndex(root: string, path: string, options: IndexOptions): Promise<IndexSummary> {
  const { signal, progress, shared = sharedCounters() } = options;
  signal?.throwIfAborted();
  const stop = (): void => { Atomics.store(shared, Shared.stop, 1); };
  signal?.addEventListener('abort', stop);
  const timer = progress && setInterval(() => { progress(Atomics.load(shared, Shared.done), Atomics.load(shared, Shared.total)); }, 100);
  try {
    return await new Update(root, path, options, shared).run();
  } finally {
    clearInterval(timer);
    signal?.removeEventListener('abort', stop);
  }
}

class Update {
  readonly #part: string;
  readonly #disk: Disk;
  readonly #paths: readonly string[];

  constructor(
    readonly root: string,
    readonly path: string,
    readonly options: IndexOptions,
    readonly shared: Int32Array,
  ) {
    this.#part = `${path}.part`;
    this.#disk = options.disk ?? nodeDisk;
    this.#paths = sourcePaths(root);
  }

  async run(): Promise<IndexSummary> {
    for (const file of [this.#part, this.path]) {
      const stored = openIndex(file, this.root);
      try {
        if (stored !== undefined) return await this.#carryOut(planUpdate(this.root, this.#paths, stored.index), file === this.#part);
      } catch (error) {
        if (!(error instanceof NotAnIndexError)) throw error;
      } finally {
        stored?.close();
      }
    }
    return this.#carryOut(planNew(this.#paths), false);
  }

  async #carryOut(plan: UpdatePlan, isPart: boolean): Promise<IndexSummary> {
    const { changed, removed, touched } = plan;
    if (isPart || changed.length + removed > 0 || touched > MOST_TOUCHED) {
      const rounds = await this.#rounds(plan);
      if (isPart || rounds > 1) this.#disk.remove(this.#part);
    }
    return { files: this.#paths.length, scanned: changed.length, removed };
  }

  async #rounds({ changed, kept }: UpdatePlan): Promise<number> {
    this.shared.fill(0, 0, Shared.stop);
    Atomics.store(this.shared, Shared.total, changed.length);
    let done: OpenIndex | undefined;
    try {
      for (let round = 1; ; round += 1) {
        const made = await this.#scan(changed);
        this.#throwIfStopped();
        const isLast = Atomics.load(this.shared, Shared.taken) >= changed.length;
        const keeping: readonly KeptSegment[] = done === undefined ? kept : done.index.segments.map((segment) => ({ place: segment.place, from: segment.file }));
        writeAtomically(isLast ? this.path : this.#part, indexFile(this.root, keeping, made), this.#disk);
        if (isLast) return round;
        made.forEach(release);
        done?.close();
        done = openIndex(this.#part, this.root);
        if (done === undefined) throw new Error(`${this.#part} was changed while it was written`);
      }
    } finally {
      done?.close();
    }
  }

  async #scan(paths: readonly string[]): Promise<Segment[]> {
    const { worker, memory } = this.options;
    const jobs = worker === undefined ? 1 : this.options.jobs;
    const most = memory === undefined ? Infinity : (Math.max(0, memory - UPDATE_MB - jobs * THREAD_MB) / jobs) * 2 ** 20;
    const least = Math.ceil(paths.length / MOST_PARTS);
    const files = Math.min(Math.ceil(paths.length / jobs), Math.max(least, Math.ceil(most / FILE_BYTES)));
    const orders = Array.from({ length: jobs }, (_, job): JobOrder => ({ kind: 'job', root: this.root, paths, shared: this.shared, isBackwards: job % 2 === 1, files, memory: most, least }));
    try {
      const segments = worker === undefined ? orders.map(runJob) : await Promise.all(orders.map((order) => inThread<Segment | undefined>(worker, order)));
      return segments.filter((segment) => segment !== undefined);
    } catch (error) {
      Atomics.store(this.shared, Shared.stop, 1);
      throw error;
    }
  }

  #throwIfStopped(): void {
    this.options.signal?.throwIfAborted();
    if (Atomics.load(this.shared, Shared.stop) !== 0) throw new Error('cancelled');
  }
}
