import { ending } from '../../server/src/report/simulation-words';
import { logScale, timeMarks, type TimeMark } from '../../server/src/report/svg/scale';
import type { SystemView } from '../../server/src/simulate/types';
import { html, type Html, type HtmlPart } from './html';
import { icon } from './icon';
import type { Picture } from './picture';
import { duration } from './time';

/** There is little room: a unit is said once. */
const labels: Readonly<Record<TimeMark, string>> = { 1: '1 ms', 10: '10', 100: '100', 1000: '1 s', 10_000: '10', 60_000: '1 min', 900_000: '15 min', 7_200_000: '2 h', 86_400_000: '1 day', 864_000_000: '10' };
const curveHeight = 26;
const inset = 8;

/** The logarithmic axis that curves and lens share. */
export interface LogAxis {
  /** In ms. */
  readonly marks: readonly TimeMark[];
  readonly left: number;
  readonly right: number;
  readonly x: (ns: number) => number;
}

/** @param width in pixels */
export function logAxis(systems: readonly SystemView[], width: number): LogAxis {
  const marks = timeMarks(Math.max(...systems.map(({ endNs }) => endNs / 1e6), 1));
  const [left, right] = [inset, width - inset - 12];
  const { at } = logScale(1, marks.at(-1) ?? 1, left, right);
  return { marks, left, right, x: (ns) => at(ns / 1e6) };
}

/** Every system's way from nobody switched to all, one above the other, each a button that makes it the one looked at. */
export function curves({ shown: { view }, trace, widths }: Picture): Html {
  const axis = logAxis(view.systems, widths.picture);
  const left = view.offers.models.length - view.systems.length - view.refused.length;
  return html`<h2>${view.systems.length > 1 ? 'Systems compared' : 'How far it got, by when'}</h2>
<div class="curves" role="group" aria-label="Systems: share of tasks that have switched, over time since the load" data-roving="vertical">${view.systems.map((system) => row(system, system.model === trace.model, axis, widths.picture))}</div>
${axisBelow(axis, widths.picture)}
${left > 0 && html`<p><button type="button" class="link" data-do="compareAll">${view.systems.length > 1 ? `Compare with the other ${left}` : 'Compare all systems'}</button></p>`}
${view.refused.map(({ model, why }) => html`<p class="dim">${model} is not simulated: ${why}</p>`)}`;
}

function row(system: SystemView, isChosen: boolean, axis: LogAxis, width: number): Html {
  return html`
<button type="button" class="system" data-do="look" data-system="${system.model}" data-key="${system.model}" aria-pressed="${String(isChosen)}" tabindex="${isChosen ? 0 : -1}">
<span class="system-words"><span class="system-name">${system.model}</span> <span>${outcomeIcon(toneOf(system))}${endingOf(system)}</span> <span class="dim">${stopsOf(system)}</span></span>
<svg width="${width}" height="${curveHeight + 6}" aria-hidden="true">${axis.marks.map((ms) => html`<line class="grid" x1="${axis.x(ms * 1e6)}" x2="${axis.x(ms * 1e6)}" y1="0" y2="${curveHeight + 6}"/>`)}${bands(system, axis)}${curve(system, axis)}${logCursor(curveHeight + 6)}</svg></button>`;
}

/** Color alone tells nothing, and red text is hard to read on some backgrounds. */
export const outcomeIcon = (tone: 'good' | 'bad'): Html => icon(tone === 'good' ? 'pass' : 'error', `outcome ${tone}`);

/** Moved with the cursor, as every element with `data-axis` is. */
export function logCursor(height: number): Html {
  return html`<g class="cursor" data-axis="log"><line x1="0" x2="0" y1="0" y2="${height}"/></g>`;
}

const toneOf = ({ outcome }: Pick<SystemView, 'outcome'>): 'good' | 'bad' => (outcome === 'complete' ? 'good' : 'bad');

export const endingOf = (system: SystemView): string => ending(system, (ms) => duration(ms * 1e6));

export function stopsOf({ pauseMs, pauses, attempts }: SystemView): string {
  const tries = attempts > 1 ? `${attempts} attempts, ` : '';
  return pauseMs === 0 ? `${tries}nothing stops` : `${tries}machine stops for ${duration(pauseMs * 1e6)}${pauses.length > 1 ? ` in ${pauses.length} stops` : ''}`;
}

function bands({ pauses }: SystemView, axis: LogAxis): HtmlPart {
  let drawn = -Infinity;
  return pauses.map(({ fromNs, toNs }) => {
    const [from, to] = [axis.x(fromNs), axis.x(toNs)];
    if (to - drawn < 2) return null;
    drawn = to;
    return html`<rect class="pause" x="${from}" y="0" width="${Math.max(to - from, 2)}" height="${curveHeight + 6}"/>`;
  });
}

/** Steps, at most one for each pixel; the end is a dot where it was applied, a cross where it was not. */
function curve(system: SystemView, axis: LogAxis): Html {
  const base = curveHeight + 3;
  const byPixel = new Map(system.curve.map(({ atNs, share }) => [Math.round(axis.x(atNs)), share]));
  const y = (share: number): number => Math.round((base - share * curveHeight) * 10) / 10;
  let path = `M${axis.left} ${base}`;
  const end = Math.round(axis.x(system.completeMs === null ? system.endNs : system.completeMs * 1e6));
  for (const [x, share] of byPixel) path += `H${Math.min(x, end)}V${y(share)}`;
  const top = y(system.curve.at(-1)?.share ?? 0);
  path += `H${end}`;
  const tone = toneOf(system);
  return html`<path class="curve-area ${tone}" d="${path}V${base}Z"/><path class="curve ${tone}" d="${path}"/>${
    system.completeMs !== null && system.outcome !== 'failed' ? html`<circle class="curve-end ${tone}" cx="${end}" cy="${top}" r="3.5"/>` : html`<path class="curve-cross ${tone}" d="M${end - 3.5} ${top - 3.5}l7 7m0 -7l-7 7"/>`
  }`;
}

/** Below what shares the axis. */
export function axisBelow(axis: LogAxis, width: number): Html {
  return html`<svg class="log-axis" width="${width}" height="20" aria-hidden="true"><line class="axis" x1="${axis.left}" x2="${axis.right}" y1="0.5" y2="0.5"/>${axis.marks.map((ms, at) => html`<line class="axis" x1="${axis.x(ms * 1e6)}" x2="${axis.x(ms * 1e6)}" y1="0" y2="4"/><text class="axis-label${at === 0 && ' start'}" x="${at === 0 ? 2 : axis.x(ms * 1e6)}" y="16">${labels[ms]}</text>`)}</svg>`;
}
