/** The words of a text in 8 KB, for a look at whether one is worth searching for. */

/** A power of two; a header has some hundred different words. */
const BITS = 1 << 16;

export class WordFilter {
  readonly #bits = new Uint8Array(BITS / 8);

  /** @param bytes a program's text: words are letters, digits and underscores */
  constructor(bytes: Uint8Array) {
    const bits = this.#bits;
    let hash = 0;
    const { length } = bytes;
    for (let at = 0; at < length; at += 1) {
      const byte = bytes[at] ?? 0;
      if (IS_PART[byte] === 1) hash = (Math.imul(hash, 31) + byte) | 0;
      else if (hash !== 0) {
        mark(bits, hash);
        hash = 0;
      }
    }
    if (hash !== 0) mark(bits, hash);
  }

  /** False when the text does not hold the word. */
  mayHold(word: string): boolean {
    let hash = 0;
    for (let at = 0; at < word.length; at += 1) hash = (Math.imul(hash, 31) + word.charCodeAt(at)) | 0;
    const bit = bitOf(hash);
    return hash === 0 || ((this.#bits[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0;
  }
}

const bitOf = (hash: number): number => (hash ^ (hash >>> 16)) & (BITS - 1);

function mark(bits: Uint8Array, hash: number): void {
  const bit = bitOf(hash);
  bits[bit >> 3] = (bits[bit >> 3] ?? 0) | (1 << (bit & 7));
}

const IS_PART = Uint8Array.from({ length: 256 }, (_, code) => (/\w/.test(String.fromCharCode(code)) ? 1 : 0));
