import { adviceFor } from '../../server/src/report/blockers';
import type { BlockerRow, PassView, TraceView } from '../../server/src/simulate/types';
import { passAt } from './cursor';
import { html, type Html } from './html';
import type { Picture } from './picture';
import { nameOf, releaseOf, stateWords } from './sentences';
import { functionLink } from './stack';
import { count, reasonWords } from './story';
import { seconds } from './time';

const shownRows = 12;

/** Who is in the way at the cursor: where, what will let them go in this run, and what can be done. */
export function whyNotYet({ whole, trace, cursorNs, shown: { highlight } }: Picture): Html {
  const passes = trace.passes.length > 0 && cursorNs >= (trace.passes[0]?.atNs ?? Infinity) ? trace.passes : whole.passes;
  const pass = passAt(passes, cursorNs);
  return html`<h2>Why not yet${pass !== undefined && pass.blocking > 0 && html` <span class="dim">pass ${pass.index}, ${seconds(pass.atNs)}: ${count(pass.blocking, 'task', 'tasks')} in the way</span>`}</h2>
${pass === undefined || pass.blocking === 0 ? html`<p class="dim">${nobody(whole, pass, cursorNs)}</p>` : table(pass, whole, highlight)}`;
}

function nobody(trace: TraceView, pass: PassView | undefined, cursorNs: number): string {
  if (trace.completeMs !== null && cursorNs >= trace.completeMs * 1e6) return trace.outcome === 'failed' ? 'It is over.' : `Nobody is in the way: it is complete since ${seconds(trace.completeMs * 1e6)}.`;
  if (pass !== undefined) return `Nobody was in the way at pass ${pass.index}, ${seconds(pass.atNs)}.`;
  return trace.passes.length === 0 ? 'This system asks nobody what they are doing.' : `Nobody has been looked at yet: the first pass is at ${seconds(trace.passes[0]?.atNs ?? 0)}.`;
}

/** What can be done is said once for all whom it helps. */
function table(pass: PassView, trace: TraceView, highlight: string | undefined): Html {
  const more = pass.rows.length - shownRows + pass.moreRows;
  const byAdvice = new Map<string, BlockerRow[]>();
  for (const row of pass.rows.slice(0, shownRows)) {
    const advice = adviceOf(row, trace);
    byAdvice.set(advice, [...(byAdvice.get(advice) ?? []), row]);
  }
  return html`<table class="blockers"><thead><tr><th scope="col">Task</th><th scope="col">What holds it, and what lets it go</th></tr></thead>
${[...byAdvice].map(([advice, rows]) => html`<tbody>${rows.map((row) => rowHtml(row, trace, highlight))}${advice !== '' && html`<tr><td colspan="2" class="advice">${sentence(advice)}</td></tr>`}</tbody>`)}${more > 0 && html`<tbody><tr><td colspan="2" class="dim">and ${more} more</td></tr></tbody>`}</table>`;
}

function rowHtml(row: BlockerRow, trace: TraceView, highlight: string | undefined): Html {
  const [pid] = row.pids;
  const state = pid === undefined ? undefined : trace.specimens[pid]?.state;
  const isMarked = highlight !== undefined && row.function === highlight;
  return html`<tr${isMarked && html` class="marked"`}><th scope="row">${nameOf(row)}${row.only === undefined && row.pids.length > 0 && html` <span class="dim">${row.pids.join(', ')}${row.tasks > row.pids.length && '…'}</span>`}${state !== undefined && row.reason !== 'running' && html` <span class="dim" title="${stateWords[state]}">${state}</span>`}</th>
<td>${reasonWords[row.reason]}${row.function !== undefined && html` in ${functionLink(row.function)}`}<br>${releaseOf(row, trace)}</td></tr>`;
}

/** What holds for livepatch is not said of the others: they check no stacks pass by pass. */
function adviceOf(row: BlockerRow, { model }: TraceView): string {
  const { reason, kind, function: name } = row;
  if (model === 'kgraft') return kind === 'user' ? 'switches when it next enters or leaves the kernel' : 'switches at the safe point of its main loop, if it has one';
  if (model !== 'livepatch') return name === undefined ? '' : `an attempt fails while anybody is in ${name}`;
  return adviceFor({ pid: row.pids[0] ?? 0, comm: row.family, reason, ...(name !== undefined && { function: name }) }, kind);
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
