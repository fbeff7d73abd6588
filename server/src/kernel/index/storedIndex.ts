/** A stored index, read where it lies: a name's list and an item are a few small reads, so that the server holds next to nothing of it. */
import { hashOf, spread, Space } from '../../syntax/scan/names';
import type { SegmentPlace } from './file';
import type { PagedFile } from './pagedFile';
import { PARTS, STAMP_NUMBERS, type Part, type Stamp } from './segment';
import { UseListReader } from './useListReader';
import { FLAG_BITS, FLAGS, ITEM_NUMBERS, KIND_BITS, KINDS } from './useLists';

/** A name's first byte tells its space: it ends the name before it. */
const SPACES = Math.max(...Object.values(Space));

/** A definition, or a macro call at file scope. */
export interface Item {
  /** Its tag. */
  readonly kind: number;
  readonly name: string;
  /** As a block tells them; 0 for what is no function. */
  readonly line: number;
  readonly lines: number;
  readonly flags: number;
}

export class StoredSegment {
  readonly #dead: ReadonlySet<number>;
  readonly #offsets: Readonly<Record<string, number>>;
  /** Of each file the number of its first item: 200 KB for the whole kernel. */
  #firstItems: Uint32Array | undefined;

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

  /** Where a name is defined and used, in dead files, too. */
  uses(id: number): UseListReader {
    const from = this.#number('useOffsets', id);
    return new UseListReader(id, this.#bytes('uses', from, this.#number('useOffsets', id + 1) - from));
  }

  /** The live files in which a name is defined or used, in order. */
  filesOf(id: number): number[] {
    const files: number[] = [];
    for (const uses = this.uses(id); uses.next();) {
      const file = this.fileOf(uses.item, files.at(-1));
      if (file !== files.at(-1)) files.push(file);
    }
    return files.filter((file) => this.isLive(file));
  }

  item(item: number): Item {
    const at = item * ITEM_NUMBERS;
    const name = this.#number('items', at);
    const lineAndKind = this.#number('items', at + 1);
    const linesAndFlags = this.#number('items', at + 2);
    return { kind: lineAndKind & (KINDS - 1), name: this.#nameAt(name), line: lineAndKind >>> KIND_BITS, lines: linesAndFlags >>> FLAG_BITS, flags: linesAndFlags & (FLAGS - 1) };
  }

  /** @param guess the file may be this one, as it is when items are looked at in order */
  fileOf(item: number, guess = -1): number {
    const first = (this.#firstItems ??= this.#numbers('firstItems'));
    if (guess >= 0 && (first[guess] ?? Infinity) <= item && item < (first[guess + 1] ?? Infinity)) return guess;
    // The last file whose first item is not behind it: files without items have the next one's.
    let low = 0;
    let high = first.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((first[middle] ?? 0) <= item) low = middle;
      else high = middle;
    }
    return low;
  }

  /** @param from where the name's bytes begin */
  #nameAt(from: number): string {
    const part = this.#offsets['nameBytes'] ?? 0;
    return this.file.textUntil(part + from + 1, SPACES, part + this.#length('nameBytes'));
  }

  #numbers(part: Part): Uint32Array {
    return new Uint32Array(new Uint8Array(this.#bytes(part, 0, this.#length(part))).buffer);
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
