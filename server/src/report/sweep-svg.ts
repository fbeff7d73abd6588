/** The figure of a sweep: what one stop costs by the size of the machine, and who can still be patched in a crowd. */
import { roundDuration, thousands } from './simulation-words';
import { SERIES, svgDocument } from './svg/document';
import { cross, dot, line, path, text, type Anchor, type Point } from './svg/marks';
import { panel, type Axis, type Frame } from './svg/panel';
import { powersAround } from './svg/scale';
import type { SweepJson } from './sweep';

const WIDTH = 980;
const HEIGHT = 470;
const LEFT: Frame = { left: 70, top: 66, right: 460, bottom: 384 };
const RIGHT: Frame = { left: 560, top: 66, right: 900, bottom: 384 };
const NOTES = 442;

/** Instants a stop is held against: below the first nobody notices it, from the second on clients do. */
const MARKS = [{ ms: 100, label: 'a tenth of a second' }, { ms: 1000, label: 'one second' }];

/** Below it, the times of the right chart are all "at once". */
const AT_ONCE_MS = 1;

export function sweepSvg(sweep: SweepJson): string {
  const title = 'How the systems stand the size of a machine';
  const about = 'Left: how long one stop of the machine lasts, by CPUs, a line for each number of tasks. Right: when a patch is applied, or given up, while every task is in the patched function one part in a thousand of its time, by tasks.';
  return svgDocument(WIDTH, HEIGHT, title, about, [...stopMarks(sweep), ...crowdMarks(sweep)]);
}

function stopMarks({ models, asked, stops }: SweepJson): string[] {
  const model = models.find((name) => stops.some((stop) => stopMs(stop, name) > 0));
  if (model === undefined) return [];
  const shown = stops.filter((stop) => stopMs(stop, model) > 0);
  const times: Axis = { title: `how long everything stands still, each time ${model} tries`, ticks: powersAround([...shown.map((stop) => stopMs(stop, model)), 1000], 10).map((value) => ({ value, label: roundDuration(value) })) };
  const cpus: Axis = { title: 'CPUs', ticks: powersAround(asked.cpus, 2).filter((_, i) => i % 2 === 0 || asked.cpus.length < 8).map((value) => ({ value, label: thousands(value) })) };
  // The axis ends with the largest machine, whether or not it has a tick there.
  const last = Math.max(...asked.cpus);
  const { x, y, marks } = panel(LEFT, 'One stop of the machine', cpus.ticks.at(-1)?.value === last ? cpus : { ...cpus, ticks: [...cpus.ticks.slice(0, -1), { value: last, label: thousands(last) }] }, times);
  const lines = asked.tasks.flatMap((tasks) => {
    const points = shown.filter((stop) => stop.tasks === tasks).map((stop) => ({ x: x.at(stop.cpus), y: y.at(stopMs(stop, model)) }));
    const [first] = points;
    return first === undefined ? [] : [path(points, SERIES[1]), text({ x: first.x + 6, y: first.y - 7 }, `${thousands(tasks)} tasks`, 'c1 strong')];
  });
  return [
    ...marks,
    ...MARKS.flatMap(({ ms, label }) => [line({ x: LEFT.left, y: y.at(ms) }, { x: LEFT.right, y: y.at(ms) }, 'axis mark'), text({ x: (LEFT.left + LEFT.right) / 2, y: y.at(ms) + 13 }, label, 'soft small')]),
    ...lines,
    text({ x: LEFT.left, y: NOTES }, 'Every CPU brings threads of the kernel: no machine has fewer tasks than those.', 'soft small'),
    ...(models.includes('livepatch') ? [text({ x: LEFT.left, y: NOTES + 16 }, 'livepatch stops nothing, at any size.', 'soft small')] : []),
  ];
}

const stopMs = ({ models }: SweepJson['stops'][number], name: string): number => models.find(({ model }) => model === name)?.stop_ms ?? 0;

function crowdMarks({ models, crowds }: SweepJson): string[] {
  if (crowds.length === 0) return [];
  const ends = crowds.flatMap((crowd) => crowd.models.map((each) => Math.max(AT_ONCE_MS, each.end_ms)));
  const times: Axis = { title: 'until applied, or given up (median)', ticks: powersAround(ends, 10).map((value) => ({ value, label: value <= AT_ONCE_MS ? `≤ ${roundDuration(value)}` : roundDuration(value) })) };
  const tasks: Axis = { title: 'tasks', ticks: powersAround(crowds.map((crowd) => crowd.tasks), 10).map((value) => ({ value, label: thousands(value) })) };
  const { x, y, marks } = panel(RIGHT, 'A patched function that is visited', tasks, times);
  const series = models.flatMap((model, i) => {
    const points = crowds.flatMap((crowd): Result[] => {
      const found = crowd.models.find((each) => each.model === model);
      return found === undefined ? [] : [{ ...found, x: x.at(crowd.tasks), y: y.at(Math.max(AT_ONCE_MS, found.end_ms)) }];
    });
    const style = SERIES[(i + 1) % SERIES.length] ?? SERIES[0];
    return points.length === 0 ? [] : [{ model, style, points }];
  });
  const inked = series.flatMap(({ points }) => along(points));
  return [
    ...marks,
    ...series.flatMap(({ style, points }) => [path(points, style), ...points.flatMap((point) => resultMarks(point, style, inked))]),
    ...spread(series.flatMap(({ points }) => points.slice(-1).map(({ y: end }) => end))).map((end, i) => text({ x: RIGHT.right + 10, y: end + 4 }, series[i]?.model ?? '', `${series[i]?.style ?? ''} strong`)),
    text({ x: RIGHT.left, y: NOTES }, 'Every user task is in the patched function 1 ‰ of its time.', 'soft small'),
    text({ x: RIGHT.left, y: NOTES + 16 }, '●: applied. ×: given up. n of m: applied in so many of the runs.', 'soft small'),
  ];
}

type Result = SweepJson['crowds'][number]['models'][number] & Point;

/** @param inked places that a label has to leave free */
function resultMarks(point: Result, style: string, inked: readonly Point[]): string[] {
  const { x, y, runs, applied, complete_ms: completeMs } = point;
  const label = `${applied} of ${runs}`;
  const beside = [{ x: x - 6, y: y - 8, anchor: 'end' }, { x: x + 6, y: y + 15, anchor: 'start' }, { x: x + 6, y: y - 8, anchor: 'start' }, { x: x - 6, y: y + 15, anchor: 'end' }] as const;
  const room = beside.map((at) => inked.filter((ink) => isInLabel(ink, at, label.length)).length);
  const best = beside[room.indexOf(Math.min(...room))] ?? beside[0];
  return [completeMs === null ? cross(point, style) : dot(point, style), ...(applied > 0 && applied < runs ? [text(best, label, `${style} small`, best.anchor)] : [])];
}

/** About: a letter of 11 px is 6 px wide. */
function isInLabel(ink: Point, { x, y, anchor }: Point & { readonly anchor: Anchor }, letters: number): boolean {
  const left = anchor === 'end' ? x - 6 * letters : x;
  return ink.x >= left && ink.x <= left + 6 * letters && ink.y >= y - 10 && ink.y <= y + 3;
}

/** Points all along a curve. */
const along = (points: readonly Point[]): Point[] => points.slice(1).flatMap((to, i) => {
  const from = points[i] ?? to;
  return Array.from({ length: 65 }, (_, step) => ({ x: from.x + ((to.x - from.x) * step) / 64, y: from.y + ((to.y - from.y) * step) / 64 }));
});

/** The places moved apart as far as lines of text need it, each as near as can be to where it was; in their order. */
function spread(places: readonly number[]): number[] {
  const moved = [...places];
  const byPlace = places.map((_, i) => i).sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0));
  for (const [rank, i] of byPlace.entries()) {
    const above = byPlace[rank - 1];
    if (above !== undefined) moved[i] = Math.max(moved[i] ?? 0, (moved[above] ?? 0) + LINE_HEIGHT);
  }
  return moved;
}

const LINE_HEIGHT = 15;
