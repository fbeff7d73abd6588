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
  /** The page that was asked for last: what follows mostly lies on it. */
  #last: Page | undefined;
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

  /** `length` bytes from `offset` on, in memory of their own. Throws a `NotAnIndexError` for a damaged page, as all below. */
  read(offset: number, length: number): Uint8Array<ArrayBuffer> {
    if (length > CHUNK * PAGE) return this.#long(offset, length);
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length;) {
      const { chunk, to, shift } = this.#page(offset + at);
      const taken = Math.min(length - at, to - offset - at);
      bytes.set(chunk.bytes.subarray(offset + at + shift, offset + at + shift + taken), at);
      at += taken;
    }
    return bytes;
  }

  /** The text whose `length` bytes begin at `offset`. */
  text(offset: number, length: number): string {
    const { chunk, to, shift } = this.#page(offset);
    if (offset + length <= to) return chunk.bytes.toString('utf8', offset + shift, offset + shift + length);
    const bytes = this.read(offset, length);
    return Buffer.from(bytes.buffer, bytes.byteOffset, length).toString();
  }

  /** The text from `offset` up to a byte that is not above `last`, or up to `end`. */
  textUntil(offset: number, last: number, end: number): string {
    let at = offset;
    for (let isOver = false; !isOver && at < end;) {
      const { chunk, to, shift } = this.#page(at);
      const { bytes } = chunk;
      const stop = Math.min(to, end);
      while (at < stop && (bytes[at + shift] ?? 0) > last) at += 1;
      isOver = at < stop;
    }
    return this.text(offset, at - offset);
  }

  /** The number of 32 bits at `offset`, a multiple of 4. */
  number(offset: number): number {
    const { chunk, shift } = this.#page(offset);
    return chunk.numbers[(offset + shift) >> 2] ?? 0;
  }

  /** The page that an offset lies on. */
  #page(offset: number): Page {
    if (this.#last !== undefined && offset >= this.#last.from && offset < this.#last.to) return this.#last;
    const index = Math.floor(offset / PAGE);
    this.#last = this.#pages.get(index) ?? this.#load(index, this.#ahead(index));
    return this.#last;
  }

  /** Up to which page to read at once: when some before it were read, whoever reads goes through the file in order, and will read on. */
  #ahead(index: number): number {
    let before = 1;
    while (before <= NEAR && !this.#pages.has(index - before)) before += 1;
    let last = index;
    if (before <= NEAR) while (last - index + 1 < AHEAD && (last + 1) * PAGE < this.#length && !this.#pages.has(last + 1)) last += 1;
    return last;
  }

  /** Reads the pages `first` to `last`, not more than a chunk holds, and keeps them; gives the first. */
  #load(first: number, last: number): Page {
    if (!(first >= 0 && first * PAGE < this.#length)) throw new NotAnIndexError('it points outside itself');
    const length = Math.min((last + 1) * PAGE, this.#length) - first * PAGE;
    const chunk = this.#room(length);
    const at = chunk.pages.length * PAGE;
    this.#check(first, last, chunk.bytes.subarray(at, at + length));
    const shift = at - first * PAGE;
    for (let index = first; index <= last; index += 1) {
      const page: Page = { chunk, from: index * PAGE, to: Math.min((index + 1) * PAGE, this.#length), shift };
      chunk.pages.push(page);
      this.#pages.set(index, page);
    }
    return this.#pages.get(first) ?? this.#page(first * PAGE);
  }

  /** A chunk with so much room. The oldest one's memory is used again: new memory is slower than the reading. */
  #room(length: number): Chunk {
    const last = this.#chunks.at(-1);
    if (last !== undefined && last.pages.length * PAGE + length <= CHUNK * PAGE) return last;
    const oldest = this.#chunks.length < MOST_CHUNKS ? undefined : this.#chunks.shift();
    for (const page of oldest?.pages ?? []) this.#pages.delete(page.from / PAGE);
    this.#last = undefined;
    const bytes = oldest?.bytes ?? Buffer.allocUnsafeSlow(CHUNK * PAGE);
    const chunk = { bytes, numbers: new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2), pages: [] };
    this.#chunks.push(chunk);
    return chunk;
  }

  /** What is longer than a chunk: read at once, and not kept. */
  #long(offset: number, length: number): Uint8Array<ArrayBuffer> {
    if (!(offset >= 0 && offset + length <= this.#length)) throw new NotAnIndexError('it points outside itself');
    const first = Math.floor(offset / PAGE);
    const last = Math.floor((offset + length - 1) / PAGE);
    const bytes = new Uint8Array(Math.min((last + 1) * PAGE, this.#length) - first * PAGE);
    this.#check(first, last, bytes);
    return bytes.subarray(offset - first * PAGE, offset - first * PAGE + length);
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
  readonly chunk: Chunk;
  /** Where it begins and ends in the file. */
  readonly from: number;
  readonly to: number;
  /** From an offset in the file to the one in the chunk. */
  readonly shift: number;
}

interface Chunk {
  readonly bytes: Buffer;
  /** The same, as numbers of 32 bits. */
  readonly numbers: Uint32Array;
  readonly pages: Page[];
}

/** In pages: 256 KB. */
const CHUNK = 32;
/** 16 MB. */
const MOST_CHUNKS = 64;
/** Pages read at once by who reads in order, and how far apart such reading may be. */
const AHEAD = 8;
const NEAR = 4;
