/**
 * Work for many threads: items that know nothing of each other. What item i gives depends on the order and on i alone, so the
 * results are the same whoever computes them, and a batch that was cancelled is the beginning of the whole one.
 */
export interface Batch<R> {
  readonly count: number;
  /** @returns plain data; undefined when it was told to stop */
  readonly run: (index: number, shouldStop: () => boolean) => R | undefined;
}
