/** Which files hold which of some words, by reading each file once. */
import { letOthersRun } from './letOthersRun';

/** Gives a file's bytes for a moment: good until the next call. Undefined when there is none. */
export type BytesOf = (path: string) => Uint8Array | undefined | Promise<Uint8Array | undefined>;

/** Bytes read before others may run: some 5 ms. */
const SLICE = 4 << 20;
/** So that a shift fits a byte. */
const LONGEST_WINDOW = 255;

/** @param words C identifiers or phrases that begin and end with one; found as whole words */
export async function filesHolding(words: readonly string[], paths: Iterable<string>, bytesOf: BytesOf, signal?: AbortSignal): Promise<Map<string, string[]>> {
  const found = new Map(words.map((word): [string, string[]] => [word, []]));
  await lookInto(words, paths, bytesOf, (path, held) => { for (const word of held) found.get(word)?.push(path); }, signal);
  return found;
}

/** Reads each file once, and tells which of the words it holds, of a file that holds one; its bytes are good for that moment. */
export async function lookInto(words: readonly string[], paths: Iterable<string>, bytesOf: BytesOf, tell: (path: string, held: readonly string[], bytes: Uint8Array) => void, signal?: AbortSignal): Promise<void> {
  const distinct = [...new Set(words)];
  const search = new WordSearch(distinct);
  let read = 0;
  for (const path of paths) {
    if (read > SLICE) {
      read = 0;
      await letOthersRun();
      signal?.throwIfAborted();
    }
    const given = bytesOf(path);
    // At once where they are at hand: somebody else may read another file into the same bytes meanwhile.
    const bytes = given instanceof Promise ? await given : given;
    if (bytes === undefined) continue;
    read += bytes.length;
    const held = search.in(bytes);
    if (held.size > 0) tell(path, [...held].map((place) => distinct[place] ?? ''), bytes);
  }
}

/**
 * Looks for many words in one pass, without looking at every byte (Wu and Manber, "A fast algorithm for multi-pattern searching", 1994): the two bytes at the end of a window
 * as long as the shortest word say how far the next place is where a word may begin. However many the words, a GB takes a second or less.
 */
class WordSearch {
  readonly #words: readonly Uint8Array[];
  /** Length of the window; 0 for no words. */
  readonly #length: number;
  /** By the window's last two bytes: how far to go on; 0 where a word may stand. */
  readonly #shifts = new Uint8Array(1 << 16);
  /** By the same: the words to compare. */
  readonly #ending = new Map<number, number[]>();

  constructor(words: readonly string[]) {
    this.#words = words.map((word) => Buffer.from(word));
    this.#length = words.length === 0 ? 0 : Math.min(LONGEST_WINDOW, ...this.#words.map((word) => word.length));
    this.#shifts.fill(Math.max(1, this.#length - 1));
    for (const [place, word] of this.#words.entries()) {
      for (let at = 1; at < this.#length; at += 1) {
        const pair = pairAt(word, at);
        this.#shifts[pair] = Math.min(this.#shifts[pair] ?? 0, this.#length - 1 - at);
      }
      if (this.#length >= 2) this.#ending.set(pairAt(word, this.#length - 1), [...(this.#ending.get(pairAt(word, this.#length - 1)) ?? []), place]);
    }
  }

  /** Places of the words that `bytes` hold, each once. */
  in(bytes: Uint8Array): Set<number> {
    const found = new Set<number>();
    if (this.#length === 0) return found;
    const compare = (start: number, places: Iterable<number>): void => {
      for (const place of places) if (!found.has(place) && standsAt(this.#words[place] ?? bytes, bytes, start)) found.add(place);
    };
    const [length, shifts] = [this.#length, this.#shifts];
    if (length === 1) {
      for (let at = 0; at < bytes.length; at += 1) compare(at, this.#words.keys());
      return found;
    }
    for (let at = length - 1; at < bytes.length && found.size < this.#words.length;) {
      const pair = ((bytes[at - 1] ?? 0) << 8) | (bytes[at] ?? 0);
      const shift = shifts[pair] ?? 1;
      if (shift === 0) compare(at - length + 1, this.#ending.get(pair) ?? []);
      at += shift === 0 ? 1 : shift;
    }
    return found;
  }
}

const pairAt = (word: Uint8Array, at: number): number => ((word[at - 1] ?? 0) << 8) | (word[at] ?? 0);

/** As a whole word. */
function standsAt(word: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let at = 0; at < word.length; at += 1) if (bytes[start + at] !== word[at]) return false;
  return !(isWordPart(word[0]) && isWordPart(bytes[start - 1])) && !(isWordPart(word.at(-1)) && isWordPart(bytes[start + word.length]));
}

/** A letter, a digit or an underscore. */
const isWordPart = (byte: number | undefined): boolean => byte !== undefined && (byte === 95 || (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122));
