/** To be awaited between slices of long work: whoever waits for the event loop, a keystroke above all, has its turn first. */
export function letOthersRun(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
