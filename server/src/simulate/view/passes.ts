/** Passes as they can be told: who stood in the way by family and reason, not one by one, and how it went on for them. */
import type { Blocker, BlockerRow, Fate, Lane, Pass, PassView, Trace } from '../types';
import { keyOf } from './blocks';
import { family } from './family';

/** Rows of a pass that is looked at closely (the first and the last that failed), and of the others. */
const CLOSE = 40;
const FROM_AFAR = 8;
/** Pids told of a row. */
const PIDS = 4;

/**
 * @param passes those that are told of
 * @param columns how many of them there is room for
 */
export function passViews(passes: readonly Pass[], { lanes }: Pick<Trace, 'lanes'>, columns: number): readonly PassView[] {
  const failed = passes.filter(({ blockers }) => blockers.length > 0);
  const close = new Set([failed[0], failed.at(-1)]);
  const every = Math.ceil(passes.length / Math.max(1, columns));
  const laneOf = failed.length === 0 ? new Map<number | string, Lane>() : new Map(lanes.flatMap((lane) => lane.pids.map((pid) => [keyOf(pid, lane.comm), lane])));
  // Passes that found the same share their list, and then nobody in it has switched in between.
  const gathered = new Map<readonly Blocker[], readonly BlockerRow[]>();
  return passes.filter((pass, i) => i % every === 0 || close.has(pass) || i === passes.length - 1).map((pass): PassView => {
    const { blockers, ...rest } = pass;
    const rows = gathered.get(blockers) ?? gather(blockers, laneOf, pass.atNs);
    gathered.set(blockers, rows);
    const shown = rows.slice(0, close.has(pass) ? CLOSE : FROM_AFAR);
    return { ...rest, blocking: blockers.length, rows: shown, moreRows: rows.length - shown.length };
  });
}

interface Draft {
  readonly first: Blocker;
  readonly family: string;
  readonly kind: Lane['kind'];
  readonly pids: number[];
  tasks: number;
  fate: Fate;
}

function gather(blockers: readonly Blocker[], laneOf: ReadonlyMap<number | string, Lane>, atNs: number): readonly BlockerRow[] {
  const rows = new Map<string, Draft>();
  for (const blocker of blockers) {
    const lane = laneOf.get(keyOf(blocker.pid, blocker.comm));
    const [name, kind] = [family(blocker.comm), lane?.kind ?? 'user'];
    const key = `${name} ${kind} ${blocker.reason} ${blocker.function ?? ''}`;
    const row = rows.get(key) ?? { first: blocker, family: name, kind, pids: [], tasks: 0, fate: { kind: 'none' } };
    rows.set(key, row);
    row.tasks++;
    if (row.pids.length < PIDS && blocker.pid !== 0) row.pids.push(blocker.pid);
    const fate = fateAfter(lane, atNs);
    if (lateness(fate) > lateness(row.fate)) row.fate = fate;
  }
  return [...rows.values()]
    .map(({ first: { comm, pid, reason, function: name }, tasks, ...row }): BlockerRow => ({ ...row, tasks, reason, ...(tasks === 1 && { only: { comm, pid } }), ...(name !== undefined && { function: name }) }))
    .sort((a, b) => Number(b.function !== undefined) - Number(a.function !== undefined));
}

/** A task that ended while it was in the way is no longer there to switch. */
function fateAfter(lane: Lane | undefined, atNs: number): Fate {
  const next = lane?.switches.find((each) => each.atNs >= atNs);
  if (next !== undefined) return { kind: 'switched', ...next };
  return lane?.segments.at(-1)?.state === 'pending' ? { kind: 'pending' } : { kind: 'none' };
}

/** For comparing: who never switches is the last one. */
export function lateness(fate: Fate): number {
  return fate.kind === 'switched' ? fate.atNs : fate.kind === 'pending' ? Infinity : -1;
}
