/** How many of a group's tasks are in which state over time. */
import type { LaneSegment, LaneState, Share, TimeWindow } from '../types';

/** Tasks that went one way. */
export interface Strand {
  readonly segments: readonly LaneSegment[];
  readonly tasks: number;
}

type Counts = Record<LaneState, number>;

const STATES: readonly LaneState[] = ['undefined', 'unpatched', 'pending', 'patched'];
const nobody = (): Counts => ({ undefined: 0, unpatched: 0, pending: 0, patched: 0 });

/**
 * Cut wherever the mix changes; tasks that do not live then count nowhere.
 *
 * @param columns the most shares: where there are more changes, averages over equal parts of the window are given instead
 */
export function sharesOf(strands: readonly Strand[], window: TimeWindow, columns: number): readonly Share[] {
  const exact = merged(cut(strands, window));
  return exact.length <= columns ? exact : averages(exact, window, columns);
}

function cut(strands: readonly Strand[], { fromNs, toNs }: TimeWindow): Share[] {
  const changes: { readonly atNs: number; readonly state: LaneState; readonly by: number }[] = [];
  for (const { segments, tasks } of strands) {
    for (const { state, ...segment } of segments) {
      const [from, to] = [Math.max(fromNs, segment.fromNs), Math.min(toNs, segment.toNs)];
      if (from < to) changes.push({ atNs: from, state, by: tasks }, { atNs: to, state, by: -tasks });
    }
  }
  changes.sort((a, b) => a.atNs - b.atNs);
  const shares: Share[] = [];
  const counts = nobody();
  let since = changes[0]?.atNs ?? 0;
  for (const { atNs, state, by } of changes) {
    if (atNs > since) shares.push({ fromNs: since, toNs: atNs, counts: { ...counts } });
    since = atNs;
    counts[state] += by;
  }
  return shares;
}

/** A task more or less in the only state there is makes no difference to see. */
function merged(shares: readonly Share[]): readonly Share[] {
  const all: Share[] = [];
  for (const share of shares) {
    const last = all.at(-1);
    if (last !== undefined && onlyState(last) !== undefined && onlyState(last) === onlyState(share)) all[all.length - 1] = { ...share, fromNs: last.fromNs };
    else all.push(share);
  }
  return all;
}

function onlyState({ counts }: Share): LaneState | undefined {
  const some = STATES.filter((state) => counts[state] > 0);
  return some.length === 1 ? some[0] : undefined;
}

function averages(shares: readonly Share[], { fromNs, toNs }: TimeWindow, columns: number): readonly Share[] {
  const edge = (column: number): number => Math.round(fromNs + ((toNs - fromNs) * column) / columns);
  const all: Share[] = [];
  let at = 0;
  for (let column = 0; column < columns; column++) {
    const [from, to] = [edge(column), edge(column + 1)];
    const counts = nobody();
    // A share may reach into the next column: it is looked at again there.
    for (let i = at; ; i++) {
      const share = shares[i];
      if (share === undefined || share.fromNs >= to) break;
      const length = Math.min(share.toNs, to) - Math.max(share.fromNs, from);
      if (length > 0) for (const state of STATES) counts[state] += (share.counts[state] * length) / (to - from);
      if (share.toNs <= to) at = i + 1;
    }
    if (to > from && STATES.some((state) => counts[state] > 0)) all.push({ fromNs: from, toNs: to, counts });
  }
  return merged(all);
}
