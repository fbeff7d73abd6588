import { roundSteps } from '../../server/src/report/svg/scale';
import type { TraceView } from '../../server/src/simulate/types';
import { html, type HtmlPart } from './html';
import type { Scale } from './time';

/** What crosses all lanes. The characters of a 12 px font are about 6.5 px wide; labels are cut by that and told in full elsewhere. */
const characterWidth = 6.5;

/** Keeps the count at the end: "nfs4_state_man… ×3". @param width in pixels */
export function cut(label: string, width: number): string {
  const room = Math.floor(width / characterWidth);
  if (label.length <= room) return label;
  const tail = / ×\d+$/.exec(label)?.[0] ?? '';
  return `${label.slice(0, Math.max(1, room - tail.length - 1))}…${tail}`;
}

/** Every pass that can be told apart has its line; where they are too close to read, only every second, fifth, ... has its number. */
export function passLines({ passes }: TraceView, time: Scale, top: number, bottom: number): HtmlPart {
  const shown = passes.filter(({ atNs }) => atNs >= time.fromNs && atNs <= time.toNs);
  const [first, last] = [shown[0], shown.at(-1)];
  if (first === undefined || last === undefined) return null;
  const gap = (time.x(last.atNs) - time.x(first.atNs)) / Math.max(last.index - first.index, 1);
  const stride = [1, 2, 5, 10, 20, 50].find((every) => gap * every >= 18) ?? 100;
  let drawn = -Infinity;
  return shown.map(({ atNs, index }) => {
    const x = time.x(atNs);
    const isLabeled = shown.length === 1 || index % stride === 0;
    if (!isLabeled && x - drawn < 2) return null;
    drawn = x;
    const end = isLabeled || gap >= 10 ? bottom : top;
    return html`<line class="pass" x1="${x}" x2="${x}" y1="${top - 4}" y2="${end}"/>${isLabeled && html`<text class="pass-label" x="${x}" y="${top - 8}">${index}</text>`}`;
  });
}

/** The stop of the machine: nothing runs, in any lane. Where it is too short to be seen, two pixels say that it is there. */
export function pauseBands({ pauses }: TraceView, time: Scale, top: number, bottom: number): HtmlPart {
  let drawn = -Infinity;
  return pauses.map(({ fromNs, toNs }) => {
    if (toNs < time.fromNs || fromNs > time.toNs) return null;
    const [x, end] = [time.x(fromNs), time.x(toNs)];
    if (end - drawn < 2) return null;
    drawn = end;
    return html`<rect class="pause" x="${x}" y="${top - 4}" width="${Math.max(end - x, 2)}" height="${bottom - top + 4}"/>`;
  });
}

interface Event {
  readonly atNs: number;
  readonly name: string;
  readonly kind: 'signal' | 'action' | 'pause';
}

function events({ signals, actions, pauses, pauseMs }: TraceView): readonly Event[] {
  const [first] = pauses;
  return [
    ...signals.map(({ atNs }) => ({ atNs, name: 'signal', kind: 'signal' as const })),
    ...actions.filter(({ kind, result }) => kind !== 'signal' || result !== 'ok').map(({ atNs, kind, result }) => ({ atNs, name: result === 'ok' ? kind : `${kind} refused`, kind: 'action' as const })),
    ...(first === undefined ? [] : [{ atNs: first.fromNs, name: pauses.length === 1 ? `stops ${Number(pauseMs.toPrecision(2))} ms` : `${pauses.length} stops`, kind: 'pause' as const }]),
  ].sort((a, b) => a.atNs - b.atNs);
}

/** Marked lines. A name stands on the side where there is room; where there is none, the legend has to do. */
export function eventLines(trace: TraceView, time: Scale, top: number, bottom: number): HtmlPart {
  let free = time.left - 6;
  const all = events(trace).filter(({ atNs }) => atNs >= time.fromNs && atNs <= time.toNs);
  return all.map(({ atNs, name, kind }, at) => {
    const x = time.x(atNs);
    const width = name.length * characterWidth + 12;
    const next = all[at + 1];
    const rightward = x >= free - 6 && x + width <= (next === undefined ? time.right + 12 : time.x(next.atNs) - 6);
    const leftward = !rightward && x - width >= free;
    free = rightward ? x + width : Math.max(free, x + 6);
    const label = html`<text class="event-label" x="${rightward ? x + 8 : x - 8}" y="12" text-anchor="${rightward ? 'start' : 'end'}">${name}</text>`;
    return html`${kind !== 'pause' && html`<line class="event event-${kind}" x1="${x}" x2="${x}" y1="${top - 4}" y2="${bottom}"/>`}<path class="event-mark event-${kind}" d="M${x - 5} 3H${x + 5}L${x} 11Z"/>${(rightward || leftward) && label}`;
  });
}

/** The unit that keeps the numbers short; it stands once, beside the first mark. */
function unitFor(span: number): readonly [name: string, ns: number] {
  if (span < 1e5) return ['µs', 1e3];
  return span < 1e9 ? ['ms', 1e6] : ['s', 1e9];
}

export function axis(time: Scale, head: number, bottom: number): HtmlPart {
  const { left, right, fromNs, toNs } = time;
  const span = toNs - fromNs;
  const steps = roundSteps(span, Math.max(2, (right - left) / 60));
  const step = steps[1] ?? span;
  const [unit, ns] = unitFor(span);
  const first = Math.ceil(fromNs / step) * step;
  const marks = Array.from({ length: Math.floor((toNs - first) / step) + 1 }, (_, at) => first + at * step);
  return [
    html`<text class="head-label" x="4" y="${head - 8}">pass</text><text class="head-label" x="4" y="${bottom + 17}">${unit}</text><line class="axis" x1="${left}" x2="${right}" y1="${bottom}" y2="${bottom}"/>`,
    ...marks.map((at) => html`<line class="axis" x1="${time.x(at)}" x2="${time.x(at)}" y1="${bottom}" y2="${bottom + 4}"/><text class="axis-label" x="${time.x(at)}" y="${bottom + 17}">${String(Number((at / ns).toFixed(3)))}</text>`),
  ];
}
