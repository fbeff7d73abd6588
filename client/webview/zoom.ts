import type { TimeWindow } from '../../server/src/simulate/types';

/** Which part of time is drawn. Windows lie in 0..endNs and are never shorter than what can be told apart. */
const leastNs = 1000;

export const wholeOf = (endNs: number): TimeWindow => ({ fromNs: 0, toNs: Math.max(endNs, 1) });

export function isWhole({ fromNs, toNs }: TimeWindow, endNs: number): boolean {
  return fromNs <= 0 && toNs >= endNs;
}

/** A window of `span` as near to where it was asked for as the run allows. */
function within(fromNs: number, span: number, endNs: number): TimeWindow {
  const width = Math.min(Math.max(span, Math.min(leastNs, endNs)), Math.max(endNs, 1));
  const from = Math.min(Math.max(fromNs, 0), Math.max(endNs, 1) - width);
  return { fromNs: from, toNs: from + width };
}

/** A window kept from another run, as far as this one has it; all of it where nothing is left. */
export function windowIn(window: TimeWindow | undefined, endNs: number): TimeWindow {
  if (window === undefined || window.fromNs >= endNs) return wholeOf(endNs);
  return within(window.fromNs, Math.min(window.toNs, endNs) - window.fromNs, endNs);
}

/** @param factor below 1 zooms in. The instant `aroundNs` stays where it is on the screen. */
export function zoomed({ fromNs, toNs }: TimeWindow, endNs: number, factor: number, aroundNs: number): TimeWindow {
  const span = (toNs - fromNs) * factor;
  const share = Math.min(Math.max((aroundNs - fromNs) / Math.max(toNs - fromNs, 1), 0), 1);
  return within(aroundNs - share * Math.max(span, leastNs), span, endNs);
}

export function panned({ fromNs, toNs }: TimeWindow, endNs: number, byNs: number): TimeWindow {
  return within(fromNs + byNs, toNs - fromNs, endNs);
}

/** Moved no further than needed for the instant to be in it. */
export function following({ fromNs, toNs }: TimeWindow, endNs: number, atNs: number): TimeWindow {
  if (atNs < fromNs) return panned({ fromNs, toNs }, endNs, atNs - fromNs);
  return atNs > toNs ? panned({ fromNs, toNs }, endNs, atNs - toNs) : { fromNs, toNs };
}

export function covers(outer: TimeWindow, inner: TimeWindow): boolean {
  return outer.fromNs <= inner.fromNs && outer.toNs >= inner.toNs;
}
