/** Logarithmic axes. */

export interface LogScale {
  readonly least: number;
  readonly most: number;
  /** Where a value lies, in the drawing's units; values beyond an end lie at that end. */
  readonly at: (value: number) => number;
}

/** @param from, to where `least` and `most` lie; both values above 0, `least` below `most` */
export function logScale(least: number, most: number, from: number, to: number): LogScale {
  const [low, high] = [Math.log(least), Math.log(most)];
  return { least, most, at: (value) => from + ((to - from) * (Math.log(Math.min(most, Math.max(least, value))) - low)) / (high - low) };
}

/** The powers of `base` around the values: the last one at or below the least, the first one at or above the most, and all between. */
export function powersAround(values: readonly number[], base: number): number[] {
  const exponent = (value: number): number => Math.log(value) / Math.log(base);
  // What is a power up to the last digit counts as one.
  const first = Math.floor(exponent(Math.min(...values)) + 1e-9);
  const last = Math.max(first + 1, Math.ceil(exponent(Math.max(...values)) - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, i) => base ** (first + i));
}
