import type { LaneState, PassView, TraceView } from '../../server/src/simulate/types';
import { seconds } from './time';

/** The instant the reader looks at. Where none was chosen: the last pass that failed, which says what it hung on; else the end. */
export function cursorOf({ passes }: TraceView, chosenNs: number | undefined, endNs: number): number {
  return Math.min(chosenNs ?? passes.findLast(({ blocking }) => blocking > 0)?.atNs ?? endNs, endNs);
}

/** The last pass at or before an instant. */
export function passAt(passes: readonly PassView[], atNs: number): PassView | undefined {
  return passes[countUntil(passes, atNs) - 1];
}

/** Where "previous" and "next" lead: to the passes, and beyond them to the beginning and the end. */
export function passBeside({ passes }: TraceView, atNs: number, direction: -1 | 1, endNs: number): number {
  if (direction === 1) return passes[countUntil(passes, atNs)]?.atNs ?? endNs;
  return passes.findLast((pass) => pass.atNs < atNs)?.atNs ?? 0;
}

/** How many of those in order of time are at or before an instant. */
export function countUntil(those: readonly { readonly atNs: number }[], atNs: number): number {
  let [low, high] = [0, those.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((those[middle]?.atNs ?? 0) <= atNs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many of the tasks drawn run new code at an instant, of how many that live then. Rounded, but never to all or nothing when it is not. */
export function switchedAt({ groups, outcome, appliedMs, endNs }: TraceView, atNs: number): { readonly switched: number; readonly total: number } {
  const isOver = (outcome === 'complete' || outcome === 'unsafe') && appliedMs !== null && atNs >= appliedMs * 1e6;
  const lookNs = Math.min(atNs, endNs);
  let [patched, total] = [0, 0];
  for (const { shares } of groups.compact) {
    const share = shares.findLast(({ fromNs }) => fromNs <= lookNs);
    if (share === undefined || share.toNs < lookNs) continue;
    patched += share.counts.patched;
    for (const state of states) total += share.counts[state];
  }
  const all = Math.round(total);
  return { switched: isOver || patched === total ? all : Math.min(Math.max(Math.round(patched), patched > 0 ? 1 : 0), Math.max(all - 1, 0)), total: all };
}

const states: readonly LaneState[] = ['undefined', 'unpatched', 'pending', 'patched'];

/** "4.2 s, pass 3, 12 of 204 switched": what the cursor's place means. */
export function cursorText(trace: TraceView, atNs: number): string {
  const pass = passAt(trace.passes, atNs);
  const { switched, total } = switchedAt(trace, atNs);
  return [seconds(atNs), ...(pass === undefined ? [] : [`pass ${pass.index}`]), ...(total === 0 ? [] : [`${switched} of ${total} switched`])].join(', ');
}
