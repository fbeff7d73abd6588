/** Names as small numbers: each distinct name gets the next one. A name is kept as its bytes, with the space it lives in before it. */
import { HASH_BASIS, HASH_PRIME } from './characters';

/** Where a name lives: C has ordinary names (functions, variables, typedefs, macros) and tags (struct, union, enum). */
export const Space = { ordinary: 0, tag: 1 } as const;
export type Space = (typeof Space)[keyof typeof Space];

export class Names {
  count = 0;
  /** Name `id` is bytes[offsets[id], offsets[id + 1]); its first byte is the space. */
  bytes: Uint8Array<ArrayBuffer>;
  offsets: Uint32Array<ArrayBuffer>;
  hashes: Int32Array<ArrayBuffer>;
  /** Open addressing, a power of two; id + 1, 0 for free. */
  table: Int32Array<ArrayBuffer>;

  /** @param expected about how many names there will be: what grows is copied, and until then held twice */
  constructor(expected = 1 << 14) {
    this.bytes = new Uint8Array(expected * 20);
    this.offsets = new Uint32Array(expected + 2);
    this.hashes = new Int32Array(expected + 2);
    this.table = tableOf(this.hashes, 0, expected);
  }

  /**
   * The number of the name text[from, to), which is made when it is new.
   *
   * @param hash FNV-1a of its bytes, as the lexer gives it
   */
  intern(text: Uint8Array, from: number, to: number, hash: number, space: Space): number {
    const key = space === Space.ordinary ? hash : ~hash;
    const mask = this.table.length - 1;
    for (let slot = spread(key) & mask; ; slot = (slot + 1) & mask) {
      const id = ((this.table[slot] ?? 0)) - 1;
      if (id < 0) return this.#add(slot, text, from, to, key, space);
      if (this.hashes[id] === key && this.#equals(id, text, from, to, space)) return id;
    }
  }

  internText(text: string, space: Space = Space.ordinary): number {
    const bytes = Buffer.from(text);
    return this.intern(bytes, 0, bytes.length, hashOf(bytes), space);
  }

  text(id: number): string {
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + ((this.offsets[id] ?? 0)) + 1, ((this.offsets[id + 1] ?? 0)) - ((this.offsets[id] ?? 0)) - 1).toString();
  }

  space(id: number): Space {
    return this.bytes[this.offsets[id] ?? 0] === Space.tag ? Space.tag : Space.ordinary;
  }

  #equals(id: number, text: Uint8Array, from: number, to: number, space: Space): boolean {
    const { bytes } = this;
    let at = this.offsets[id] ?? 0;
    if (((this.offsets[id + 1] ?? 0)) - at !== to - from + 1 || bytes[at] !== space) return false;
    for (let index = from; index < to; index += 1) {
      at += 1;
      if (bytes[at] !== text[index]) return false;
    }
    return true;
  }

  #add(slot: number, text: Uint8Array, from: number, to: number, key: number, space: Space): number {
    const id = this.count;
    let at = this.offsets[id] ?? 0;
    if (at + to - from + 1 > this.bytes.length) this.bytes = grown(this.bytes, new Uint8Array(Math.max(this.bytes.length * 2, at + to - from + 1)));
    this.bytes[at] = space;
    for (let index = from; index < to; index += 1) {
      at += 1;
      this.bytes[at] = text[index] ?? 0;
    }
    if (id + 2 > this.offsets.length) {
      this.offsets = grown(this.offsets, new Uint32Array(this.offsets.length * 2));
      this.hashes = grown(this.hashes, new Int32Array(this.hashes.length * 2));
    }
    this.offsets[id + 1] = at + 1;
    this.hashes[id] = key;
    this.table[slot] = id + 1;
    this.count += 1;
    if (this.count * ROOM > this.table.length) this.table = tableOf(this.hashes, this.count);
    return id;
  }
}

/** Places for each name in the table: fewer would cost long searches, more would cost memory. */
const ROOM = 1.6;

/** A table of `count` names with room for `expected`. */
export function tableOf(hashes: Int32Array, count: number, expected = count): Int32Array<ArrayBuffer> {
  let size = 1 << 10;
  while (size < expected * ROOM + 2) size *= 2;
  const table = new Int32Array(size);
  for (let id = 0; id < count; id += 1) {
    let slot = spread((hashes[id] ?? 0)) & (size - 1);
    while (table[slot] !== 0) slot = (slot + 1) & (size - 1);
    table[slot] = id + 1;
  }
  return table;
}

/** The number of a name, or -1, in what `Names` made (a stored index has the same arrays). */
export function findName(names: Pick<Names, 'bytes' | 'offsets' | 'hashes' | 'table'>, name: Uint8Array, space: Space): number {
  const key = space === Space.ordinary ? hashOf(name) : ~hashOf(name);
  const mask = names.table.length - 1;
  for (let slot = spread(key) & mask; ; slot = (slot + 1) & mask) {
    const id = ((names.table[slot] ?? 0)) - 1;
    if (id < 0) return -1;
    if (names.hashes[id] !== key) continue;
    const from = names.offsets[id] ?? 0;
    if (names.bytes[from] === space && Buffer.compare(name, names.bytes.subarray(from + 1, names.offsets[id + 1])) === 0) return id;
  }
}

/** FNV's low bits are its weakest. */
export const spread = (hash: number): number => (hash ^ (hash >>> 15)) | 0;

export function hashOf(bytes: Uint8Array): number {
  let hash = HASH_BASIS;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, HASH_PRIME);
  return hash;
}

function grown<A extends Uint8Array | Uint32Array | Int32Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
