/** Where in a file the words stand that are asked for. */

export class Places {
  #text: Buffer = Buffer.alloc(0);
  #offsets: readonly number[] | undefined;
  #next = 0;
  #end = 0;
  /** Set when something was passed over in which a word stands, or may stand: the file is to be read again, all of it. */
  isUnsure = false;

  /** @param offsets of the words, in order; undefined when everything is asked for */
  beginFile(bytes: Uint8Array, length: number, offsets: readonly number[] | undefined): void {
    this.#text = Buffer.from(bytes.buffer, bytes.byteOffset, length);
    this.#offsets = offsets;
    this.#next = this.#end = 0;
    this.isUnsure = false;
  }

  get areKnown(): boolean {
    return this.#offsets !== undefined;
  }

  /** Where the next word stands; offsets are asked about in order. */
  after(offset: number): number {
    const offsets = this.#offsets;
    if (offsets === undefined) return offset;
    while ((offsets[this.#next] ?? Infinity) < offset) this.#next += 1;
    return offsets[this.#next] ?? Infinity;
  }

  /** Where a body that begins at an offset ends in the kernel's style, behind a brace at the first column. Only a guess. */
  guessEnd(offset: number): number {
    // Kept: the next body may lie before it, too.
    if (this.#end <= offset) {
      const found = this.#text.indexOf(END, offset);
      this.#end = found < 0 ? Infinity : found + END.length;
    }
    return this.#end;
  }
}

const END = Buffer.from('\n}');
