/** The words of one file as numbers. Nine words in ten were just read, and the table of all names is too large to stay near: so the file's own are kept apart. */
import type { ByteLexer } from './byteLexer';
import { Space, type Names } from './names';

export class Words {
  /** Of each word: hash, file, length, offset, number. */
  readonly #recent = new Int32Array(RECENT * 5);
  #files = 0;

  constructor(readonly names: Names) {}

  beginFile(): void {
    this.#files += 1;
  }

  /** The number of the identifier the lexer stands on. */
  number({ bytes, start, end, hash }: ByteLexer, space: Space): number {
    const length = end - start;
    const recent = this.#recent;
    const key = space === Space.ordinary ? hash : ~hash;
    const slot = ((key ^ (key >>> 13)) & (RECENT - 1)) * 5;
    if (recent[slot] === key && recent[slot + 1] === this.#files && recent[slot + 2] === length) {
      let at = recent[slot + 3] ?? 0;
      let index = start;
      while (index < end && bytes[at] === bytes[index]) {
        at += 1;
        index += 1;
      }
      if (index === end) return recent[slot + 4] ?? 0;
    }
    const id = this.names.intern(bytes, start, end, hash, space);
    recent[slot] = key;
    recent[slot + 1] = this.#files;
    recent[slot + 2] = length;
    recent[slot + 3] = start;
    recent[slot + 4] = id;
    return id;
  }
}

/** A power of two; one file seldom has more words. */
const RECENT = 1 << 12;
