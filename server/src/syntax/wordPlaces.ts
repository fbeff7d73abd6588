/** Where some words stand in a text. */

export class WordPlaces {
  /** Offsets, ascending. */
  readonly #places: number[] = [];

  /** @param words found as whole words, wherever they stand: in comments and literals as well */
  constructor(text: string, words: readonly string[]) {
    for (const word of words) {
      for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) if (!isWordPart(text.charCodeAt(at - 1)) && !isWordPart(text.charCodeAt(at + word.length))) this.#places.push(at);
    }
    this.#places.sort((one, other) => one - other);
  }

  /** Whether one of them begins in [start, end). */
  isIn(start: number, end: number): boolean {
    const places = this.#places;
    let low = 0;
    let high = places.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((places[middle] ?? 0) < start) low = middle + 1;
      else high = middle;
    }
    return (places[low] ?? Infinity) < end;
  }
}

/** A letter, a digit or an underscore; NaN is none. */
const isWordPart = (code: number): boolean => code === 95 || (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
