import type { Meeting, SystemView, TraceView } from '../../server/src/simulate/types';
import type { Choices } from './choices';
import { axisBelow, logAxis, logCursor, outcomeIcon, type LogAxis } from './curves';
import { html, type Html, type HtmlPart } from './html';
import type { Picture } from './picture';
import { duration, seconds } from './time';

/** @returns the two functions looked at: those chosen, as far as the patch still has them, else its first two; the same one twice where there is only one */
export function lensOf({ patch }: TraceView, { lens }: Choices): readonly [string, string] | undefined {
  const names = patch.functions.map(({ name }) => name);
  const [first] = names;
  if (first === undefined) return undefined;
  const [a, b] = lens ?? [];
  const one = a !== undefined && names.includes(a) ? a : first;
  return [one, b !== undefined && names.includes(b) ? b : (names.find((name) => name !== one) ?? one)];
}

const shownFunctions = 400;

/** Two functions of the patch: when old and new code of them run side by side under each system, and whether somebody can meet both. */
export function lens({ shown: { view }, whole, choices, widths }: Picture): Html | null {
  const pair = lensOf(whole, choices);
  if (pair === undefined) return null;
  const names = whole.patch.functions.slice(0, shownFunctions).map(({ name }) => name);
  const chooser = (at: 0 | 1, label: string): Html => html`<label>${label} <select id="lens-${at}" data-lens="${at}">${names.map((name) => html`<option value="${name}"${name === pair[at] && html` selected`}>${name}</option>`)}</select></label>`;
  const axis = logAxis(view.systems, widths.words);
  return html`<div class="fields">${chooser(0, 'Old')}${chooser(1, 'beside new')}</div>
${view.systems.map((system) => html`<div class="lens-system"><h3>${system.model} <span class="dim">${sideBySide(system)}</span></h3>${strip(system, pair, axis, widths.words)}
<p>${unitWords(system)}</p>${meetings(system, pair)}</div>`)}
${axisBelow(axis, widths.words)}
<p class="legend-line"><span class="key unpatched"></span> old only <span class="key both"></span> old and new <span class="key patched"></span> new only <span class="key met"></span> met</p>`;
}

function unitWords({ what, when }: SystemView): string {
  switch (what) {
    case 'function':
      return 'Each function is replaced by itself, whoever is inside: one call can meet the old one and the new other.';
    case 'thread':
      return when === 'leave kernel'
        ? 'Each task switches when it crosses the kernel\'s boundary: one system call runs one version, two tasks can run different ones.'
        : 'Each task switches when none of the functions is on its stack: no call sees both versions, one system call can meet the old one first and the new other later, two tasks can run different ones.';
    case 'kernel':
      return when === 'leave kernel'
        ? 'The whole kernel is exchanged while no task is in it: nobody can meet both.'
        : 'Everybody switches in one stop of the machine, when nobody is in the functions: no two tasks run different versions; a system call begun before can meet the old one first and the new other later.';
  }
}

function endOfMix({ overlap, outcome, endNs }: SystemView): number {
  return outcome === 'stuck' ? endNs : (overlap?.toNs ?? 0);
}

function sideBySide(system: SystemView): string {
  const { overlap, outcome } = system;
  if (overlap === null) return outcome === 'complete' ? 'never side by side' : 'the new code never runs';
  const to = endOfMix(system);
  if (overlap.fromNs === to) return `everything switches after ${duration(to)}`;
  return `side by side for ${duration(to - overlap.fromNs)}${outcome === 'stuck' ? ', and still at the end' : ''}`;
}

const isAbout = ({ functions }: Meeting, [a, b]: readonly [string, string]): boolean => functions !== undefined && ((functions[0] === a && functions[1] === b) || (functions[0] === b && functions[1] === a));

function meetings(system: SystemView, pair: readonly [string, string]): HtmlPart {
  const [broken, mixed] = [system.broken.filter((each) => isAbout(each, pair)), system.mixed.filter((each) => isAbout(each, pair))];
  if (broken.length + mixed.length === 0) return html`<p class="dim">In this run nobody met both.</p>`;
  const line = (each: Meeting, isBroken: boolean, promise: string): Html => html`<li>${isBroken && outcomeIcon('bad')}${seconds(each.atNs)}, ${each.task}: ${each.text}. <span class="dim">${promise}</span></li>`;
  return html`<ul class="plain">${broken.slice(0, 4).map((each) => line(each, true, 'The system promises, or the patch needs, that this does not happen.'))}${mixed.slice(0, 4).map((each) => line(each, false, 'The system does not promise to prevent it.'))}</ul>`;
}

const stripHeight = 12;

/** Old until the first switch, both until the last one, then new: in a run that was not applied, old again or still both. */
function strip(system: SystemView, pair: readonly [string, string], axis: LogAxis, width: number): Html {
  const { overlap, outcome, completeMs, endNs } = system;
  const isApplied = outcome === 'complete' || outcome === 'unsafe';
  const end = isApplied ? axis.right : axis.x(endNs);
  const from = overlap !== null ? axis.x(overlap.fromNs) : isApplied && completeMs !== null ? axis.x(completeMs * 1e6) : end;
  const to = overlap === null ? from : Math.min(Math.max(axis.x(endOfMix(system)), from + 1), end);
  const box = (state: string, x: number, until: number): HtmlPart => until - x > 0.05 && html`<rect class="${state}" x="${x}" y="2" width="${until - x}" height="${stripHeight}"/>`;
  const met = [...system.broken, ...system.mixed].filter((each) => isAbout(each, pair));
  return html`<svg width="${width}" height="${stripHeight + 4}" aria-hidden="true">${box('state-unpatched', axis.left, from)}${box('state-both', from, to)}${box(isApplied ? 'state-patched' : 'state-unpatched', to, end)}${met.map(({ atNs }) => html`<line class="met" x1="${axis.x(atNs)}" x2="${axis.x(atNs)}" y1="0" y2="${stripHeight + 4}"/>`)}${logCursor(stripHeight + 4)}</svg>`;
}
