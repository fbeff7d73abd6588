/** Where values lie on an axis. */

export interface Scale {
  /** Where a value lies, in the drawing's units; values beyond an end lie at that end. */
  readonly at: (value: number) => number;
}

/** @param from, to where `least` and `most` lie; both values above 0, `least` below `most` */
export function logScale(least: number, most: number, from: number, to: number): Scale {
  const [low, high] = [Math.log(least), Math.log(most)];
  return { at: (value) => from + ((to - from) * (Math.log(Math.min(most, Math.max(least, value))) - low)) / (high - low) };
}

/** From 0 at `from` to `most`, above 0, at `to`; values beyond an end lie at that end. */
export function linearScale(most: number, from: number, to: number): Scale {
  return { at: (value) => from + ((to - from) * Math.min(most, Math.max(0, value))) / most };
}

/** In ms: from what nobody notices to what nobody waits for. */
const ALWAYS = [1, 10, 100, 1000, 10_000, 60_000, 900_000] as const;
/** For runs that need them. */
const LONGER = [7_200_000, 86_400_000, 864_000_000] as const;

export type TimeMark = (typeof ALWAYS)[number] | (typeof LONGER)[number];

/** The marks, in ms and in order, of a logarithmic axis of the time since a load: always the same, so that drawings can be held against one another, unless a run goes on beyond the last one. */
export function timeMarks(endMs: number): readonly TimeMark[] {
  const marks: TimeMark[] = [...ALWAYS];
  for (const mark of LONGER) if ((marks.at(-1) ?? 0) < endMs) marks.push(mark);
  return marks;
}

/** The powers of `base` around the values: the last one at or below the least, the first one at or above the most, and all between. */
export function powersAround(values: readonly number[], base: number): number[] {
  const exponent = (value: number): number => Math.log(value) / Math.log(base);
  // What is a power up to the last digit counts as one.
  const first = Math.floor(exponent(Math.min(...values)) + 1e-9);
  const last = Math.max(first + 1, Math.ceil(exponent(Math.max(...values)) - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, i) => base ** (first + i));
}

/** Round values (1, 2 or 5 times a power of ten apart) from 0 up to `most`, about `wanted` of them. */
export function roundSteps(most: number, wanted: number): readonly number[] {
  const rough = Math.max(most, 1) / Math.max(wanted, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10));
  const count = Math.floor(Math.max(most, 1) / step);
  return Array.from({ length: count + 1 }, (_, at) => at * step);
}
