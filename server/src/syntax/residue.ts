/** What no fact stands for, as a hash: conditionals and pragmas between definitions, and items nothing was read from. */
import { combineHash, finishHash, hashSeed } from './hash';
import type { Reading } from './reading';

export class Residue {
  #state = hashSeed;
  #at = 0;
  readonly #reading: Reading;
  readonly #told: Uint8Array;

  /** @param told by token: 1 for directives that a fact stands for */
  constructor(reading: Reading, told: Uint8Array) {
    this.#reading = reading;
    this.#told = told;
  }

  get hash(): number {
    return finishHash(this.#state);
  }

  upTo(token: number): void {
    const { tokens } = this.#reading;
    for (; this.#at < token; this.#at += 1) if (this.#told[this.#at] !== 1) this.#state = combineHash(this.#state, tokens.hash[this.#at] ?? 0);
  }

  skipTo(token: number): void {
    this.#at = Math.max(this.#at, token);
  }
}
