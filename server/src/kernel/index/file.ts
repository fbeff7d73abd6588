/**
 * The index file: segments one behind the other, a directory (JSON), the checksums of all pages, and a trailer. It is written beside its place,
 * flushed, and renamed, so that there is a whole one or none. `PagedFile` reads it.
 */
import { aligned, bytesOf, checksum } from './layout';
import { PARTS, type Segment } from './segment';

export interface Directory {
  /** Goes up with every change of what the bytes mean. */
  readonly format: number;
  /** Goes up when the scanner finds other things than before. */
  readonly scanner: number;
  /** Absolute path of the tree. */
  readonly tree: string;
  readonly segments: readonly SegmentPlace[];
}

export interface SegmentPlace {
  /** Where each part begins in the file, and where the last one ends. */
  readonly offsets: readonly number[];
  /** Bytes of each part, without what fills it up to a multiple of 8. */
  readonly lengths: readonly number[];
  readonly files: number;
  /** Numbers of files whose items count no more: they changed, or are gone. */
  readonly dead: readonly number[];
}

export const FORMAT = 3;
export const SCANNER = 3;

export const MAGIC = 0x4c50_5358; // LPSX
/** Bytes with a checksum of their own. With half as many, a question with 4,346 callers reads less and takes as long. */
export const PAGE = 1 << 13;
export const TRAILER = 6 * 8;
/** Pages are written this many bytes at a time. */
const COPIED = 1 << 20;

/** Raised for a file that is no index, not of this version, or damaged: it is to be built anew. */
export class NotAnIndexError extends Error {}

/** A segment of an index file that goes into the next one as it is. */
export interface KeptSegment {
  readonly place: SegmentPlace;
  readonly from: { read(offset: number, length: number): Uint8Array };
  /** Its files' stamps, when they are others than before. */
  readonly stamps?: Float64Array<ArrayBuffer>;
}

/** The pieces an index file consists of, to be written in order; each is good until the next. */
export function* indexFile(tree: string, kept: readonly KeptSegment[], made: readonly Segment[]): Generator<Uint8Array> {
  const pages = new Uint8Array(COPIED);
  const sums: number[] = [];
  let used = 0;
  let length = 0;
  const segments: SegmentPlace[] = [];

  for (const { place, from, stamps } of kept) {
    const start = place.offsets[0] ?? 0;
    const end = place.offsets.at(-1) ?? start;
    segments.push({ ...place, offsets: place.offsets.map((offset) => offset - start + length) });
    const stampsAt = place.offsets[PARTS.indexOf('stamps')] ?? 0;
    yield* copy(from, start, stamps === undefined ? end : stampsAt);
    if (stamps === undefined) continue;
    yield* put(bytesOf(stamps));
    yield* copy(from, stampsAt + stamps.byteLength, end);
  }
  for (const segment of made) {
    const offsets = [length];
    const lengths: number[] = [];
    for (const part of segment.parts) {
      const begun = length;
      for (const piece of part) yield* put(piece);
      lengths.push(length - begun);
      yield* put(new Uint8Array(aligned(length) - length));
      offsets.push(length);
    }
    segments.push({ offsets, lengths, files: segment.files, dead: [] });
  }
  const directoryAt = length;
  yield* put(Buffer.from(JSON.stringify({ format: FORMAT, scanner: SCANNER, tree, segments } satisfies Directory)));
  const content = length;
  yield* put(new Uint8Array(aligned(length) - length));
  if (used > 0) yield* flush();
  const table = bytesOf(Uint32Array.from(sums));
  yield table;
  yield bytesOf(Float64Array.from([MAGIC, directoryAt, content, ...checksum(table), MAGIC]));

  function* copy(from: KeptSegment['from'], start: number, end: number): Generator<Uint8Array> {
    for (let at = start; at < end; at += COPIED) yield* put(from.read(at, Math.min(COPIED, end - at)));
  }

  function* put(bytes: Uint8Array): Generator<Uint8Array> {
    for (let at = 0; at < bytes.length;) {
      const taken = Math.min(COPIED - used, bytes.length - at);
      pages.set(bytes.subarray(at, at + taken), used);
      used += taken;
      at += taken;
      length += taken;
      if (used === COPIED) yield* flush();
    }
  }

  function* flush(): Generator<Uint8Array> {
    for (let at = 0; at < used; at += PAGE) sums.push(...checksum(pages.subarray(at, Math.min(at + PAGE, used))));
    yield pages.subarray(0, used);
    used = 0;
  }
}
