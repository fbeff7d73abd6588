/**
 * A segment: the names in some files, what these files define, and for each name where it is defined and used. An index is one or more segments:
 * each job makes one, and files that change later make another, so that nothing written has to be numbered anew.
 */
import { BlockReader } from '../../syntax/scan/block';
import { Names } from '../../syntax/scan/names';
import { Scanner } from '../../syntax/scan/scanner';
import { bytesOf, checksum, type Checksum } from './layout';
import { UseListBuilder } from './useLists';

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
export const PARTS = ['nameBytes', 'nameOffsets', 'nameTable', 'useOffsets', 'uses', 'pathBytes', 'pathOffsets', 'stamps', 'firstItems', 'items'] as const;
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

/** Of a name, beside its text: its offset, hash and three marks; and the offset of its list. */
const NAME_BYTES = 4 * (1 + 1 + 3 + 1);

/** Numbers a stamp takes. */
export const STAMP_NUMBERS = 4;

export class SegmentBuilder {
  readonly #names: Names;
  readonly #scanner: Scanner;
  readonly #paths: string[] = [];
  readonly #stamps: number[] = [];
  readonly #uses = new UseListBuilder();
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
    const block = this.#scanner.scan(bytes, length);
    this.#uses.add(new BlockReader(block.bytes, 0, block.length), this.#names.offsets);
    this.#source += length;
    this.#paths.push(path);
    this.#stamps.push(length, modified, ...checksum(bytes.subarray(0, length)));
  }

  /** Bytes of what was read so far, and of what finishing will take: within a tenth, as nothing counts what the engine itself holds. */
  get memory(): number {
    const { count, offsets, table } = this.#names;
    return (offsets[count] ?? 0) + count * NAME_BYTES + table.byteLength + this.#uses.memory(count);
  }

  finish(): Segment {
    const names = this.#names;
    const { offsets, lists, items, firstItems } = this.#uses.finish(names.count);
    const pathBytes = Buffer.from(this.#paths.join(''));
    const pathOffsets = new Uint32Array(this.#paths.length + 1);
    this.#paths.forEach((path, index) => { pathOffsets[index + 1] = (pathOffsets[index] ?? 0) + Buffer.byteLength(path); });
    const parts: Record<Part, Uint8Array | readonly Uint8Array[]> = {
      nameBytes: names.bytes.subarray(0, names.offsets[names.count]),
      nameOffsets: bytesOf(names.offsets, names.count + 1),
      nameTable: bytesOf(names.table),
      useOffsets: bytesOf(offsets),
      uses: lists,
      pathBytes,
      pathOffsets: bytesOf(pathOffsets),
      stamps: bytesOf(Float64Array.from(this.#stamps)),
      firstItems: bytesOf(firstItems),
      items,
    };
    return { parts: PARTS.map((part) => [parts[part]].flat()), files: this.#paths.length, source: this.#source };
  }
}
