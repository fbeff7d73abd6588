/** Work that reads the disk or the baseline is done in turn: a slow answer must not overtake a newer one. */
export class Turns {
  #begin: () => void = () => undefined;
  /** The work that was given last, which ends after all before it; never rejects. */
  #last: Promise<unknown> = new Promise<void>((resolve) => (this.#begin = resolve));

  /** Nothing is done before this. */
  begin(): void {
    this.#begin();
  }

  take<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Waits until nothing is left to do. Never rejects. */
  async idle(): Promise<void> {
    for (let last: unknown; last !== this.#last; ) await (last = this.#last);
  }
}
