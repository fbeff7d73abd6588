/** What an update of a stored index has to scan, and what of it stays. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { KeptSegment } from '../kernel/index/file';
import { checksum } from '../kernel/index/layout';
import { STAMP_NUMBERS, type Stamp } from '../kernel/index/segment';
import type { StoredIndex, StoredSegment } from '../kernel/index/storedIndex';
import { FileBytes } from './treeFiles';

export interface UpdatePlan {
  /** Paths to scan, in order. */
  readonly changed: readonly string[];
  /** Files that are no longer there. */
  readonly removed: number;
  readonly kept: readonly KeptSegment[];
  /** Kept files with another time stamp than before. */
  readonly touched: number;
}

/** From this many segments on the small ones are scanned anew, as one: each costs every question a few reads. */
const MANY_SEGMENTS = 16;
/** Of the tree's files. */
const SMALL = 0.1;
/** An index with more dead files than this is built anew. */
const MOST_DEAD = 0.25;

/** All of `paths`, as if nothing were stored. */
export const planNew = (paths: readonly string[]): UpdatePlan => ({ changed: paths, removed: 0, kept: [], touched: 0 });

export function planUpdate(root: string, paths: readonly string[], index: StoredIndex): UpdatePlan {
  const missing = new Set(paths);
  const bytes = new FileBytes();
  const areMany = index.segments.length >= MANY_SEGMENTS;
  let dead = 0;
  let removed = 0;
  let touched = 0;
  const changed: string[] = [];
  const kept: KeptSegment[] = [];
  for (const segment of index.segments) {
    const isDropped = areMany && segment.place.files < SMALL * paths.length;
    const { stamps, deadFiles, different, gone, renewed } = compared(root, segment, missing, bytes, isDropped);
    changed.push(...different);
    removed += gone;
    if (isDropped) continue;
    dead += deadFiles.length;
    touched += renewed;
    kept.push({ place: { ...segment.place, dead: deadFiles }, from: segment.file, ...(renewed > 0 ? { stamps } : {}) });
  }
  for (const path of missing) changed.push(path);
  return dead > MOST_DEAD * paths.length ? { ...planNew(paths), removed } : { changed: changed.sort(), removed, kept, touched };
}

/** One segment's files held against the tree; its paths are taken out of `missing`. With `isDropped` all of them count as different. */
function compared(root: string, segment: StoredSegment, missing: Set<string>, bytes: FileBytes, isDropped: boolean): { stamps: Float64Array<ArrayBuffer>; deadFiles: number[]; different: string[]; gone: number; renewed: number } {
  const stamps = segment.stampNumbers();
  const deadFiles = [...segment.place.dead];
  const different: string[] = [];
  let gone = 0;
  let renewed = 0;
  segment.paths().forEach((path, file) => {
    if (!segment.isLive(file)) return;
    const isThere = missing.delete(path);
    const modified = isThere && !isDropped ? sameSince(join(root, path), segment.stamp(stamps, file), bytes) : undefined;
    if (modified === undefined) {
      deadFiles.push(file);
      if (isThere) different.push(path);
      else gone += 1;
    } else if (modified !== stamps[file * STAMP_NUMBERS + 1]) {
      stamps[file * STAMP_NUMBERS + 1] = modified;
      renewed += 1;
    }
  });
  return { stamps, deadFiles, different, gone, renewed };
}

/** When a file was last written that holds the same bytes as before: a branch was switched there and back. Undefined when it does not. */
function sameSince(path: string, stamp: Stamp, bytes: FileBytes): number | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.size !== stamp.size) return undefined;
  if (stat.mtimeMs === stamp.modified) return stat.mtimeMs;
  if (!bytes.read(path)) return undefined;
  const [one, other] = checksum(bytes.bytes.subarray(0, bytes.length));
  return one === stamp.content[0] && other === stamp.content[1] ? bytes.modified : undefined;
}
