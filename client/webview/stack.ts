import type { Block, Group, Specimen, TraceView } from '../../server/src/simulate/types';
import { html, type Html } from './html';
import { isInterrupts } from './interrupts';
import { chosenLane, groupsOf, labelOf } from './lanes';
import type { Picture } from './picture';
import { fateOf, interruptsFate, kindsOf, passesOf, stateWords } from './sentences';
import { capital, reasonWords } from './story';

/** The first task of a lane: its stack is shown for all of them. */
export function specimenOf({ specimens }: TraceView, pids: readonly number[]): Specimen | undefined {
  const [first] = pids;
  return first === undefined ? undefined : specimens[first];
}

/** Functions that a stack is checked for: the patch's own, and those that hold a copy of one. */
export function checkedFor({ patch }: TraceView): ReadonlySet<string> {
  return new Set(patch.functions.flatMap(({ name, inlinedInto = [] }) => [name, ...inlinedInto]));
}

/** For a tooltip: a frame a line, those of the patch marked. */
export function stackLines(trace: TraceView, specimen: Specimen | undefined): readonly string[] {
  if (specimen === undefined || specimen.stack.length === 0) return [];
  const patched = checkedFor(trace);
  return ['', ...specimen.stack.map((frame) => `${patched.has(frame) ? '▸' : '  '} ${frame}${patched.has(frame) ? ' (patched)' : ''}`)];
}

/** A function's name as a button that opens its source. */
export function functionLink(name: string, tabindex?: 0 | -1): Html {
  return html`<button type="button" class="link" data-function="${name}"${tabindex !== undefined && html` tabindex="${tabindex}"`}>${name}</button>`;
}

/** The panel under the timeline for the chosen lane. */
export function laneDetails(picture: Picture): Html | null {
  const groups = groupsOf(picture);
  const group = groups[chosenLane(groups, picture.choices.lane)];
  if (group === undefined) return null;
  const { trace } = picture;
  if (isInterrupts(group)) return html`<h2>${labelOf(group)}</h2><p>${capital(interruptsFate(group, trace))}. Interrupts have a universe of their own, whatever the task they interrupt is in.</p>`;
  const specimen = specimenOf(trace, group.pids);
  return html`<h2>${labelOf(group)} <span class="dim">${kindsOf(group.kinds)}${group.pids.length > 0 && `, pid ${pidsOf(group)}`}</span></h2>
<ul class="plain">${group.blocks.map((block) => html`<li>${blockHtml(block)}</li>`)}${group.moreBlocks > 0 && html`<li class="dim">and ${group.moreBlocks} more</li>`}<li>${fateOf(group, trace)}</li></ul>
${specimen !== undefined && stackHtml(trace, specimen, group)}`;
}

function pidsOf({ pids, morePids }: Group): string {
  return `${pids.slice(0, 4).join(', ')}${pids.length > 4 || morePids > 0 ? ` and ${morePids + Math.max(pids.length - 4, 0)} more` : ''}`;
}

function blockHtml(block: Block): Html {
  return html`${passesOf(block)}: ${reasonWords[block.reason]}${block.function !== undefined && html` in ${functionLink(block.function)}`}`;
}

/** One tab stop: the first frame of the patch, or the innermost one. */
function stackHtml(trace: TraceView, { comm, state, stack, hidden, hypothetical }: Specimen, { tasks, pids }: Group): Html {
  const patched = checkedFor(trace);
  const stop = Math.max(stack.findIndex((frame) => patched.has(frame)), 0);
  const whose = `${tasks > 1 ? `Of ${comm} (${pids[0] ?? ''}), one of them, at the load` : 'At the load'}: ${stateWords[state]}`;
  return html`<p class="dim">${whose}${hidden === true && '; scheduler functions are hidden'}.${hypothetical !== undefined && ` Imagined: ${hypothetical}`}</p>
${stack.length === 0
    ? html`<p class="dim">${state === 'R' ? 'In user mode: no kernel stack.' : 'Its stack is not known.'}</p>`
    : html`<ol class="stack" data-roving="vertical" aria-label="Kernel stack, innermost frame first">${stack.map((frame, at) => html`<li${patched.has(frame) && html` class="patched"`}>${functionLink(frame, at === stop ? 0 : -1)}${patched.has(frame) && html` <span class="tag">patched</span>`}</li>`)}</ol>`}`;
}
