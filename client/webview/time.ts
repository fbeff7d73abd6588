import type { TimeWindow } from '../../server/src/simulate/types';

/** Linear between nanoseconds and pixels; what lies outside of the window lies at its edge. */
export interface Scale extends TimeWindow {
  readonly left: number;
  readonly right: number;
  readonly x: (ns: number) => number;
  readonly ns: (x: number) => number;
}

export function scale({ fromNs, toNs }: TimeWindow, left: number, right: number): Scale {
  const span = Math.max(toNs - fromNs, 1);
  const share = (value: number): number => Math.min(Math.max(value, 0), 1);
  return {
    fromNs, toNs: fromNs + span, left, right,
    x: (ns) => left + share((ns - fromNs) / span) * (right - left),
    ns: (x) => fromNs + share((x - left) / Math.max(right - left, 1)) * span,
  };
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

/** In the unit one would say it in: "0.2 ms", "35 ms", "16.1 s", "4.5 min". */
export function duration(ns: number): string {
  if (ns < 10e6) return `${Number((ns / 1e6).toPrecision(2))} ms`;
  if (ns < 1e9) return `${Math.round(ns / 1e6)} ms`;
  if (ns < 120e9) return `${Number((ns / 1e9).toFixed(1))} s`;
  return ns < 7200e9 ? `${Number((ns / 60e9).toFixed(1))} min` : `${Number((ns / 3600e9).toFixed(1))} h`;
}

/** As the kernel's log prints it, counted from the load. */
export function logStamp(ns: number): string {
  return `[${(ns / 1e9).toFixed(6).padStart(12)}]`;
}
