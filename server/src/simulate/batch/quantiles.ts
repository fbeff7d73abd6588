/** Where the values of many runs lie. */

export interface Quantiles {
  readonly min: number | null;
  readonly median: number | null;
  readonly p95: number | null;
  readonly max: number | null;
}

/** @param values null for what never came: later than every other. A quantile that falls among those is null */
export function quantiles(values: readonly (number | null)[]): Quantiles {
  const [min = null, median = null, p95 = null, max = null] = ranks(values, [0, 0.5, 0.95, 1]);
  return { min, median, p95, max };
}

/** For each share its nearest rank: the smallest value that at least this share of all values does not exceed; null among those that never came. */
export function ranks(values: readonly (number | null)[], shares: readonly number[]): (number | null)[] {
  const sorted = values.map((value) => value ?? Infinity).sort((a, b) => a - b);
  return shares.map((share) => {
    const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Infinity;
    return value === Infinity ? null : value;
  });
}
