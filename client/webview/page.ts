import type { SimulationView } from '../../server/src/lsp/protocol';
import type { Verdict } from '../../server/src/rules/finding';
import type { TraceView } from '../../server/src/simulate/types';
import { html, type Html } from './html';
import type { Folding } from './lanes';
import type { PreviewState, ShownSimulation } from './messages';
import { storyOf } from './story';
import { blockersTable, functionLink, logPane, tables } from './tables';
import { legend, timeline } from './timeline';

/** What the reader has chosen: kept over redrawing, hiding and reloading. */
export interface Choices {
  readonly folding: Folding;
  readonly debugLines: boolean;
  /** Ids of the `<details>` that are open. */
  readonly open: readonly string[];
}

export const defaultChoices: Choices = { folding: 'compact', debugLines: false, open: ['log'] };

/** The whole preview for a state: a pure function, so tests read what a user sees. `width` in pixels. */
export function page(state: PreviewState, choices: Choices, width: number): Html {
  switch (state.kind) {
    case 'empty':
      return html`<p class="message">${state.message}</p>${state.canSimulate && html`<button type="button" class="primary" data-do="simulate">Simulate Patch</button>`}`;
    case 'running':
      return html`<p class="message" role="status"><span class="spinner" aria-hidden="true"></span>${state.message}</p><button type="button" data-do="cancel">Cancel</button>`;
    case 'error':
      return html`<p class="message error" role="alert">${state.message}</p><button type="button" class="primary" data-do="simulate">Try Again</button>`;
    case 'simulation':
      return tracePage(state, choices, width);
  }
}

function tracePage({ view, stale }: ShownSimulation, choices: Choices, width: number): Html {
  const { trace, verdict } = view;
  const story = storyOf(trace);
  const groups = trace.groups[choices.folding];
  const folds = choices.folding === 'families' || groups.length < trace.groups.families.length;
  return html`${stale !== undefined && html`<p class="banner" role="status">${stale} <button type="button" class="link" data-do="simulate">Simulate again</button></p>`}
${banner(verdict)}
${chooser(view)}
<section class="story ${story.tone}"><h1>${story.headline}</h1>
<p>${story.sentences.join(' ')}</p>
<p class="dim">Patched: ${patched(trace)}</p>${trace.hypothetical !== undefined && html`<p class="dim">Tasks whose name begins with ? are hypothetical: nobody was seen in the patched functions, but they can sleep.</p>`}</section>
${trace.violations.length > 0 && html`<section class="banner bad" role="alert"><strong>Not consistent:</strong><ul>${violations(trace)}</ul></section>`}
<section aria-label="Timeline">${timeline(trace, groups, width)}
<div class="details" id="details" aria-live="polite"><span class="dim">Choose a lane for its tasks: click, or the arrow keys.</span></div>
${legend(trace)}
${folds && html`<button type="button" class="link" data-do="fold">${choices.folding === 'compact' ? 'Show every family of tasks' : 'Fold tasks that switched at once'}</button>`}</section>
${blockersTable(trace)}
${fold(choices, 'log', 'Kernel log', html`<div class="bar"><label><input type="checkbox" data-do="debug"${choices.debugLines && html` checked`}> with debug lines</label><button type="button" class="link" data-do="copy">Copy</button></div>${logPane(trace)}`)}
${fold(choices, 'table', 'The same as tables', tables(trace))}
${fold(choices, 'basis', 'What this rests on', basis(trace))}`;
}

/** Another system, another machine: the same edit. */
function chooser({ trace, offers: { models, workloads } }: SimulationView): Html {
  const option = (value: string, text: string, chosen: boolean): Html => html`<option value="${value}"${chosen && html` selected`}>${text}</option>`;
  return html`<div class="bar"><label>System <select data-choose="model">${models.map((name) => option(name, name, name === trace.model))}</select></label>
<label>Workload <select data-choose="workload">${workloads.map(({ name, title }) => option(name, `${name}: ${title}`, name === trace.machine.workload))}</select></label></div>`;
}

function banner(verdict: Verdict): Html | null {
  switch (verdict) {
    case 'patchable':
      return null;
    case 'unpatchable':
      return html`<p class="banner bad">The patch cannot be built as it is; this shows what would happen if it could.</p>`;
    case 'undecided':
      return html`<p class="banner">Whether this patch can be built could not be decided; this shows what would happen if it can.</p>`;
  }
}

const shownFunctions = 12;

function patched(trace: TraceView): Html {
  const { functions } = trace.patch;
  return html`${functions.slice(0, shownFunctions).map((fn, at) => html`${at > 0 && ', '}${functionLink(fn.name)}`)}${functions.length > shownFunctions && ` and ${functions.length - shownFunctions} more`}`;
}

/** Tasks to which the same happened in one line each. */
function violations(trace: TraceView): readonly Html[] {
  return trace.violations.map(({ text, tasks, more }) => html`<li>${tasks.join(', ')}${more > 0 && ` and ${more} more`}: ${text}</li>`);
}

function fold(choices: Choices, id: string, title: string, body: Html): Html {
  return html`<details id="${id}"${choices.open.includes(id) && html` open`}><summary>${title}</summary>${body}</details>`;
}

function basis(trace: TraceView): Html {
  const { machine } = trace;
  return html`<ul>
<li>A preview, not a measurement: Linux ${machine.kernelVersion}, ${machine.cpus} CPUs, ${machine.hz} Hz, ${machine.tasks} tasks, seed ${trace.seed}.</li>
${[...(trace.hypothetical ?? []), ...trace.notes, ...trace.assumptions].map((line) => html`<li>${line}</li>`)}</ul>`;
}
