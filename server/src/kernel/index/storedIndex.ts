/** A stored index, read where it lies: a name's files and a file's block are a few small reads, so that the server holds next to nothing of it. */
import { BlockReader } from '../../syntax/scan/block';
import { hashOf, spread, Space } from '../../syntax/scan/names';
import type { PagedFile, SegmentPlace } from './file';
import { PARTS, STAMP_NUMBERS, type Part, type Stamp } from './segment';

export class StoredSegment {
  readonly #dead: ReadonlySet<number>;

  constructor(
    readonly file: PagedFile,
    readonly place: SegmentPlace,
  ) {
    this.#dead = new Set(place.dead);
  }

  isLive(file: number): boolean {
    return !this.#dead.has(file);
  }

  path(file: number): string {
    const [from = 0, to = 0] = this.#numbers('pathOffsets', file, 2);
    return Buffer.from(this.#bytes('pathBytes', from, to - from)).toString();
  }

  /** All paths, by number. */
  paths(): string[] {
    const offsets = this.#numbers('pathOffsets', 0, this.place.files + 1);
    const bytes = Buffer.from(this.#bytes('pathBytes', 0, this.#length('pathBytes')));
    return Array.from({ length: this.place.files }, (_, file) => bytes.toString('utf8', offsets[file], offsets[file + 1]));
  }

  /** All stamps, by number. */
  stamps(): Stamp[] {
    const numbers = new Float64Array(this.#bytes('stamps', 0, this.#length('stamps')).buffer);
    const at = (file: number, index: number): number => numbers[file * STAMP_NUMBERS + index] ?? 0;
    return Array.from({ length: this.place.files }, (_, file) => ({ size: at(file, 0), modified: at(file, 1), content: [at(file, 2), at(file, 3)] }));
  }

  /** The number of a name, or -1. */
  find(name: string, space: Space): number {
    const wanted = Buffer.concat([Buffer.of(space), Buffer.from(name)]);
    const mask = this.#length('nameTable') / 4 - 1;
    const hash = hashOf(wanted.subarray(1));
    for (let slot = spread(space === Space.ordinary ? hash : ~hash) & mask; ; slot = (slot + 1) & mask) {
      const id = (this.#numbers('nameTable', slot, 1)[0] ?? 0) - 1;
      if (id < 0) return -1;
      const [from = 0, to = 0] = this.#numbers('nameOffsets', id, 2);
      if (to - from === wanted.length && Buffer.compare(wanted, this.#bytes('nameBytes', from, to - from)) === 0) return id;
    }
  }

  name(id: number): string {
    const [from = 0, to = 0] = this.#numbers('nameOffsets', id, 2);
    return Buffer.from(this.#bytes('nameBytes', from + 1, to - from - 1)).toString();
  }

  /** The live files in whose block a name stands. */
  filesOf(id: number): number[] {
    const [from = 0, to = 0] = this.#numbers('postingOffsets', id, 2);
    const bytes = this.#bytes('postings', from, to - from);
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
    const [from = 0, to = 0] = this.#numbers('blockOffsets', file, 2);
    return new BlockReader(this.#bytes('blocks', from, to - from), 0, to - from);
  }

  #numbers(part: Part, index: number, count: number): Uint32Array {
    return new Uint32Array(this.#bytes(part, index * 4, count * 4).buffer);
  }

  #length(part: Part): number {
    return this.place.lengths[PARTS.indexOf(part)] ?? 0;
  }

  #bytes(part: Part, from: number, length: number): Uint8Array {
    return this.file.read((this.place.offsets[PARTS.indexOf(part)] ?? 0) + from, length);
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
