/** Several systems side by side: how far each got by when, a curve of its own for each above one another, over one time axis. */
import { switchedShares, type Trace } from '../../simulate';
import { count, ending, machineText, tenths } from '../simulation-words';
import { svgDocument } from './document';
import { boxes, cross, cut, dot, line, path, text, type Point } from './marks';
import { axisBelow } from './panel';
import { logScale, timeMarks, type Scale, type TimeMark } from './scale';
import { lastBlockers } from './who';

const WIDTH = 1060;
const LEFT = 170;
const RIGHT = 690;
const TOP = 84;
const ROW = 50;
const CURVE = 32;

const LABELS: Readonly<Record<TimeMark, string>> = { 1: '≤ 1 ms', 10: '10 ms', 100: '100 ms', 1000: '1 s', 10_000: '10 s', 60_000: '1 min', 900_000: '15 min', 7_200_000: '2 h', 86_400_000: '1 day', 864_000_000: '10 days' };

/** Letters that fit to the right of a curve and above all, at about 6.6 px each. */
const LETTERS = { note: 58, title: 112, subtitle: 160 };

/** @param first the machine and the patch are told from it */
export function convergenceSvg(first: Trace, traces: readonly Trace[]): string {
  const endMs = Math.max(...traces.map(({ endNs }) => endNs / 1e6));
  const times = timeMarks(endMs);
  const x = logScale(1, times.at(-1) ?? 1, LEFT, RIGHT);
  const bottom = TOP + traces.length * ROW;
  const names = first.patch.functions.map(({ name }) => name);
  const title = `${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}: how each system gets there`;
  return svgDocument(WIDTH, bottom + 76, title, 'A curve for each system: the share of tasks that have switched, from none to all, by the time since the load, on a logarithmic axis.', [
    text({ x: 20, y: 28 }, cut(title, LETTERS.title), 'ink head'),
    text({ x: 20, y: 47 }, cut(`share of tasks that have switched, from none to all, on ${machineText(first.machine)}, seed ${first.seed}`, LETTERS.subtitle), 'soft small'),
    ...times.map((ms) => line({ x: x.at(ms), y: TOP - 14 }, { x: x.at(ms), y: bottom }, 'grid')),
    ...traces.flatMap((trace, row) => rowMarks(trace, TOP + row * ROW, x)),
    ...axisBelow({ left: LEFT, right: RIGHT, bottom }, { title: 'time since the load (logarithmic)', ticks: times.map((value) => ({ value, label: LABELS[value] })) }, x),
    text({ x: LEFT, y: bottom + 60 }, '●: applied. ×: not applied, or given up. Shaded: the machine stands still.', 'soft small'),
  ]);
}

function rowMarks(trace: Trace, top: number, x: Scale): string[] {
  const base = top + CURVE;
  const points = curve(trace, x, base);
  const end = points.at(-1) ?? { x: LEFT, y: base };
  const style = trace.outcome === 'complete' ? 'c0' : 'c1';
  const note = { x: RIGHT + 14, y: top + 5 };
  return [
    text({ x: LEFT - 10, y: base - 9 }, trace.model, `${style} strong`, 'end'),
    ...stops(trace, x, top),
    line({ x: LEFT, y: base }, { x: RIGHT, y: base }, 'grid'),
    path(points, style),
    trace.completeMs !== null && trace.outcome !== 'failed' ? dot(end, style) : cross(end, style),
    text(note, cut(ending(trace), LETTERS.note), `${style} strong small`),
    text({ ...note, y: note.y + 14 }, stopped(trace), trace.pauseMs > 0 ? 'c3 strong small' : 'soft small'),
    ...(trace.outcome === 'complete' ? [] : lastBlockers(trace.passes).map((blockers) => text({ ...note, y: note.y + 28 }, cut(blockers, LETTERS.note), 'soft small'))),
  ];
}

function stopped({ pauses, pauseMs, attempts }: Trace): string {
  if (pauseMs === 0) return attempts > 1 ? `${count(attempts, 'attempt')}, nothing stops` : 'nothing stops';
  return `machine stopped ${tenths(pauseMs)}${pauses.length > 1 ? ` in ${pauses.length} stops` : ''}`;
}

/** When nothing ran. Of short stops that cannot be told apart, the first is drawn. */
function stops({ pauses }: Trace, x: Scale, top: number): string[] {
  let drawn = -Infinity;
  const bands = pauses.flatMap(({ fromNs, toNs }) => {
    const [from, to] = [x.at(fromNs / 1e6), x.at(toNs / 1e6)];
    if (to - from < 2 && from - drawn < 4) return [];
    drawn = from;
    return [{ x: from, y: top, width: Math.max(1.5, to - from), height: CURVE }];
  });
  return bands.length === 0 ? [] : [boxes(bands, 'c3 faint')];
}

/** Steps, at most one for each pixel. */
function curve(trace: Trace, x: Scale, base: number): readonly Point[] {
  const points: Point[] = [{ x: LEFT, y: base }];
  let y = base;
  const stepTo = (at: number, share: number): void => {
    const next = base - Math.round(share * CURVE * 10) / 10;
    if (next === y) return;
    const last = points.at(-1);
    if (last === undefined || at > last.x) points.push({ x: at, y });
    points.push({ x: at, y: next });
    y = next;
  };
  const byPixel = new Map(switchedShares(trace).map(({ atNs, share }) => [Math.round(x.at(atNs / 1e6)), share]));
  for (const [at, share] of byPixel) stepTo(at, share);
  points.push({ x: x.at(trace.endNs / 1e6), y });
  return points;
}
