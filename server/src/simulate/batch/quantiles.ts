/** Where the values of many runs lie. */

export interface Quantiles {
  readonly min: number | null;
  readonly median: number | null;
  readonly p95: number | null;
  readonly max: number | null;
}

/**
 * The nearest rank: the smallest value that at least this share of all values does not exceed.
 *
 * @param values null for what never came: later than every other. A quantile that falls among those is null
 */
export function quantiles(values: readonly (number | null)[]): Quantiles {
  const sorted = values.map((value) => value ?? Infinity).sort((a, b) => a - b);
  const at = (share: number): number | null => {
    const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Infinity;
    return value === Infinity ? null : value;
  };
  return { min: at(0), median: at(0.5), p95: at(0.95), max: at(1) };
}
