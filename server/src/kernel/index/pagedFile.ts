/**
 * Reading an index file: page by page, each checked against its checksum when it is first read. So opening costs a few reads, whatever the size,
 * and damage is told before anything is made of it.
 */
import { MAGIC, FORMAT, NotAnIndexError, PAGE, SCANNER, TRAILER, type Directory } from './file';
import { aligned, checksum } from './layout';

/** A file that is open for reading. */
export interface RandomAccess {
  readonly length: number;
  /** Fills `into` with what lies from `offset` on. Throws when there is less. */
  read(into: Uint8Array, offset: number): void;
}

export class PagedFile {
  readonly directory: Directory;
  readonly #sums: Uint32Array;
  readonly #length: number;
  readonly #pages = new Map<number, Page>();
  /** What the pages lie in, the oldest first. Pages are forgotten a chunk at a time: a buffer for each would cost more than its reading. */
  readonly #chunks: Chunk[] = [];

  /** Throws a `NotAnIndexError`, or what the reading throws. */
  constructor(readonly file: RandomAccess) {
    if (file.length < TRAILER) throw new NotAnIndexError('it is too short');
    const [magic, directoryAt = 0, content = 0, one, other, end] = new Float64Array(this.#raw(file.length - TRAILER, TRAILER).buffer);
    this.#length = aligned(content);
    const tableLength = Math.ceil(this.#length / PAGE) * 8;
    if (magic !== MAGIC || end !== MAGIC || !(directoryAt < content) || this.#length + tableLength + TRAILER !== file.length) throw new NotAnIndexError('it is no index');
    const table = this.#raw(this.#length, tableLength);
    const sum = checksum(table);
    if (sum[0] !== one || sum[1] !== other) throw new NotAnIndexError('its table of checksums is damaged');
    this.#sums = new Uint32Array(table.buffer);
    this.directory = JSON.parse(Buffer.from(this.read(directoryAt, content - directoryAt)).toString()) as Directory;
    if (this.directory.format !== FORMAT || this.directory.scanner !== SCANNER) throw new NotAnIndexError('another version wrote it');
  }

  /**
   * `length` bytes from `offset` on, in memory that other readers see, too; at a multiple of 8 in their buffer when `offset` is one. Throws a
   * `NotAnIndexError` for a damaged page, as all below.
   */
  read(offset: number, length: number): Uint8Array {
    const page = this.#pageOf(offset, length);
    if (page !== undefined) return page.bytes.subarray(offset - page.offset, offset - page.offset + length);
    const first = Math.floor(offset / PAGE);
    const last = Math.floor((offset + length - 1) / PAGE);
    const from = offset - first * PAGE;
    return this.#range(first, last).subarray(from, from + length);
  }

  /** The text whose `length` bytes begin at `offset`. */
  text(offset: number, length: number): string {
    const page = this.#pageOf(offset, length);
    if (page !== undefined) return page.bytes.toString('utf8', offset - page.offset, offset - page.offset + length);
    const bytes = this.read(offset, length);
    return Buffer.from(bytes.buffer, bytes.byteOffset, length).toString();
  }

  /** The number of 32 bits at `offset`, a multiple of 4. */
  number(offset: number): number {
    const page = this.#pageOf(offset, 4);
    return page?.numbers[(offset - page.offset) >> 2] ?? 0;
  }

  /** The page that all of a range lies on; undefined when it lies on several. */
  #pageOf(offset: number, length: number): Page | undefined {
    if (offset < 0 || offset + length > this.#length) throw new NotAnIndexError('it points outside itself');
    const index = Math.floor(offset / PAGE);
    return offset + length > (index + 1) * PAGE ? undefined : (this.#pages.get(index) ?? this.#load(index, index)[0]);
  }

  /** The pages `first` to `last`, two or more. */
  #range(first: number, last: number): Uint8Array {
    const bytes = new Uint8Array((last - first + 1) * PAGE);
    if (last - first >= CHUNK) {
      this.#check(first, last, bytes.subarray(0, this.#length - first * PAGE));
      return bytes;
    }
    for (let index = first; index <= last; index += 1) {
      let end = index;
      while (end < last && !this.#pages.has(end) && !this.#pages.has(end + 1)) end += 1;
      const known = this.#pages.get(index);
      // Neighbors are read at once.
      for (const page of known === undefined ? this.#load(index, end) : [known]) bytes.set(page.bytes, page.offset - first * PAGE);
      index = end;
    }
    return bytes;
  }

  /** Reads the pages `first` to `last`, not more than a chunk holds, and keeps them. */
  #load(first: number, last: number): Page[] {
    const count = last - first + 1;
    let chunk = this.#chunks.at(-1);
    if (chunk === undefined || chunk.pages.length + count > CHUNK) {
      chunk = { bytes: Buffer.allocUnsafeSlow(CHUNK * PAGE), pages: [] };
      if (this.#chunks.push(chunk) > MOST_CHUNKS) for (const page of this.#chunks.shift()?.pages ?? []) this.#pages.delete(page.offset / PAGE);
    }
    const from = chunk.pages.length * PAGE;
    const bytes = chunk.bytes.subarray(from, from + Math.min(count * PAGE, this.#length - first * PAGE));
    this.#check(first, last, bytes);
    const pages = Array.from({ length: count }, (_, index): Page => {
      const part = bytes.subarray(index * PAGE, (index + 1) * PAGE);
      return { offset: (first + index) * PAGE, bytes: part, numbers: new Uint32Array(part.buffer, part.byteOffset, part.length >> 2) };
    });
    chunk.pages.push(...pages);
    for (const page of pages) this.#pages.set(page.offset / PAGE, page);
    return pages;
  }

  /** Reads the pages `first` to `last` into `bytes`. */
  #check(first: number, last: number, bytes: Uint8Array): void {
    this.file.read(bytes, first * PAGE);
    for (let page = first; page <= last; page += 1) {
      const [one, other] = checksum(bytes.subarray((page - first) * PAGE, (page - first + 1) * PAGE));
      if (one !== this.#sums[page * 2] || other !== this.#sums[page * 2 + 1]) throw new NotAnIndexError(`page ${page} is damaged`);
    }
  }

  #raw(offset: number, length: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(length);
    this.file.read(bytes, offset);
    return bytes;
  }
}

interface Page {
  /** In the file. */
  readonly offset: number;
  readonly bytes: Buffer;
  /** The same, as numbers of 32 bits. */
  readonly numbers: Uint32Array;
}

interface Chunk {
  readonly bytes: Buffer;
  readonly pages: Page[];
}

/** In pages: 256 KB. */
const CHUNK = 32;
/** 16 MB. */
const MOST_CHUNKS = 64;
