/** A stored index, read where it lies: a name's files and a file's block are a few small reads, so that the server holds next to nothing of it. */
import { BlockReader } from '../../syntax/scan/block';
import { hashOf, spread, Space } from '../../syntax/scan/names';
import type { SegmentPlace } from './file';
import type { PagedFile } from './pagedFile';
import { PARTS, STAMP_NUMBERS, type Part, type Stamp } from './segment';

export class StoredSegment {
  readonly #dead: ReadonlySet<number>;
  readonly #offsets: Readonly<Record<string, number>>;

  constructor(
    readonly file: PagedFile,
    readonly place: SegmentPlace,
  ) {
    this.#dead = new Set(place.dead);
    this.#offsets = Object.fromEntries(PARTS.map((part, index) => [part, place.offsets[index] ?? 0]));
  }

  isLive(file: number): boolean {
    return !this.#dead.has(file);
  }

  path(file: number): string {
    const from = this.#number('pathOffsets', file);
    return this.#text('pathBytes', from, this.#number('pathOffsets', file + 1) - from);
  }

  /** All paths, by number. */
  paths(): string[] {
    return Array.from({ length: this.place.files }, (_, file) => this.path(file));
  }

  /** All stamps, STAMP_NUMBERS for each file, in memory of their own. */
  stampNumbers(): Float64Array<ArrayBuffer> {
    return new Float64Array(new Uint8Array(this.#bytes('stamps', 0, this.#length('stamps'))).buffer);
  }

  /** A file's stamp, out of `stampNumbers`. */
  stamp(numbers: Float64Array, file: number): Stamp {
    const at = (index: number): number => numbers[file * STAMP_NUMBERS + index] ?? 0;
    return { size: at(0), modified: at(1), content: [at(2), at(3)] };
  }

  /** The number of a name, or -1. */
  find(name: string, space: Space): number {
    const wanted = Buffer.concat([Buffer.of(space), Buffer.from(name)]);
    const mask = this.#length('nameTable') / 4 - 1;
    const hash = hashOf(wanted.subarray(1));
    for (let slot = spread(space === Space.ordinary ? hash : ~hash) & mask; ; slot = (slot + 1) & mask) {
      const id = this.#number('nameTable', slot) - 1;
      if (id < 0) return -1;
      const from = this.#number('nameOffsets', id);
      const to = this.#number('nameOffsets', id + 1);
      if (to - from === wanted.length && Buffer.compare(wanted, this.#bytes('nameBytes', from, to - from)) === 0) return id;
    }
  }

  name(id: number): string {
    const from = this.#number('nameOffsets', id) + 1;
    return this.#text('nameBytes', from, this.#number('nameOffsets', id + 1) - from);
  }

  /** The live files in whose block a name stands. */
  filesOf(id: number): number[] {
    const from = this.#number('postingOffsets', id);
    const bytes = this.#bytes('postings', from, this.#number('postingOffsets', id + 1) - from);
    const files: number[] = [];
    let file = -1;
    for (let at = 0; at < bytes.length;) {
      let distance = 0;
      for (let shift = 0; ; shift += 7) {
        const byte = bytes[at++] ?? 0;
        distance |= (byte & 127) << shift;
        if (byte < 128) break;
      }
      file += distance + 1;
      if (this.isLive(file)) files.push(file);
    }
    return files;
  }

  block(file: number): BlockReader {
    const from = this.#number('blockOffsets', file);
    const length = this.#number('blockOffsets', file + 1) - from;
    return new BlockReader(this.#bytes('blocks', from, length), 0, length);
  }

  #number(part: Part, index: number): number {
    return this.file.number((this.#offsets[part] ?? 0) + index * 4);
  }

  #text(part: Part, from: number, length: number): string {
    return this.file.text((this.#offsets[part] ?? 0) + from, length);
  }

  #length(part: Part): number {
    return this.place.lengths[PARTS.indexOf(part)] ?? 0;
  }

  #bytes(part: Part, from: number, length: number): Uint8Array {
    return this.file.read((this.#offsets[part] ?? 0) + from, length);
  }
}

/** An index of a tree: its segments, over one file. */
export class StoredIndex {
  readonly segments: readonly StoredSegment[];

  constructor(readonly file: PagedFile) {
    this.segments = file.directory.segments.map((place) => new StoredSegment(file, place));
  }

  /** Live files. */
  get files(): number {
    return this.segments.reduce((sum, { place }) => sum + place.files - place.dead.length, 0);
  }
}
