/** A run in short, to be held against the runs of other systems. */
import { switchedShares } from '../convergence';
import { modelNamed } from '../models';
import type { Meeting, SystemView, TimeWindow, Trace, Violation } from '../types';

/** Points of a curve, for each ten times as much time: more than a curve has pixels there. */
const POINTS_PER_DECADE = 120;
const MOST_PAUSES = 200;
const MOST_MEETINGS = 40;

/** @returns plain data of a bounded size */
export function systemView(trace: Trace): SystemView {
  const { model, outcome, appliedMs, completeMs, pauseMs, attempts, endNs, passes, signals, pauses } = trace;
  const { what, when } = modelNamed(model);
  const failed = passes.filter(({ blockers }) => blockers.length > 0);
  return {
    model, what, when, outcome, appliedMs, completeMs, pauseMs, attempts, endNs,
    passes: passes.length,
    signals: signals.length,
    blocking: { first: failed[0]?.blockers.length ?? 0, last: failed.at(-1)?.blockers.length ?? 0 },
    curve: thinned(switchedShares(trace)),
    pauses: pauses.slice(0, MOST_PAUSES),
    overlap: overlapOf(trace),
    broken: meetings(trace.violations),
    mixed: meetings(trace.unpromised),
  };
}

/** The last point of each step of the logarithmic axis. */
function thinned(points: SystemView['curve']): SystemView['curve'] {
  const byStep = new Map(points.map((point) => [Math.round(POINTS_PER_DECADE * Math.log10(Math.max(1, point.atNs))), point]));
  return [...byStep.values()];
}

function overlapOf({ lanes }: Trace): TimeWindow | null {
  let [fromNs, toNs] = [Infinity, -Infinity];
  for (const { switches } of lanes) {
    for (const { atNs } of switches) [fromNs, toNs] = [Math.min(fromNs, atNs), Math.max(toNs, atNs)];
  }
  return fromNs <= toNs ? { fromNs, toNs } : null;
}

function meetings(violations: readonly Violation[]): readonly Meeting[] {
  return violations.slice(0, MOST_MEETINGS).map(({ invariant, task, atNs, text, functions }) => ({ invariant, task, atNs, text, ...(functions !== undefined && { functions }) }));
}
