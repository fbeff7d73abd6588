/** Milliseconds to one digit: finer than that is noise. */
const round = (value) => Math.round(value * 10) / 10;

/** The smallest value that a share of all values does not exceed (nearest rank). */
export function percentile(values, share) {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

export function summary(values) {
  return { count: values.length, p50: round(percentile(values, 0.5)), p95: round(percentile(values, 0.95)), max: round(percentile(values, 1)) };
}

/** Of an odd number of runs, the middle one. */
export const median = (values) => percentile(values, 0.5);
