import { roundSteps } from '../../server/src/report/svg/scale';
import type { Group, LaneState, Share, TraceView } from '../../server/src/simulate/types';
import type { HtmlPart } from './html';
import { html, type Html } from './html';
import { labelOf } from './lanes';
import { laneSentence } from './tables';
import type { Scale } from './time';
import { scale, seconds, secondsNumber } from './time';

/** In pixels. The characters of a 12 px font are about 6.5 px wide; labels are cut by that and told in full on focus. */
const rowHeight = 22;
const barHeight = 14;
const headHeight = 34;
const axisHeight = 24;
const characterWidth = 6.5;

/**
 * The picture: a lane per group, passes and events as vertical lines through all lanes, time below. Only geometry here;
 * every color is the style sheet's. `width` is in pixels, 200 at least.
 */
export function timeline(trace: TraceView, groups: readonly Group[], width: number): Html {
  const labelWidth = Math.round(Math.min(Math.max(width * 0.3, 84), 180));
  const right = Math.max(width, 200) - 12;
  const height = headHeight + groups.length * rowHeight + axisHeight;
  const time = scale(trace.endNs, labelWidth, right);
  const bottom = height - axisHeight;
  return html`<svg class="timeline" width="${right + 12}" height="${height}" viewBox="0 0 ${right + 12} ${height}" role="group" aria-label="Patch state of every task over time">
<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch-ground" width="6" height="6"/><rect class="hatch-line" width="2.5" height="6"/></pattern></defs>
<g aria-hidden="true">${axis(time, labelWidth, right, bottom)}</g>
<g id="lanes" role="listbox" aria-label="Lanes, the last to switch first" aria-orientation="vertical">${groups.map((group, at) => lane(group, at, time, labelWidth, right, trace))}</g>
<g class="marks" aria-hidden="true">${eventLines(trace, time, bottom, right)}${passLines(trace, time, bottom)}</g>
</svg>`;
}

function lane(group: Group, index: number, time: Scale, labelWidth: number, right: number, trace: TraceView): HtmlPart {
  const y = headHeight + index * rowHeight;
  const label = labelOf(group);
  const room = Math.floor((labelWidth - 8) / characterWidth);
  return html`
<g class="lane" role="option" tabindex="${index === 0 ? '0' : '-1'}" aria-selected="false" data-lane="${index}" aria-label="${laneSentence(group, trace)}">
<rect class="lane-focus" x="1" y="${y + 1}" width="${right + 10}" height="${rowHeight - 2}" rx="3"/>
<text class="lane-label" x="4" y="${y + 15}">${label.length <= room ? label : cut(label, room)}</text>
${group.shares.map((share) => bars(share, time, y + (rowHeight - barHeight) / 2))}</g>`;
}

/** Keeps the count at the end: "nfs4_state_man… ×3". */
function cut(label: string, room: number): string {
  const tail = / ×\d+$/.exec(label)?.[0] ?? '';
  return `${label.slice(0, Math.max(1, room - tail.length - 1))}…${tail}`;
}

const stack: readonly LaneState[] = ['undefined', 'unpatched', 'pending', 'patched'];

/** One moment of a group: the states share the height of the bar by their number of tasks. */
function bars(share: Share, time: Scale, y: number): HtmlPart {
  const total = stack.reduce((sum, state) => sum + share.counts[state], 0);
  const x = time.x(share.fromNs);
  const width = time.x(share.toNs) - x;
  if (total === 0 || width < 0.05) return null;
  let below = y;
  return stack.map((state) => {
    const height = (share.counts[state] / total) * barHeight;
    if (height === 0) return null;
    const top = below;
    below += height;
    return html`<rect class="state-${stateClass[state]}" x="${x}" y="${top}" width="${width}" height="${height}"/>`;
  });
}

/** The kernel's KLP_UNDEFINED means that no transition touches the task. */
const stateClass: Record<LaneState, string> = { undefined: 'none', unpatched: 'unpatched', pending: 'pending', patched: 'patched' };

/** Every pass has its line; where they are too close to read, only every second, fifth, ... has its index and full height. */
function passLines(trace: TraceView, time: Scale, bottom: number): HtmlPart {
  const [first, last] = [trace.passes[0], trace.passes.at(-1)];
  if (first === undefined || last === undefined) return null;
  const gap = (time.x(last.atNs) - time.x(first.atNs)) / Math.max(trace.passes.length - 1, 1);
  const stride = [1, 2, 5, 10, 20, 50].find((every) => gap * every >= 18) ?? 100;
  return trace.passes.map((pass) => {
    const x = time.x(pass.atNs);
    const labeled = pass.index % stride === 0;
    const end = labeled || gap >= 6 ? bottom : headHeight;
    return html`<line class="pass" x1="${x}" x2="${x}" y1="${headHeight - 4}" y2="${end}"/>${labeled && html`<text class="pass-label" x="${x}" y="${headHeight - 8}">${pass.index}</text>`}`;
  });
}

interface TimelineEvent {
  readonly atNs: number;
  readonly name: string;
  readonly kind: 'signal' | 'action';
}

function events(trace: TraceView): readonly TimelineEvent[] {
  return [
    ...trace.signals.map(({ atNs }) => ({ atNs, name: 'signal', kind: 'signal' as const })),
    ...trace.actions.filter(({ kind }) => kind !== 'signal').map(({ atNs, kind }) => ({ atNs, name: kind, kind: 'action' as const })),
  ].sort((a, b) => a.atNs - b.atNs);
}

/** Marked lines. A name stands on the side where there is room; where there is none, the legend has to do. */
function eventLines(trace: TraceView, time: Scale, bottom: number, right: number): HtmlPart {
  let free = 0;
  const all = events(trace);
  return all.map(({ atNs, name, kind }, at) => {
    const x = time.x(atNs);
    const width = name.length * characterWidth + 14;
    const next = all[at + 1];
    const rightward = x + width <= (next === undefined ? right + 8 : time.x(next.atNs) - 6);
    const leftward = !rightward && x - width >= free;
    free = rightward ? x + width : x + 6;
    const label = html`<text class="event-label" x="${rightward ? x + 8 : x - 8}" y="12" text-anchor="${rightward ? 'start' : 'end'}">${name}</text>`;
    return html`<line class="event event-${kind}" x1="${x}" x2="${x}" y1="10" y2="${bottom}"/><path class="event-mark event-${kind}" d="M${x - 5} 3H${x + 5}L${x} 11Z"/>${(rightward || leftward) && label}`;
  });
}

function axis(time: Scale, left: number, right: number, bottom: number): HtmlPart {
  const marks = roundSteps(time.endNs, Math.max(3, (right - left) / 60));
  return [
    html`<text class="head-label" x="4" y="${headHeight - 8}">pass</text><line class="axis" x1="${left}" x2="${right}" y1="${bottom}" y2="${bottom}"/>`,
    ...marks.map((ns, at) => {
      const x = time.x(ns);
      // The unit stands once, at the first mark, where it cannot run out of the picture.
      return html`<line class="axis" x1="${x}" x2="${x}" y1="${bottom}" y2="${bottom + 4}"/><text class="axis-label" x="${x}" y="${bottom + 17}">${at === 0 ? '0 s' : tickLabel(ns)}</text>`;
    }),
  ];
}

function tickLabel(ns: number): string {
  return String(Number(secondsNumber(ns)));
}

export function legend(trace: TraceView): Html {
  const item = (shape: Html, text: string) => html`<li><svg width="18" height="12" aria-hidden="true">${shape}</svg>${text}</li>`;
  const box = (state: string) => html`<rect class="state-${state}" x="0.5" y="0.5" width="17" height="11"/>`;
  const line = (name: string) => html`<line class="${name}" x1="9" x2="9" y1="0" y2="12"/>`;
  const last = trace.passes.at(-1);
  return html`<ul class="legend" aria-label="Legend">
${item(box('unpatched'), 'unpatched: old code')}
${item(box('pending'), 'pending: old code, asked to switch')}
${item(box('patched'), 'patched: new code')}
${item(line('pass'), last === undefined ? 'pass over all tasks' : `pass over all tasks (0–${last.index}, to ${seconds(last.atNs)})`)}
${trace.signals.length > 0 && item(line('event event-signal'), 'kernel signals who is left')}
${trace.actions.length > 0 && item(line('event event-action'), 'done by the operator')}
</ul>`;
}
