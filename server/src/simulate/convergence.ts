/** The curve "how many tasks have switched by when", drawn from a trace. */
import type { Lane, LaneSegment, LaneState, Trace } from './types';

export interface ConvergencePoint {
  readonly atNs: number;
  /** Tasks that have switched in the direction the transition goes at that instant. */
  readonly switched: number;
  /** Tasks the transition has to do with at that instant. */
  readonly total: number;
}

/**
 * One point for each instant at which something changed, in order of time. A task counts from the moment it becomes
 * pending (or switches at once) until its transition is over, and as switched while it is not pending.
 *
 * @param isSwitched instead: which states count as switched
 */
export function convergence(trace: Trace, isSwitched = (state: LaneState): boolean => state !== 'pending'): ConvergencePoint[] {
  const changes = new Map<number, { switched: number; total: number }>();
  const add = (atNs: number, switched: number, total: number): void => {
    const change = changes.get(atNs) ?? { switched: 0, total: 0 };
    changes.set(atNs, { switched: change.switched + switched, total: change.total + total });
  };
  for (const lane of trace.lanes) {
    for (const { fromNs, toNs, state } of inTransition(lane)) {
      if (state === 'undefined') continue;
      const total = lane.pids.length;
      const switched = isSwitched(state) ? total : 0;
      add(fromNs, switched, total);
      add(toNs, -switched, -total);
    }
  }
  let switched = 0;
  let total = 0;
  return [...changes]
    .sort(([a], [b]) => a - b)
    .filter(([, change]) => change.switched !== 0 || change.total !== 0)
    .map(([atNs, change]) => ({ atNs, switched: (switched += change.switched), total: (total += change.total) }));
}

/** Of all tasks, how many have switched, 0 to 1, from each instant on. Until every task of the machine has begun, those that have not count as well; at the end of a whole run all have switched. Who went back to old code, in a run that was taken back or given up, has not. */
export function switchedShares(trace: Trace): readonly { readonly atNs: number; readonly share: number }[] {
  const all = trace.outcome === 'failed' ? convergence(trace, (state) => state === 'patched') : convergence(trace);
  const begun = all.findIndex(({ total }) => total >= trace.machine.tasks);
  const isWhole = trace.outcome === 'complete' || trace.outcome === 'unsafe';
  return all.flatMap(({ atNs, switched, total }, i) => {
    if (total === 0) return isWhole && atNs >= trace.endNs ? [{ atNs, share: 1 }] : [];
    return [{ atNs, share: switched / Math.max(total, i < begun ? trace.machine.tasks : 0) }];
  });
}

/** The lane without what came before its task had anything to do: the time from "initializing" to "starting". */
function inTransition({ segments, switches }: Lane): readonly LaneSegment[] {
  const firstSwitch = switches[0]?.atNs;
  const first = segments.findIndex((s) => s.state === 'pending' || (firstSwitch !== undefined && s.fromNs >= firstSwitch));
  return first < 0 ? segments : segments.slice(first);
}
