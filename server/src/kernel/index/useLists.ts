/**
 * For each name a list of where it is defined and used, in one stretch: who calls a function that is called in 3,000 files is read at one place, not
 * in each of the files. An entry names an item (a definition, by its number in the segment) and how the name stands in it.
 */
import { Tag, type BlockReader } from '../../syntax/scan/block';
import { bytesOf } from './layout';

/** How a name stands in an item: one of `Tag`'s uses (`call` and above), as the item's own name, or as what something is stored in or passed to. */
export const How = { own: 0, target: 15 } as const;
/** An entry is how many items lie between it and the one before, times this, and `How` or a tag; 7 bits a byte. Behind `stored` and `passed` stands the target's number. */
const HOW_BITS = 4;
export const HOW = 1 << HOW_BITS;

/** Numbers an item takes: where its name begins among the names' bytes (its number would have to be looked up first), line and kind, lines and flags. */
export const ITEM_NUMBERS = 3;
/** A file has at most 2^26 bytes (`FileBytes`), so that its lines fit. */
export const KIND_BITS = 3;
export const KINDS = 1 << KIND_BITS;
/** `Flag` has 11 bits. A function of more lines than the other 21 can tell is told to have so many. */
export const FLAG_BITS = 11;
export const FLAGS = 1 << FLAG_BITS;
const MOST_LINES = 2 ** 21 - 1;

export interface UseLists {
  /** Of each name where its list begins, and where the last one ends. */
  readonly offsets: Uint32Array<ArrayBuffer>;
  readonly lists: Uint8Array;
  /** ITEM_NUMBERS for each item, in the order of the files, in pieces. */
  readonly items: readonly Uint8Array[];
  /** Of each file the number of its first item. */
  readonly firstItems: Uint32Array<ArrayBuffer>;
}

/** Bytes that an entry takes while it is kept, and in its list: 2.2 in Linux 6.1. */
const ENTRY_BYTES = 4 + 2.2;

export class UseListBuilder {
  readonly #firstItems: number[] = [];
  readonly #items = new Numbers();
  /** Names in the order they were read, each with how it stands: an item's own name first, then what the item uses. */
  readonly #entries = new Numbers();

  /**
   * Takes in what the next file's block tells.
   *
   * @param names where each name's bytes begin
   */
  add(block: BlockReader, names: Uint32Array): void {
    const items = this.#items;
    const entries = this.#entries;
    this.#firstItems.push(items.length / ITEM_NUMBERS);
    while (block.next()) {
      if (block.tag <= Tag.registration) {
        items.push(names[block.name] ?? 0);
        items.push(block.line * KINDS + block.tag);
        items.push(block.tag === Tag.function ? Math.min(block.lines, MOST_LINES) * FLAGS + block.flags : 0);
        entries.push(block.name * HOW + How.own);
      } else {
        entries.push(block.name * HOW + block.tag);
        if (block.tag >= Tag.stored) entries.push(block.line * HOW + How.target);
      }
    }
  }

  /** In bytes, with what finishing takes for so many names. */
  memory(names: number): number {
    return this.#items.length * 4 + this.#entries.length * ENTRY_BYTES + names * 8;
  }

  /** A counting sort by name: entries come in the items' order. */
  finish(names: number): UseLists {
    // Of each name its last item, and its list's length or the place to write at: side by side, as both are looked at for each entry.
    const state = new Int32Array(names * 2);
    this.#each(state);
    const offsets = new Uint32Array(names + 1);
    for (let name = 0; name < names; name += 1) {
      offsets[name + 1] = (offsets[name] ?? 0) + (state[name * 2 + 1] ?? 0);
      state[name * 2] = 0;
      state[name * 2 + 1] = offsets[name] ?? 0;
    }
    const lists = new Uint8Array(offsets[names] ?? 0);
    this.#each(state, lists);
    return { offsets, lists, items: this.#items.pieces(), firstItems: Uint32Array.from(this.#firstItems) };
  }

  /** Moves each name's place by the length of its entries, and writes them there when there are `lists`. */
  #each(state: Int32Array, lists?: Uint8Array): void {
    const entries = this.#entries;
    let item = -1;
    for (let index = 0; index < entries.length; index += 1) {
      const entry = entries.at(index);
      const how = entry & (HOW - 1);
      if (how === How.own) item += 1;
      const slot = (entry >>> HOW_BITS) * 2;
      const value = (item - (state[slot] ?? 0)) * HOW + how;
      state[slot] = item;
      let at = state[slot + 1] ?? 0;
      at = lists === undefined ? at + lengthOf(value) : write(lists, at, value);
      if (how >= Tag.stored && how !== How.target) {
        const target = entries.at(index + 1) >>> HOW_BITS;
        at = lists === undefined ? at + lengthOf(target) : write(lists, at, target);
      }
      state[slot + 1] = at;
    }
  }
}

const lengthOf = (value: number): number => (value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : value < 1 << 28 ? 4 : 5);

/** Gives the place behind the number. */
function write(bytes: Uint8Array, from: number, value: number): number {
  let at = from;
  let rest = value;
  for (; rest > 127; rest >>>= 7) bytes[at++] = (rest & 127) | 128;
  bytes[at++] = rest;
  return at;
}

/** Numbers of 32 bits that grow, in pieces: an array that doubles would hold three times what is in it while it is copied. */
class Numbers {
  length = 0;
  readonly #pieces: Uint32Array[] = [];

  push(value: number): void {
    const at = this.length++;
    (this.#pieces[at >> PIECE_BITS] ??= new Uint32Array(1 << PIECE_BITS))[at & PIECE_MASK] = value;
  }

  at(index: number): number {
    return this.#pieces[index >> PIECE_BITS]?.[index & PIECE_MASK] ?? 0;
  }

  pieces(): Uint8Array[] {
    return this.#pieces.map((piece, index) => bytesOf(piece, Math.min(piece.length, this.length - (index << PIECE_BITS))));
  }
}

const PIECE_BITS = 18;
const PIECE_MASK = (1 << PIECE_BITS) - 1;
