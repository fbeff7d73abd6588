/** What was already said of each name, so that it is said once: in this file, and in the item (definition) that is being read. */

/** The item in which a name was last called, otherwise named, or declared; and the file it last stood in. */
export const Mark = { called: 0, named: 1, declared: 2, inFile: 3 } as const;

export class Marks {
  /** Of each name its four, side by side as they are looked at together. */
  #marks: Int32Array;

  /** @param expected about how many names there will be: room that nothing is written to takes no memory */
  constructor(expected: number) {
    this.#marks = new Int32Array(expected * 4);
  }

  /** @param serial of the item or the file */
  has(id: number, mark: number, serial: number): boolean {
    return this.#marks[id * 4 + mark] === serial;
  }

  /** False when the name has this mark already. */
  set(id: number, mark: number, serial: number): boolean {
    const at = id * 4 + mark;
    if (at >= this.#marks.length) this.#grow(at);
    if (this.#marks[at] === serial) return false;
    this.#marks[at] = serial;
    return true;
  }

  #grow(at: number): void {
    const larger = new Int32Array(Math.max(this.#marks.length * 2, at + 4));
    larger.set(this.#marks);
    this.#marks = larger;
  }
}
