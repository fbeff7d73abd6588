/**
 * The index file: segments one behind the other, a directory (JSON), the checksums of all pages, and a trailer. It is written beside its place,
 * flushed, and renamed, so that there is a whole one or none. A page is checked when it is first read: opening costs a few reads, whatever the
 * size, and damage is told before anything is made of it.
 */
import { aligned, bytesOf, checksum } from './layout';
import type { Segment } from './segment';

/** A file that is open for reading. */
export interface RandomAccess {
  readonly length: number;
  /** Exactly `length` bytes from `offset` on, at a multiple of 8 in their buffer. Throws when they cannot be had. */
  read(offset: number, length: number): Uint8Array;
}

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
  /** Numbers of files whose blocks count no more: they changed, or are gone. */
  readonly dead: readonly number[];
}

export const FORMAT = 1;
export const SCANNER = 1;

const MAGIC = 0x4c50_5358; // LPSX
/** Small, as a question's reads are small and far apart. */
const PAGE = 1 << 13;
const TRAILER = 6 * 8;
/** Pages are written this many bytes at a time. */
const COPIED = 1 << 20;

/** Raised for a file that is no index, not of this version, or damaged: it is to be built anew. */
export class NotAnIndexError extends Error {}

/** The pieces an index file consists of, to be written in order. */
export function* indexFile(tree: string, kept: readonly { readonly place: SegmentPlace; readonly from: PagedFile }[], made: readonly Segment[]): Generator<Uint8Array> {
  let pages = new Uint8Array(COPIED);
  const sums: number[] = [];
  let used = 0;
  let length = 0;
  const segments: SegmentPlace[] = [];

  for (const { place, from } of kept) {
    const start = place.offsets[0] ?? 0;
    const end = place.offsets.at(-1) ?? start;
    segments.push({ ...place, offsets: place.offsets.map((offset) => offset - start + length) });
    for (let at = start; at < end; at += COPIED) yield* put(from.read(at, Math.min(COPIED, end - at)));
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
    pages = new Uint8Array(COPIED);
    used = 0;
  }
}

/** An index file's content, each page checked when it is first read. */
export class PagedFile {
  readonly directory: Directory;
  readonly #sums: Uint32Array;
  readonly #length: number;
  /** The pages read last, the oldest first. */
  readonly #pages = new Map<number, Uint8Array>();

  /** Throws a `NotAnIndexError`, or what the reading throws. */
  constructor(readonly file: RandomAccess) {
    if (file.length < TRAILER) throw new NotAnIndexError('it is too short');
    const [magic, directoryAt = 0, content = 0, one, other, end] = new Float64Array(file.read(file.length - TRAILER, TRAILER).slice().buffer);
    this.#length = aligned(content);
    const tableLength = Math.ceil(this.#length / PAGE) * 8;
    if (magic !== MAGIC || end !== MAGIC || !(directoryAt < content) || this.#length + tableLength + TRAILER !== file.length) throw new NotAnIndexError('it is no index');
    const table = file.read(this.#length, tableLength).slice();
    const sum = checksum(table);
    if (sum[0] !== one || sum[1] !== other) throw new NotAnIndexError('its table of checksums is damaged');
    this.#sums = new Uint32Array(table.buffer);
    this.directory = JSON.parse(Buffer.from(this.read(directoryAt, content - directoryAt)).toString()) as Directory;
    if (this.directory.format !== FORMAT || this.directory.scanner !== SCANNER) throw new NotAnIndexError('another version wrote it');
  }

  /** `length` bytes from `offset` on, at the start of a buffer of their own. Throws a `NotAnIndexError` for a damaged page. */
  read(offset: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length;) {
      const index = Math.floor((offset + at) / PAGE);
      const within = offset + at - index * PAGE;
      const page = this.#page(index);
      const taken = Math.min(length - at, page.length - within);
      if (taken <= 0) throw new NotAnIndexError('it ends too early');
      bytes.set(page.subarray(within, within + taken), at);
      at += taken;
    }
    return bytes;
  }

  #page(index: number): Uint8Array {
    const known = this.#pages.get(index);
    if (known !== undefined) return known;
    if (index < 0 || index * PAGE >= this.#length) throw new NotAnIndexError('it points outside itself');
    const page = this.file.read(index * PAGE, Math.min(PAGE, this.#length - index * PAGE)).slice();
    const sum = checksum(page);
    if (sum[0] !== this.#sums[index * 2] || sum[1] !== this.#sums[index * 2 + 1]) throw new NotAnIndexError(`page ${index} is damaged`);
    this.#pages.set(index, page);
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= MOST_PAGES) break;
      this.#pages.delete(oldest);
    }
    return page;
  }
}

/** 16 MB. */
const MOST_PAGES = 2048;
