/** Linear from nanoseconds to pixels. */
export interface Scale {
  readonly endNs: number;
  readonly x: (ns: number) => number;
}

export function scale(endNs: number, left: number, right: number): Scale {
  const end = Math.max(endNs, 1);
  return { endNs: end, x: (ns) => left + (Math.min(Math.max(ns, 0), end) / end) * (right - left) };
}

/** "16.3 s"; below a second with as many digits as are needed to tell it from zero. */
export function seconds(ns: number): string {
  return `${secondsNumber(ns)} s`;
}

export function secondsNumber(ns: number): string {
  const value = ns / 1e9;
  if (value === 0 || value >= 1) return value.toFixed(1);
  return value >= 0.1 ? value.toFixed(2) : value.toFixed(3);
}

/** As the kernel's log prints it, counted from the load. */
export function logStamp(ns: number): string {
  return `[${(ns / 1e9).toFixed(6).padStart(12)}]`;
}
