import type { Blocker, Lane, LaneState, SwitchCause, Trace } from '../../server/src/simulate/types';

/** One task of a lane. */
export interface TaskLane extends Pick<Lane, 'comm' | 'kind' | 'segments' | 'switches'> {
  readonly pid: number;
}

/** Tasks shown as one lane: of one comm family and one course, or everything that is not worth a lane of its own. */
export interface Group {
  readonly label: string;
  readonly lanes: readonly TaskLane[];
  /** Where its tasks stood in the way; empty for tasks that switched when they were first looked at. */
  readonly blocks: readonly Block[];
  readonly fate: Fate;
}

/** How it ended for the last of a group's tasks. `none`: all were born after the switch, or no transition touched them. */
export type Fate = { readonly kind: 'pending' } | { readonly kind: 'switched'; readonly atNs: number; readonly cause: SwitchCause } | { readonly kind: 'none' };

/** Consecutive passes at which a group blocked for one reason. */
export interface Block {
  readonly fromPass: number;
  readonly toPass: number;
  readonly reason: Blocker['reason'];
  readonly function?: string;
}

export type Folding = 'compact' | 'families';

/** More quick families than this fold into one lane unless all are asked for. */
const quickFamilies = 6;

/** Groups in the order of interest: who switched last, or never, comes first. */
export function groupsOf(trace: Trace, folding: Folding): readonly Group[] {
  const blockedPasses = passesByTask(trace);
  const families = familiesOf(trace, (lane) => blockedPasses.get(keyOf(lane)) ?? []);
  const groups = families.map((lanes) => describe(familyOf(lanes), lanes, blockedPasses)).sort(byInterest);
  const heldUp = groups.filter((group) => group.blocks.some((block) => block.function !== undefined || block.toPass > 0));
  // Where nobody was in the way for long, those who were for a moment are the story.
  const slow = heldUp.length > 0 ? heldUp : groups.filter((group) => group.blocks.length > 0);
  const quick = groups.filter((group) => !slow.includes(group));
  if (folding === 'families' || quick.length <= quickFamilies) return [...slow, ...quick];
  const rest = quick.flatMap((group) => group.lanes);
  return [...slow, describe(slow.length === 0 ? 'tasks' : 'others', rest, blockedPasses)];
}

export function labelOf(group: Group): string {
  return group.lanes.length === 1 ? group.label : `${group.label} ×${group.lanes.length}`;
}

/** "kworker/0:1H" and "kworker/u8:0" are kworkers, "swapper/3" is a swapper. A name that is all number keeps it. */
export function family(comm: string): string {
  const stem = (comm.split('/')[0] ?? '').replace(/[\d:+-]+$/, '');
  return stem === '' ? comm : stem;
}

/** How many of the lanes are in each state from a moment on; lanes that do not live then count nowhere. */
export interface Share {
  readonly fromNs: number;
  readonly toNs: number;
  readonly counts: Readonly<Record<LaneState, number>>;
}

/** The group's states over time, cut wherever their mix changes. */
export function sharesOf(lanes: readonly Pick<Lane, 'segments'>[]): readonly Share[] {
  const segments = lanes.flatMap((lane) => lane.segments).filter((segment) => segment.toNs > segment.fromNs);
  const cuts = [...new Set(segments.flatMap(({ fromNs, toNs }) => [fromNs, toNs]))].sort((a, b) => a - b);
  const shares = cuts.slice(0, -1).map((fromNs, at) => {
    const counts = { undefined: 0, unpatched: 0, pending: 0, patched: 0 };
    for (const segment of segments) if (segment.fromNs <= fromNs && fromNs < segment.toNs) counts[segment.state] += 1;
    return { fromNs, toNs: cuts[at + 1] ?? fromNs, counts };
  });
  return shares.reduce<Share[]>((merged, share) => {
    const last = merged.at(-1);
    if (last !== undefined && sameMix(last, share)) merged[merged.length - 1] = { ...share, fromNs: last.fromNs };
    else merged.push(share);
    return merged;
  }, []);
}

/** Whether both are all of one state: a task more or less in it makes no difference to see. */
function sameMix(a: Share, b: Share): boolean {
  const states = ({ counts }: Share) => (Object.keys(counts) as LaneState[]).filter((state) => counts[state] > 0);
  const [first, ...others] = states(a);
  return others.length === 0 && states(b).length === 1 && states(b)[0] === first;
}

interface BlockedAt extends Blocker {
  readonly pass: number;
}

/** Idle tasks share pid 0 and differ by name. */
function keyOf({ pid, comm }: { readonly pid: number; readonly comm: string }): string {
  return `${pid} ${comm}`;
}

function passesByTask(trace: Trace): Map<string, BlockedAt[]> {
  const byTask = new Map<string, BlockedAt[]>();
  for (const pass of trace.passes) {
    for (const blocker of pass.blockers) {
      const entries = byTask.get(keyOf(blocker)) ?? [];
      entries.push({ ...blocker, pass: pass.index });
      byTask.set(keyOf(blocker), entries);
    }
  }
  return byTask;
}

/**
 * Lanes of one family and kind. Those that blocked share a group only when they blocked alike and switched together, give or
 * take a hundredth of the picture; of those that never blocked nobody wants to know more.
 */
function familiesOf(trace: Trace, blockedAt: (lane: TaskLane) => readonly BlockedAt[]): readonly (readonly TaskLane[])[] {
  const tolerance = trace.endNs / 100;
  const groups: { readonly key: string; readonly lanes: TaskLane[] }[] = [];
  for (const lane of trace.lanes.flatMap(({ pids, ...course }) => pids.map((pid): TaskLane => ({ ...course, pid })))) {
    const blocks = blockedAt(lane).map((block) => `${block.pass}${block.reason}${block.function ?? ''}`);
    const course = blocks.length === 0 ? [] : [...blocks, ...lane.segments.map((segment) => segment.state)];
    const key = [lane.kind, family(lane.comm), ...course].join('|');
    const group = groups.find((it) => it.key === key && (blocks.length === 0 || alike(it.lanes[0], lane, tolerance)));
    if (group) group.lanes.push(lane);
    else groups.push({ key, lanes: [lane] });
  }
  return groups.map((group) => group.lanes);
}

function alike(a: TaskLane | undefined, b: TaskLane, tolerance: number): boolean {
  return b.segments.every((segment, at) => {
    const other = a?.segments[at];
    return other !== undefined && Math.abs(other.fromNs - segment.fromNs) <= tolerance && Math.abs(other.toNs - segment.toNs) <= tolerance;
  });
}

function familyOf(lanes: readonly TaskLane[]): string {
  const [first] = lanes;
  if (first === undefined) return '';
  return lanes.length === 1 ? first.comm : family(first.comm);
}

function describe(label: string, lanes: readonly TaskLane[], blockedPasses: ReadonlyMap<string, readonly BlockedAt[]>): Group {
  const blocked = lanes.flatMap((lane) => blockedPasses.get(keyOf(lane)) ?? []).sort((a, b) => a.pass - b.pass);
  return { label, lanes, blocks: runsOf(blocked), fate: lanes.map(fateOfLane).reduce((a, b) => (lateness(b) > lateness(a) ? b : a)) };
}

function fateOfLane(lane: TaskLane): Fate {
  if (lane.segments.at(-1)?.state === 'pending') return { kind: 'pending' };
  const last = lane.switches.at(-1);
  return last === undefined ? { kind: 'none' } : { kind: 'switched', ...last };
}

function lateness(fate: Fate): number {
  return fate.kind === 'switched' ? fate.atNs : fate.kind === 'pending' ? Infinity : -1;
}

function runsOf(blocked: readonly BlockedAt[]): readonly Block[] {
  const runs: Block[] = [];
  for (const { pass, reason, function: name } of blocked) {
    const at = runs.findIndex((run) => run.reason === reason && run.function === name && run.toPass >= pass - 1);
    const run = runs[at];
    if (run) runs[at] = { ...run, toPass: pass };
    else runs.push({ fromPass: pass, toPass: pass, reason, ...(name === undefined ? {} : { function: name }) });
  }
  return runs;
}

function byInterest(a: Group, b: Group): number {
  const [first, second] = [lateness(b.fate), lateness(a.fate)];
  return first === second ? b.lanes.length - a.lanes.length : first - second;
}
