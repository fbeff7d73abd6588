/** Ctrl-C: what is under way ends by itself and in order; a second one ends the program. */

/** @param reason what an aborted `signal` is told */
export async function untilInterrupted<T>(reason: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const cancel = (): void => { abort.abort(new Error(reason)); };
  process.once('SIGINT', cancel);
  try {
    return await work(abort.signal);
  } finally {
    process.off('SIGINT', cancel);
  }
}
