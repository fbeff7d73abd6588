/**
 * How many facts of a name came before one, over the texts a file goes through. What stands in front of an edit keeps its number, and so does
 * what stands behind it, but for the names that the edit took out or put in.
 */
export class Numbering {
  readonly #counts = new Map<string, number>();
  /** Names that are numbered anew behind the edit. */
  readonly #anew: ReadonlySet<string>;

  /**
   * @param gone what the edit took out, in order, and @param come the names it put in
   * @param inFront the names in front of it
   */
  constructor(gone: readonly { readonly name: string; readonly ordinal: number }[], come: readonly string[], inFront: () => Iterable<string>) {
    const names = gone.map(({ name }) => name);
    if (isSameBag(names, come)) {
      this.#anew = new Set();
      // The first of a name has the lowest number; those that came go on from it.
      for (const { name, ordinal } of gone) if (!this.#counts.has(name)) this.#counts.set(name, ordinal);
    } else {
      this.#anew = new Set([...names, ...come]);
      for (const name of inFront()) if (this.#anew.has(name)) this.next(name);
    }
  }

  /** Whether all behind the edit keep their numbers. */
  get keepsAll(): boolean {
    return this.#anew.size === 0;
  }

  /** The number of the next one of a name that came. */
  next(name: string): number {
    const ordinal = this.#counts.get(name) ?? 0;
    this.#counts.set(name, ordinal + 1);
    return ordinal;
  }

  /** The number of the next one behind the edit; `ordinal` is what it had. */
  behind(name: string, ordinal: number): number {
    return this.#anew.has(name) ? this.next(name) : ordinal;
  }
}

/** Whether both hold each name as often. */
function isSameBag(some: readonly string[], others: readonly string[]): boolean {
  if (some.length !== others.length) return false;
  const sorted = [...others].sort();
  return [...some].sort().every((name, index) => name === sorted[index]);
}
