/** One run over time: a lane for each group of tasks, passes and events as lines through all of them. */
import { viewOf, type Group, type LaneState, type Share, type Trace, type TraceView } from '../../simulate';
import { count, ending, machineText, tenths } from '../simulation-words';
import { svgDocument } from './document';
import { boxes, cut, line, text, type Box } from './marks';
import { axisBelow } from './panel';
import { linearScale, roundSteps, type Scale } from './scale';
import { laneEnding, lastBlockers } from './who';

const WIDTH = 1060;
const LEFT = 190;
const RIGHT = 700;
const TOP = 110;
const ROW = 20;
const BAR = 13;

/** About two pixels a part. */
const ROOM = { columns: 250, lanes: 24 };

/** Letters that fit, at about 6.6 px each: beside a lane to its left and to its right, and above all. */
const LETTERS = { label: 25, ending: 54, title: 112, subtitle: 160 };

/** From the top of a bar down. Where no transition touches a task, nothing is drawn. */
const STATES: readonly (readonly [LaneState, style: string, meaning: string])[] = [['unpatched', 'old', 'old code'], ['pending', 'c1', 'pending: asked to switch'], ['patched', 'c0', 'new code']];

export function timelineSvg(trace: Trace): string {
  const view = viewOf(trace, ROOM);
  const groups = view.groups.compact;
  const bottom = TOP + groups.length * ROW + 4;
  const x = linearScale(Math.max(view.endNs, 1), LEFT, RIGHT);
  const [outcome, blockers] = [outcomeOf(trace), lastBlockers(trace.passes)];
  const title = [outcome, ...blockers].join(', ');
  const fits = title.length <= LETTERS.title;
  const about = 'A lane for each group of tasks: how many of it run old code, are asked to switch (pending), or run new code, over the time since the load.';
  return svgDocument(WIDTH, bottom + 84, title, about, [
    text({ x: 20, y: 28 }, cut(fits ? title : outcome, LETTERS.title), 'ink head'),
    text({ x: 20, y: 47 }, cut([...(fits ? [] : blockers), setting(view)].join('; '), LETTERS.subtitle), 'soft small'),
    ...groups.flatMap((group, row) => laneMarks(group, TOP + row * ROW, x)),
    ...passMarks(view, x, bottom),
    ...eventMarks(view, x, bottom),
    ...axisBelow({ left: LEFT, right: RIGHT, bottom }, timeAxis(view.endNs), x),
    ...keyMarks(groups, view.pauses, bottom + 66),
  ]);
}

function outcomeOf(trace: Trace): string {
  const { model, attempts, signals, pauseMs } = trace;
  return [
    `${model}: ${ending(trace)}`,
    ...(attempts > 1 ? [count(attempts, 'attempt')] : []),
    ...(signals.length > 0 ? [count(signals.length, 'signal')] : []),
    ...(pauseMs > 0 ? [`machine stopped for ${tenths(pauseMs)}`] : []),
  ].join(', ');
}

function setting({ patch, machine, seed }: TraceView): string {
  const names = patch.functions.map(({ name }) => name);
  const shown = names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
  return `${shown} on ${machineText(machine)}, seed ${seed}`;
}

function laneMarks(group: Group, top: number, x: Scale): string[] {
  const name = group.tasks > 1 ? `${group.label} ×${group.tasks}` : group.pids[0] === undefined ? group.label : `${group.label}:${group.pids[0]}`;
  return [
    text({ x: LEFT - 10, y: top + 11 }, cut(name, LETTERS.label), 'ink', 'end'),
    ...STATES.flatMap(([state, style]) => {
      const bars = group.shares.flatMap((share) => bar(share, state, top, x));
      return bars.length === 0 ? [] : [boxes(bars, style)];
    }),
    text({ x: RIGHT + 10, y: top + 11 }, cut(laneEnding(group), LETTERS.ending), 'soft small'),
  ];
}

/** The states share the height of the bar by their number of tasks. */
function bar({ fromNs, toNs, counts }: Share, state: LaneState, top: number, x: Scale): Box[] {
  const total = counts.undefined + STATES.reduce((sum, [each]) => sum + counts[each], 0);
  const before = STATES.slice(0, STATES.findIndex(([each]) => each === state)).reduce((sum, [each]) => sum + counts[each], 0);
  if (total === 0 || counts[state] === 0) return [];
  return [{ x: x.at(fromNs), y: top + (before / total) * BAR, width: x.at(toNs) - x.at(fromNs), height: (counts[state] / total) * BAR }];
}

/** Every pass that can be told apart has its line; of those too close to read only some have their number. */
function passMarks({ passes }: TraceView, x: Scale, bottom: number): string[] {
  let free = LEFT;
  const lines = passes.flatMap(({ atNs, index }, i) => {
    const at = x.at(atNs);
    const isLabelled = i === 0 || at >= free;
    if (isLabelled) free = at + 22;
    return [line({ x: at, y: TOP - 6 }, { x: at, y: bottom }, 'axis half'), ...(isLabelled ? [text({ x: at, y: TOP - 10 }, String(index), 'soft small', 'middle')] : [])];
  });
  return lines.length === 0 ? [] : [text({ x: LEFT - 10, y: TOP - 10 }, 'pass', 'soft small', 'end'), ...lines];
}

interface Event {
  readonly at: number;
  /** Of a band; a line has none. */
  readonly width?: number;
  readonly name?: string;
}

/** Stops of the machine as bands, signals and what the operator did as lines; each with its name where there is room for it. */
function eventMarks({ pauses, signals, actions }: TraceView, x: Scale, bottom: number): string[] {
  const events: readonly Event[] = [
    ...pauses.map(({ fromNs, toNs }, i) => ({ at: x.at(fromNs), width: Math.max(THIN, x.at(toNs) - x.at(fromNs)), ...(i === 0 && pauses.length === 1 && { name: stopped(pauses) }) })),
    ...signals.map(({ atNs }) => ({ at: x.at(atNs), name: 'signal' })),
    ...actions.filter(({ kind, result }) => kind !== 'signal' || result !== 'ok').map(({ atNs, kind, result }) => ({ at: x.at(atNs), name: result === 'ok' ? kind : `${kind} (refused)` })),
  ];
  const [bands, lines] = [apart(events.filter(({ width }) => width !== undefined)), apart(events.filter(({ width }) => width === undefined))];
  let free = 0;
  return [...bands, ...lines].sort((a, b) => a.at - b.at).flatMap(({ at, width, name = '' }) => {
    const mark = [width === undefined ? line({ x: at, y: TOP - 6 }, { x: at, y: bottom }, 'event mark') : boxes([{ x: at, y: TOP - 6, width, height: bottom - TOP + 6 }], `c3 ${width > THIN ? 'faint' : 'half'}`)];
    const letters = name.length * 7;
    const start = Math.min(at + 5, WIDTH - 20 - letters);
    if (name === '' || start < free) return mark;
    free = start + letters + 12;
    // The row between name and mark is that of the passes' numbers.
    return [...mark, line({ x: at, y: TOP - 36 }, { x: at, y: TOP - 23 }, 'event mark'), text({ x: start, y: TOP - 26 }, name, `${width === undefined ? 'ink' : 'c3'} small strong`)];
  });
}

function stopped(pauses: TraceView['pauses']): string {
  const longest = tenths(pauses.reduce((most, { fromNs, toNs }) => Math.max(most, toNs - fromNs), 0) / 1e6);
  return pauses.length > 1 ? `machine stopped ${pauses.length} times, at most ${longest}` : `machine stopped ${longest}`;
}

/** A stop too short to be seen has this width. */
const THIN = 2;

/** In order; of those that cannot be told apart, the first. */
function apart(events: readonly Event[]): readonly Event[] {
  let drawn = -Infinity;
  return events.toSorted((a, b) => a.at - b.at).filter(({ at, width = 0 }) => {
    const isShown = width > THIN || at - drawn >= 3;
    if (isShown) drawn = at;
    return isShown;
  });
}

function timeAxis(endNs: number): { readonly title: string; readonly ticks: readonly { readonly value: number; readonly label: string }[] } {
  const [unit, ns] = endNs < 1e6 ? ['µs', 1e3] as const : endNs < 1e9 ? ['ms', 1e6] as const : ['s', 1e9] as const;
  return { title: `time since the load, ${unit}`, ticks: roundSteps(endNs, 8).map((value) => ({ value, label: String(value / ns) })) };
}

/** What the colors mean; of several stops, how many there are, which no place beside them has room for. */
function keyMarks(groups: readonly Group[], pauses: TraceView['pauses'], y: number): string[] {
  const states = STATES.filter(([state]) => groups.some(({ shares }) => shares.some(({ counts }) => counts[state] > 0)));
  let at = LEFT;
  return [...states.map(([, style, meaning]) => [style, meaning] as const), ...(pauses.length > 1 ? [['c3 half', stopped(pauses)] as const] : [])].flatMap(([style, meaning]) => {
    const x = at;
    at += 18 + meaning.length * 6 + 24;
    return [boxes([{ x, y: y - 9, width: 14, height: 10 }], style), text({ x: x + 20, y }, meaning, 'soft small')];
  });
}
