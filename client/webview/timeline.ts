import type { Group, LaneState, Share, TraceView } from '../../server/src/simulate/types';
import { html, type Html, type HtmlPart } from './html';
import { chosenLane, groupsOf, labelOf, laneKey } from './lanes';
import { axis, cut, eventLines, passLines, pauseBands } from './marks';
import type { Picture } from './picture';
import { specimenOf, stackLines } from './stack';
import { laneSentence } from './sentences';
import { scale, seconds, type Scale } from './time';

/** In pixels. preview.css has the same: the lanes stand between head and axis, at most `mostRows` of them without scrolling. */
export const rowHeight = 22;
export const headHeight = 36;
const barHeight = 14;
const axisHeight = 24;
const mostRows = 18;
/** Drawn above and below those in sight, so that a slow wheel never finds nothing. */
const spare = 4;

/** Where time lies in the picture. */
export function timeScale({ widths, window }: Pick<Picture, 'widths' | 'window'>): Scale {
  const width = widths.picture;
  return scale(window, Math.round(Math.min(Math.max(width * 0.3, 84), 180)), width - 14);
}

/**
 * The picture: a lane per group, passes and events as vertical lines through all lanes, time below. Only geometry here;
 * every color is the style sheet's. The cursor's line is moved apart from it (`cursorLine`).
 */
export function timeline(picture: Picture): Html {
  const { trace, widths } = picture;
  const groups = groupsOf(picture);
  const time = timeScale(picture);
  // Half a row more says that there are more.
  const rows = groups.length > mostRows ? mostRows + 0.5 : Math.max(groups.length, 1);
  const bottom = headHeight + rows * rowHeight;
  const height = bottom + axisHeight;
  return html`<div class="timeline" id="timeline" role="group" aria-label="Patch state of every task over time">
<div class="lanes" id="lanes" tabindex="-1">${lanes(picture, groups, time)}</div>
<svg class="marks" width="${widths.picture}" height="${height}" aria-hidden="true">
<clipPath id="plot"><rect x="${time.left - 6}" y="0" width="${time.right - time.left + 20}" height="${height}"/></clipPath>
${axis(time, headHeight, bottom)}<g clip-path="url(#plot)">${pauseBands(trace, time, headHeight, bottom)}${passLines(trace, time, headHeight, bottom)}${eventLines(trace, time, headHeight, bottom)}</g></svg>
<svg class="cursor-layer" width="${widths.picture}" height="${height}" aria-hidden="true"><g id="cursor" data-axis="time" class="cursor"><line x1="0" x2="0" y1="${headHeight - 4}" y2="${bottom}"/><path d="M-5 ${bottom + 8}H5V${bottom + 4}L0 ${bottom - 1}L-5 ${bottom + 4}Z"/></g></svg>
</div>${groups.length === 0 && html`<p class="dim">No task matches the filter.</p>`}`;
}

/** Only what is in sight is drawn; the lane that can have the focus always is. */
function lanes(picture: Picture, groups: readonly Group[], time: Scale): Html {
  const { choices, lanesAbove, widths } = picture;
  const chosen = chosenLane(groups, choices.lane);
  const isDrawn = (at: number): boolean => at === chosen || (at >= lanesAbove - spare && at < lanesAbove + mostRows + spare);
  return html`<svg width="${widths.picture}" height="${Math.max(groups.length, 1) * rowHeight}" role="listbox" aria-label="Lanes, the last to switch first" aria-orientation="vertical">
<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch-ground" width="6" height="6"/><rect class="hatch-line" width="2.5" height="6"/></pattern></defs>
${groups.map((group, at) => isDrawn(at) && lane(group, at, at === chosen, groups.length, time, picture))}</svg>`;
}

function lane(group: Group, index: number, isChosen: boolean, of: number, time: Scale, { trace, endNs, shown: { highlight } }: Picture): HtmlPart {
  const isHit = highlight !== undefined && group.blocks.some((block) => block.function === highlight);
  const y = index * rowHeight;
  const label = labelOf(group);
  const stack = stackLines(trace, specimenOf(trace, group.pids));
  return html`
<g class="lane${isHit && ' hit'}" role="option" tabindex="${isChosen ? '0' : '-1'}" aria-selected="${String(isChosen)}" aria-posinset="${index + 1}" aria-setsize="${of}" data-lane="${index}" data-key="${laneKey(group)}" aria-label="${laneSentence(group, trace)}">
<title>${[laneSentence(group, trace), ...stack].join('\n')}</title>
<rect class="lane-focus" x="1" y="${y + 1}" width="${time.right + 10}" height="${rowHeight - 2}" rx="3"/>
<text class="lane-label" x="4" y="${y + 15}">${cut(label, time.left - 10)}</text>
${bars([...group.shares, ...afterwards(group.shares, trace.endNs, endNs)], time, y + (rowHeight - barHeight) / 2)}</g>`;
}

/** Of a run that completed and is drawn beyond its end: who lives then runs new code. */
function afterwards(shares: readonly Share[], endNs: number, drawnNs: number): readonly Share[] {
  const last = shares.at(-1);
  if (last === undefined || drawnNs <= endNs || last.toNs < endNs) return [];
  return [{ fromNs: last.toNs, toNs: drawnNs, counts: { undefined: 0, unpatched: 0, pending: 0, patched: drawnStates.reduce((sum, state) => sum + last.counts[state], 0) } }];
}

const drawnStates: readonly LaneState[] = ['undefined', 'unpatched', 'pending', 'patched'];

/** The kernel's KLP_UNDEFINED means that no transition touches the task. */
const stateClass: Record<LaneState, string> = { undefined: 'none', unpatched: 'unpatched', pending: 'pending', patched: 'patched' };

/** At each moment the states share the height of the bar by their number of tasks. One path for each state: a lane may have a thousand moments. */
function bars(shares: readonly Share[], time: Scale, y: number): HtmlPart {
  const paths = new Map<LaneState, string[]>();
  for (const { fromNs, toNs, counts } of shares) {
    if (toNs <= time.fromNs || fromNs >= time.toNs) continue;
    const total = drawnStates.reduce((sum, state) => sum + counts[state], 0);
    const [x, end] = [time.x(fromNs), time.x(toNs)];
    if (total === 0 || end - x < 0.05) continue;
    let top = y;
    for (const state of drawnStates) {
      const height = (counts[state] / total) * barHeight;
      if (height === 0) continue;
      const path = paths.get(state) ?? [];
      paths.set(state, path);
      path.push(`M${round(x)} ${round(top)}H${round(end)}V${round(top + height)}H${round(x)}Z`);
      top += height;
    }
  }
  return drawnStates.map((state) => paths.has(state) && html`<path class="state-${stateClass[state]}" d="${paths.get(state)?.join('') ?? ''}"/>`);
}

const round = (value: number): number => Math.round(value * 100) / 100;

/** What the marks mean, of those that are there. */
export function legend(trace: TraceView): Html {
  const item = (shape: Html, text: string) => html`<li><svg width="18" height="12" aria-hidden="true">${shape}</svg>${text}</li>`;
  const box = (state: string) => html`<rect class="state-${state}" x="0.5" y="0.5" width="17" height="11"/>`;
  const line = (name: string) => html`<line class="${name}" x1="9" x2="9" y1="0" y2="12"/>`;
  const has = (state: LaneState): boolean => trace.groups.compact.some(({ shares }) => shares.some(({ counts }) => counts[state] > 0));
  const last = trace.passes.at(-1);
  return html`<ul class="legend" aria-label="Legend">
${has('unpatched') && item(box('unpatched'), 'old code')}
${has('pending') && item(box('pending'), 'old code, asked to switch')}
${has('patched') && item(box('patched'), 'new code')}
${last !== undefined && item(line('pass'), `pass over all tasks (to ${last.index}, at ${seconds(last.atNs)})`)}
${trace.pauses.length > 0 && item(html`<rect class="pause" x="4" y="0" width="10" height="12"/>`, 'the machine stands still')}
${trace.signals.length > 0 && item(line('event event-signal'), 'kernel signals who is left')}
${trace.actions.length > 0 && item(line('event event-action'), 'done by the operator')}
</ul>`;
}
