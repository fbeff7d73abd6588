/** Makes a tree's index, or brings it up to date: only files that changed are scanned. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { indexFile, NotAnIndexError, type KeptSegment } from '../kernel/index/file';
import { checksum } from '../kernel/index/layout';
import type { Segment, Stamp } from '../kernel/index/segment';
import type { StoredIndex } from '../kernel/index/storedIndex';
import { nodeDisk, writeAtomically, type Disk } from './atomicWrite';
import { openIndex } from './indexFile';
import { runJob, Shared } from './indexJob';
import type { JobOrder } from './indexWorker';
import { FileBytes, sourcePaths } from './treeFiles';

export interface IndexOptions {
  /** Threads that scan; one runs in this thread. */
  readonly jobs: number;
  /** Path of the built indexWorker.js; without it there is one job. */
  readonly worker?: string;
  readonly signal?: AbortSignal;
  readonly disk?: Disk;
  readonly progress?: (done: number, total: number) => void;
}

export interface IndexSummary {
  /** Files in the index. */
  readonly files: number;
  /** Of them, those that were scanned now. */
  readonly scanned: number;
  /** Files that are no longer there. */
  readonly removed: number;
}

/** An index of more segments, or with more dead files, is built anew. */
const MOST_SEGMENTS = 8;
const MOST_DEAD = 0.25;

/** Rejects when the index cannot be written, or when it was aborted; then the stored index is what it was. A damaged one is built anew. */
export async function updateIndex(root: string, path: string, options: IndexOptions): Promise<IndexSummary> {
  const paths = sourcePaths(root);
  options.signal?.throwIfAborted();
  const stored = openIndex(path, root);
  try {
    if (stored !== undefined) return await bringUpToDate(root, path, paths, stored.index, options);
  } catch (error) {
    if (!(error instanceof NotAnIndexError)) throw error;
  } finally {
    stored?.close();
  }
  return write(root, path, paths, { changed: paths, removed: 0, kept: [] }, options);
}

async function bringUpToDate(root: string, path: string, paths: readonly string[], index: StoredIndex, options: IndexOptions): Promise<IndexSummary> {
  const plan = planUpdate(root, paths, index);
  if (plan.changed.length + plan.removed === 0) return { files: paths.length, scanned: 0, removed: 0 };
  return write(root, path, paths, plan, options);
}

async function write(root: string, path: string, paths: readonly string[], { changed, removed, kept }: UpdatePlan, options: IndexOptions): Promise<IndexSummary> {
  const made = await scan(root, changed, options);
  writeAtomically(path, indexFile(root, kept, made), options.disk ?? nodeDisk);
  return { files: paths.length, scanned: changed.length, removed };
}

interface UpdatePlan {
  readonly changed: readonly string[];
  readonly removed: number;
  readonly kept: readonly KeptSegment[];
}

/** What is to be scanned: what changed, or all when the index has become a patchwork. */
function planUpdate(root: string, paths: readonly string[], index: StoredIndex): UpdatePlan {
  const missing = new Set(paths);
  const bytes = new FileBytes();
  let dead = 0;
  let removed = 0;
  const changed: string[] = [];
  const kept = index.segments.map((segment) => {
    const stamps = segment.stamps();
    const deadFiles = [...segment.place.dead];
    segment.paths().forEach((path, file) => {
      if (!segment.isLive(file)) return;
      const isThere = missing.delete(path);
      const stamp = stamps[file];
      if (isThere && stamp !== undefined && isSame(join(root, path), stamp, bytes)) return;
      deadFiles.push(file);
      if (isThere) changed.push(path);
      else removed += 1;
    });
    dead += deadFiles.length;
    return { place: { ...segment.place, dead: deadFiles }, from: segment.file };
  });
  changed.push(...missing);
  const isPatchwork = dead > MOST_DEAD * paths.length || kept.length >= MOST_SEGMENTS;
  return isPatchwork ? { changed: paths, removed, kept: [] } : { changed: changed.sort(), removed, kept };
}

/** A file of another time stamp may still hold the same bytes: a branch was switched there and back. */
function isSame(path: string, stamp: Stamp, bytes: FileBytes): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.size !== stamp.size) return false;
  if (stat.mtimeMs === stamp.modified) return true;
  if (!bytes.read(path)) return false;
  const [one, other] = checksum(bytes.bytes.subarray(0, bytes.length));
  return one === stamp.content[0] && other === stamp.content[1];
}

async function scan(root: string, paths: readonly string[], { jobs, worker, signal, progress }: IndexOptions): Promise<Segment[]> {
  const shared = new Int32Array(new SharedArrayBuffer(Shared.numbers * 4));
  if (worker === undefined) return found([runJob(root, paths, shared, 1)], signal);
  const stop = (): void => { Atomics.store(shared, Shared.stop, 1); };
  signal?.addEventListener('abort', stop);
  const timer = setInterval(() => progress?.(Atomics.load(shared, Shared.done), paths.length), 100);
  try {
    return found(await Promise.all(Array.from({ length: jobs }, () => inThread(worker, { root, paths, shared, jobs }))), signal);
  } finally {
    clearInterval(timer);
    signal?.removeEventListener('abort', stop);
  }
}

function found(segments: readonly (Segment | undefined)[], signal: AbortSignal | undefined): Segment[] {
  signal?.throwIfAborted();
  return segments.filter((segment) => segment !== undefined);
}

function inThread(script: string, order: JobOrder): Promise<Segment | undefined> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(script, { workerData: order });
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', (code) => { if (code !== 0) reject(new Error(`an indexing thread ended with ${code}`)); });
  });
}
