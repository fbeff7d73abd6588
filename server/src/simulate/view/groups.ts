/** Which tasks are drawn as one lane. */
import type { Block, Detail, Fate, Group, Lane, TimeWindow, Trace } from '../types';
import { blocksByTask, keyOf, together } from './blocks';
import { family } from './family';
import { lateness } from './passes';
import { sharesOf } from './shares';

/** More quick families than this fold into one lane unless all are asked for. */
const QUICK_FAMILIES = 6;
/** Pids and blocks told of a group. */
const PIDS = 8;
const BLOCKS = 6;

/** Tasks of one lane of the trace that stood in the way alike. */
interface Strand extends Pick<Lane, 'comm' | 'kind' | 'segments' | 'switches'> {
  readonly pids: number[];
  readonly blocks: readonly Block[];
}

/** A group in the making. */
interface Draft {
  readonly label: string;
  readonly strands: readonly Strand[];
  readonly tasks: number;
  readonly blocks: readonly Block[];
  readonly fate: Fate;
}

export function groupsOf(trace: Trace, { columns, lanes, window, filter }: Detail & { readonly window: TimeWindow }): { readonly families: readonly Group[]; readonly compact: readonly Group[] } {
  const drafts = familiesOf(trace, wantedBy(filter)).map((strands) => draftOf(labelOf(strands), strands, trace.endNs)).sort(byInterest);
  const heldUp = drafts.filter(({ blocks }) => blocks.some((block) => block.function !== undefined || block.toPass > 0));
  // Where nobody was in the way for long, those who were for a moment are the story.
  const slow = heldUp.length > 0 ? heldUp : drafts.filter(({ blocks }) => blocks.length > 0);
  const those = new Set(slow);
  const quick = drafts.filter((draft) => !those.has(draft));
  const compact = quick.length <= QUICK_FAMILIES ? [...slow, ...quick] : [...slow, folded(slow.length === 0 ? 'tasks' : 'others', quick, trace.endNs)];
  const drawn = new Map<Draft, Group>();
  const draw = (draft: Draft): Group => {
    const group = drawn.get(draft) ?? groupOf(draft, window, columns);
    drawn.set(draft, group);
    return group;
  };
  return { families: bounded([...slow, ...quick], lanes, trace.endNs).map(draw), compact: bounded(compact, lanes, trace.endNs).map(draw) };
}

/** What there is no room for is one lane, the last one. */
function bounded(drafts: readonly Draft[], lanes: number, endNs: number): readonly Draft[] {
  return drafts.length <= lanes ? drafts : [...drafts.slice(0, lanes - 1), folded('others', drafts.slice(lanes - 1), endNs)];
}

const folded = (label: string, drafts: readonly Draft[], endNs: number): Draft => draftOf(label, drafts.flatMap(({ strands }) => strands), endNs);

/**
 * Strands of one family and kind. Those that blocked share a group only when they blocked alike and switched together, give
 * or take a hundredth of the picture; of those that never blocked nobody wants to know more.
 */
function familiesOf(trace: Trace, isWanted: (strand: Strand, pid: number) => boolean): readonly (readonly Strand[])[] {
  const tolerance = trace.endNs / 100;
  const all: Strand[][] = [];
  const byKey = new Map<string, Strand[][]>();
  for (const whole of strandsOf(trace)) {
    const strand = { ...whole, pids: whole.pids.filter((pid) => isWanted(whole, pid)) };
    if (strand.pids.length === 0) continue;
    const course = strand.blocks.length === 0 ? [] : [signature(strand.blocks), ...strand.segments.map(({ state }) => state)];
    const key = [strand.kind, family(strand.comm), ...course].join('|');
    const groups = byKey.get(key) ?? [];
    byKey.set(key, groups);
    const group = groups.find(([first]) => strand.blocks.length === 0 || (first !== undefined && alike(first, strand, tolerance)));
    if (group !== undefined) {
      group.push(strand);
      continue;
    }
    groups.push([strand]);
    all.push(groups.at(-1) ?? []);
  }
  return all;
}

/** By name, pid, or the function a task blocked in. */
function wantedBy(filter = ''): (strand: Strand, pid: number) => boolean {
  const text = filter.trim().toLowerCase();
  if (text === '') return () => true;
  return ({ comm, blocks }, pid) => comm.toLowerCase().includes(text) || String(pid) === text || blocks.some((block) => block.function?.toLowerCase().includes(text) === true);
}

/** The trace's lanes, parted where tasks that went the same way stood in it for different reasons. */
function strandsOf(trace: Trace): readonly Strand[] {
  const blocksOf = blocksByTask(trace.passes);
  return trace.lanes.flatMap(({ comm, kind, pids, segments, switches }) => {
    const strands = new Map<string, Strand>();
    for (const pid of pids) {
      const blocks = blocksOf.get(keyOf(pid, comm)) ?? [];
      const key = signature(blocks);
      const strand = strands.get(key) ?? { comm, kind, segments, switches, pids: [], blocks };
      strand.pids.push(pid);
      strands.set(key, strand);
    }
    return [...strands.values()];
  });
}

const signature = (blocks: readonly Block[]): string => blocks.map(({ fromPass, toPass, reason, function: name = '' }) => `${fromPass}-${toPass} ${reason} ${name}`).join('|');

function alike(a: Strand, b: Strand, tolerance: number): boolean {
  return b.segments.every((segment, at) => {
    const other = a.segments[at];
    return other !== undefined && Math.abs(other.fromNs - segment.fromNs) <= tolerance && Math.abs(other.toNs - segment.toNs) <= tolerance;
  });
}

function labelOf(strands: readonly Strand[]): string {
  const [first] = strands;
  if (first === undefined) return '';
  return strands.length === 1 && first.pids.length === 1 ? first.comm : family(first.comm);
}

function draftOf(label: string, strands: readonly Strand[], endNs: number): Draft {
  return {
    label,
    strands,
    tasks: strands.reduce((sum, { pids }) => sum + pids.length, 0),
    blocks: together(strands.flatMap(({ blocks }) => blocks)),
    fate: strands.map((strand) => fateOf(strand, endNs)).reduce((a, b) => (lateness(b) > lateness(a) ? b : a)),
  };
}

/** A task that ended while pending holds nothing up; one that switches at the very end has no segment after it. */
function fateOf({ segments, switches }: Strand, endNs: number): Fate {
  const [end, last] = [segments.at(-1), switches.at(-1)];
  if (end?.state === 'pending' && end.toNs >= endNs && (last === undefined || last.atNs < endNs)) return { kind: 'pending' };
  return last === undefined ? { kind: 'none' } : { kind: 'switched', ...last };
}

function byInterest(a: Draft, b: Draft): number {
  const [first, second] = [lateness(b.fate), lateness(a.fate)];
  return first === second ? b.tasks - a.tasks : first - second;
}

function groupOf({ label, strands, tasks, blocks, fate }: Draft, window: TimeWindow, columns: number): Group {
  const pids: number[] = [];
  let named = 0;
  for (const strand of strands) {
    if (strand.kind === 'idle') continue;
    named += strand.pids.length;
    pids.push(...strand.pids.slice(0, PIDS - pids.length));
  }
  return {
    label,
    tasks,
    kinds: [...new Set(strands.map(({ kind }) => kind))],
    pids,
    morePids: named - pids.length,
    blocks: blocks.slice(0, BLOCKS),
    moreBlocks: Math.max(0, blocks.length - BLOCKS),
    fate,
    shares: sharesOf(strands.map((strand) => ({ segments: strand.segments, tasks: strand.pids.length })), window, columns),
  };
}
