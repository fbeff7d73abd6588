/** How deep in braces the reading is at the `#if` that are open: the first branch says where all of them end. */
export class Conditions {
  /** Depth at each open #if, and at the end of its first branch (-1 before). */
  readonly #saved: number[] = [];
  readonly #first: number[] = [];

  /** How many `#if` are open, `#if 0` and its kin apart. */
  get count(): number {
    return this.#saved.length;
  }

  clear(): void {
    this.#saved.length = this.#first.length = 0;
  }

  open(depth: number): void {
    this.#saved.push(depth);
    this.#first.push(-1);
  }

  /** At #else and #elif: the depth to go on with, which is where the first branch began. */
  next(depth: number): number {
    const top = this.#saved.length - 1;
    if (top < 0) return depth;
    if ((this.#first[top] ?? 0) < 0) this.#first[top] = depth;
    return this.#saved[top] ?? 0;
  }

  /** At #endif: the depth to go on with, which is where the first branch ended. */
  close(depth: number): number {
    this.#saved.pop();
    const first = this.#first.pop() ?? -1;
    return first >= 0 ? first : depth;
  }
}
