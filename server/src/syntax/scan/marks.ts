/** What was already said of each name in the item (definition) that is being read, so that it is said once. */

/** The item in which a name was last called, otherwise named, or declared. */
export const Mark = { called: 0, named: 1, declared: 2 } as const;

const MARKS = 3;

export class Marks {
  /** Of each name its three, side by side as they are looked at together. */
  #marks: Int32Array;

  /** @param expected about how many names there will be: room that nothing is written to takes no memory */
  constructor(expected: number) {
    this.#marks = new Int32Array(expected * MARKS);
  }

  /** @param serial of the item */
  has(id: number, mark: number, serial: number): boolean {
    return this.#marks[id * MARKS + mark] === serial;
  }

  /** False when the name has this mark already. */
  set(id: number, mark: number, serial: number): boolean {
    const at = id * MARKS + mark;
    if (at >= this.#marks.length) this.#grow(at);
    if (this.#marks[at] === serial) return false;
    this.#marks[at] = serial;
    return true;
  }

  #grow(at: number): void {
    const larger = new Int32Array(Math.max(this.#marks.length * 2, at + MARKS));
    larger.set(this.#marks);
    this.#marks = larger;
  }
}
