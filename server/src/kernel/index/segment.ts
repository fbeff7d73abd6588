/**
 * A segment: the blocks of some files, the names in them, and for each name the files it stands in. An index is one or more segments: each
 * job makes one, and files that change later make another, so that nothing written has to be numbered anew.
 */
import type { BlockWriter } from '../../syntax/scan/block';
import { Names } from '../../syntax/scan/names';
import { Scanner } from '../../syntax/scan/scanner';
import { bytesOf, checksum, type Checksum } from './layout';

/** A file as it was when it was scanned. */
export interface Stamp {
  /** In bytes. */
  readonly size: number;
  /** In milliseconds since 1970, as the file system tells. */
  readonly modified: number;
  /** Of its bytes, as `checksum` gives them. */
  readonly content: Checksum;
}

/** What a segment's parts are, in order. */
export const PARTS = ['nameBytes', 'nameOffsets', 'nameTable', 'postingOffsets', 'postings', 'pathBytes', 'pathOffsets', 'stamps', 'blockOffsets', 'blocks'] as const;
export type Part = (typeof PARTS)[number];

export interface Segment {
  /** Of each part its pieces, in order; they are written one after the other and never joined, which would hold everything twice. */
  readonly parts: readonly (readonly Uint8Array[])[];
  readonly files: number;
  /** Bytes of source that were read. */
  readonly source: number;
}

/** Names in so many files of Linux 6.1, from any folder, with room to spare: 1,750,000 in all of them (51,736), 1,010,000 in half of them. */
const namesIn = (files: number): number => Math.max(1 << 14, Math.ceil(320 * files ** 0.8));

/** Of a name, beside its text: its offset, hash and four marks; and its last file, the offset of its list and where that is written, while they are made. */
const NAME_BYTES = 4 * (1 + 1 + 4 + 1 + 1 + 1);
/** Of a name in a file: its number, and what it takes in the list. */
const IN_FILE_BYTES = 5;

/** Numbers a stamp takes. */
export const STAMP_NUMBERS = 4;

export class SegmentBuilder {
  readonly #names: Names;
  readonly #scanner: Scanner;
  readonly #paths: string[] = [];
  readonly #stamps: number[] = [];
  readonly #blocks = new Bytes();
  readonly #blockOffsets: number[] = [0];
  /** Names of all files, one file after the other, in pieces, as `Bytes`. */
  readonly #inFile: Uint32Array[] = [];
  #inFileLength = 0;
  readonly #inFileEnds: number[] = [];
  #source = 0;

  /** @param files about how many there will be */
  constructor(files: number) {
    this.#names = new Names(namesIn(files));
    this.#scanner = new Scanner(this.#names);
  }

  /**
   * Scans one file.
   *
   * @param bytes its text in [0, length), with PADDING zeros behind; at a multiple of 4 in its buffer
   */
  add(path: string, modified: number, bytes: Uint8Array, length: number): void {
    this.#append(path, { size: length, modified, content: checksum(bytes.subarray(0, length)) }, this.#scanner.scan(bytes, length), this.#scanner.inFile);
  }

  /** Bytes of what was read so far, and of what finishing will take: within a tenth, as nothing counts what the engine itself holds. */
  get memory(): number {
    const { count, offsets, table } = this.#names;
    return (offsets[count] ?? 0) + count * NAME_BYTES + table.byteLength + this.#inFileLength * IN_FILE_BYTES + this.#blocks.length;
  }

  finish(): Segment {
    const names = this.#names;
    const { offsets, lists } = this.#postings();
    const pathBytes = Buffer.from(this.#paths.join(''));
    const pathOffsets = new Uint32Array(this.#paths.length + 1);
    this.#paths.forEach((path, index) => { pathOffsets[index + 1] = (pathOffsets[index] ?? 0) + Buffer.byteLength(path); });
    const parts: Record<Part, Uint8Array | readonly Uint8Array[]> = {
      nameBytes: names.bytes.subarray(0, names.offsets[names.count]),
      nameOffsets: bytesOf(names.offsets, names.count + 1),
      nameTable: bytesOf(names.table),
      postingOffsets: bytesOf(offsets),
      postings: lists,
      pathBytes,
      pathOffsets: bytesOf(pathOffsets),
      stamps: bytesOf(Float64Array.from(this.#stamps)),
      blockOffsets: bytesOf(Uint32Array.from(this.#blockOffsets)),
      blocks: this.#blocks.pieces(),
    };
    return { parts: PARTS.map((part) => [parts[part]].flat()), files: this.#paths.length, source: this.#source };
  }

  #append(path: string, stamp: Stamp, block: BlockWriter, inFile: readonly number[]): void {
    this.#source += stamp.size;
    this.#paths.push(path);
    this.#stamps.push(stamp.size, stamp.modified, ...stamp.content);
    this.#blocks.push(block.bytes, block.length);
    this.#blockOffsets.push(this.#blocks.length);
    for (const name of inFile) {
      const at = this.#inFileLength++;
      (this.#inFile[at >> IN_PIECE_BITS] ??= new Uint32Array(1 << IN_PIECE_BITS))[at & IN_PIECE_MASK] = name;
    }
    this.#inFileEnds.push(this.#inFileLength);
  }

  /** For each name the numbers of its files, as the first and then the distances, 7 bits a byte. A counting sort: files come in order. */
  #postings(): { offsets: Uint32Array; lists: Uint8Array } {
    const { count } = this.#names;
    const last = new Int32Array(count).fill(-1);
    const offsets = new Uint32Array(count + 1);
    const each = (visit: (name: number, distance: number) => void): void => {
      last.fill(-1);
      let at = 0;
      this.#inFileEnds.forEach((end, file) => {
        for (; at < end; at += 1) {
          const name = this.#inFile[at >> IN_PIECE_BITS]?.[at & IN_PIECE_MASK] ?? 0;
          visit(name, file - (last[name] ?? 0) - 1);
          last[name] = file;
        }
      });
    };
    each((name, distance) => { offsets[name + 1] = (offsets[name + 1] ?? 0) + lengthOf(distance); });
    for (let name = 0; name < count; name += 1) offsets[name + 1] = (offsets[name + 1] ?? 0) + (offsets[name] ?? 0);
    const lists = new Uint8Array(offsets[count] ?? 0);
    const cursor = offsets.slice(0, count);
    each((name, distance) => {
      let at = cursor[name] ?? 0;
      let rest = distance;
      for (; rest > 127; rest >>>= 7) lists[at++] = (rest & 127) | 128;
      lists[at++] = rest;
      cursor[name] = at;
    });
    return { offsets, lists };
  }
}

const IN_PIECE_BITS = 18;
const IN_PIECE_MASK = (1 << IN_PIECE_BITS) - 1;

const lengthOf = (value: number): number => (value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : value < 1 << 28 ? 4 : 5);

/** Bytes that grow, in pieces: a buffer that doubles would hold three times what is in it while it is copied. */
class Bytes {
  length = 0;
  readonly #full: Uint8Array[] = [];
  #piece = new Uint8Array(PIECE);
  #used = 0;

  push(bytes: Uint8Array, length: number): void {
    if (this.#used + length > this.#piece.length) {
      this.#full.push(this.#piece.subarray(0, this.#used));
      this.#piece = new Uint8Array(Math.max(PIECE, length));
      this.#used = 0;
    }
    this.#piece.set(bytes.subarray(0, length), this.#used);
    this.#used += length;
    this.length += length;
  }

  pieces(): readonly Uint8Array[] {
    return [...this.#full, this.#piece.subarray(0, this.#used)];
  }
}

const PIECE = 1 << 20;

