import type { Group, LaneState, Share, TraceView } from '../../server/src/simulate/types';
import type { Folding } from './choices';

/** Under kGraft the interrupts of each CPU have a universe of their own: a lane for each CPU, or one for all where tasks are folded, too. */
export function interruptLanes({ interrupts, endNs }: TraceView, folding: Folding): readonly Group[] {
  if (interrupts === undefined || interrupts.switches.length === 0) return [];
  const byCpu = new Map<number, (typeof interrupts.switches)[number][]>();
  for (const each of interrupts.switches) byCpu.set(each.cpu, [...(byCpu.get(each.cpu) ?? []), each]);
  const lanes = [...byCpu].sort(([a], [b]) => a - b).map(([cpu, switches]) => {
    const first = switches[0];
    const edges: readonly { readonly atNs: number; readonly state: LaneState }[] = [{ atNs: 0, state: first?.to === 'new' ? 'unpatched' : 'patched' }, ...switches.map(({ atNs, to }) => ({ atNs, state: to === 'new' ? 'patched' as const : 'unpatched' as const }))];
    const shares = edges.map(({ atNs, state }, at) => share(atNs, edges[at + 1]?.atNs ?? endNs, state)).filter(({ fromNs, toNs }) => toNs > fromNs);
    return lane(`irqs of CPU ${cpu}`, 1, shares, switches.at(-1)?.atNs ?? 0);
  });
  if (folding === 'families') return lanes;
  return [lane('interrupts', byCpu.size + interrupts.more, together(lanes, endNs), Math.max(...lanes.map(({ fate }) => (fate.kind === 'switched' ? fate.atNs : 0))))];
}

/** No kind of task is in it. */
export const isInterrupts = ({ kinds }: Group): boolean => kinds.length === 0;

function share(fromNs: number, toNs: number, state: LaneState): Share {
  return { fromNs, toNs, counts: { undefined: 0, unpatched: 0, pending: 0, patched: 0, [state]: 1 } };
}

function lane(label: string, tasks: number, shares: readonly Share[], atNs: number): Group {
  return { label, tasks, kinds: [], pids: [], morePids: 0, blocks: [], moreBlocks: 0, fate: { kind: 'switched', atNs, cause: 'redirection' }, shares };
}

/** How many CPUs are in which state between any two changes. */
function together(lanes: readonly Group[], endNs: number): readonly Share[] {
  const edges = [...new Set([...lanes.flatMap(({ shares }) => shares.map(({ fromNs }) => fromNs)), endNs])].sort((a, b) => a - b);
  return edges.slice(0, -1).map((fromNs, at) => {
    const states = lanes.flatMap(({ shares }) => shares.find((each) => each.fromNs <= fromNs && each.toNs > fromNs)?.counts ?? []);
    const sum = (state: LaneState): number => states.reduce((all, counts) => all + counts[state], 0);
    return { fromNs, toNs: edges[at + 1] ?? endNs, counts: { undefined: 0, unpatched: sum('unpatched'), pending: 0, patched: sum('patched') } };
  });
}
