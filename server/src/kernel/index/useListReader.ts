/** Reading the lists of `useLists`: one name's, or several names' as one. */
import { Tag } from '../../syntax/scan/block';
import { How, HOW } from './useLists';

/** One after another, entries in the order of the items. */
export interface UseList {
  /** Goes to the next; false at the end. */
  next(): boolean;
  /** The number of the name that is used. */
  readonly id: number;
  readonly item: number;
  /** `How`, or a tag. */
  readonly how: number;
  /** Of `stored` the field, of `passed` the function, by their numbers. */
  readonly target: number;
}

export class UseListReader implements UseList {
  item = 0;
  how = 0;
  target = 0;
  #at = 0;

  constructor(
    readonly id: number,
    readonly bytes: Uint8Array,
  ) {}

  next(): boolean {
    if (this.#at >= this.bytes.length) return false;
    const value = this.#number();
    this.item += Math.floor(value / HOW);
    this.how = value % HOW;
    if (this.how >= Tag.stored && this.how !== How.target) this.target = this.#number();
    return true;
  }

  #number(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.bytes[this.#at++] ?? 0;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }
}

/** Items are read where they lie: of names that are used all over the tree, list by list each page would be read again for each name. */
export function inOneList(lists: readonly UseListReader[]): UseList {
  const [only] = lists;
  return lists.length === 1 && only !== undefined ? only : new MergedLists(lists);
}

class MergedLists implements UseList {
  id = 0;
  item = 0;
  how = 0;
  target = 0;
  /** ENTRY_NUMBERS each, list by list. */
  readonly #entries: number[] = [];
  /** Numbers of entries behind those of their items. */
  readonly #order: Float64Array;
  /** More than there are entries: 2^53 has room for 2^26 items of 2^27 uses. */
  readonly #scale: number;
  #at = 0;

  constructor(lists: readonly UseListReader[]) {
    const items: number[] = [];
    for (const list of lists) {
      while (list.next()) {
        items.push(list.item);
        this.#entries.push(list.id, list.how, list.target);
      }
    }
    this.#scale = items.length;
    this.#order = Float64Array.from(items, (item, entry) => item * this.#scale + entry).sort();
  }

  next(): boolean {
    const key = this.#order[this.#at++];
    if (key === undefined) return false;
    const entry = key % this.#scale;
    this.item = (key - entry) / this.#scale;
    const at = entry * ENTRY_NUMBERS;
    this.id = this.#entries[at] ?? 0;
    this.how = this.#entries[at + 1] ?? 0;
    this.target = this.#entries[at + 2] ?? 0;
    return true;
  }
}

/** Name, how, target. */
const ENTRY_NUMBERS = 3;
