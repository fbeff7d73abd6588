import type { TraceView } from '../../server/src/simulate/types';
import { controls } from './controls';
import type { Choices } from './choices';
import { curves } from './curves';
import { head } from './head';
import { html, type Html } from './html';
import { lens } from './lens';
import { logPane } from './log';
import type { PreviewState } from './messages';
import type { Picture } from './picture';
import { functionLink, laneDetails } from './stack';
import { storyOf } from './story';
import { tables } from './tables';
import { legend, timeline } from './timeline';
import { transport } from './transport';
import { whyNotYet } from './whyNotYet';

/** A part of the preview that is drawn again only when its text changed. */
export interface Section {
  readonly id: string;
  /** In a wide view picture and words stand side by side below the top; in a narrow one all follow each other. */
  readonly place: 'top' | 'picture' | 'words';
  readonly html: Html;
}

/** The preview without a simulation to show. */
export function messageSections(state: Exclude<PreviewState, { kind: 'simulation' }>): readonly Section[] {
  return [{ id: 'message', place: 'top', html: message(state) }];
}

function message(state: Exclude<PreviewState, { kind: 'simulation' }>): Html {
  switch (state.kind) {
    case 'empty':
      return html`<p class="message">${state.message}</p>${state.canSimulate && html`<button type="button" class="primary" data-do="simulate">Simulate Patch</button>`}`;
    case 'running':
      return html`<p class="message" role="status"><span class="spinner" aria-hidden="true"></span>${state.message}${state.percent !== undefined && html` <span class="dim">${Math.round(state.percent)}%</span>`}</p><button type="button" data-do="cancel">Cancel</button>`;
    case 'error':
      return html`<p class="message error" role="alert">${state.message}</p><button type="button" class="primary" data-do="simulate">Try Again</button>`;
  }
}

/** The whole preview of a simulation: a pure function, so tests read what a user sees. */
export function sections(picture: Picture): readonly Section[] {
  const { trace, choices } = picture;
  return [
    { id: 'head', place: 'top', html: head(picture.shown) },
    { id: 'scenario', place: 'top', html: controls(picture) },
    { id: 'story', place: 'top', html: story(picture) },
    { id: 'picture', place: 'picture', html: html`${timeline(picture)}` },
    ...movingSections(picture).filter(({ place }) => place === 'picture'),
    { id: 'legend', place: 'picture', html: legend(picture.whole) },
    { id: 'details', place: 'picture', html: html`${laneDetails(picture)}` },
    { id: 'systems', place: 'picture', html: curves(picture) },
    ...movingSections(picture).filter(({ place }) => place === 'words'),
    { id: 'lens-section', place: 'words', html: fold(choices, 'lens', 'Old and new side by side', () => lens(picture)) },
    { id: 'log-section', place: 'words', html: fold(choices, 'log', 'Kernel log', () => html`<div class="bar"><label><input type="checkbox" id="debug" data-do="debug"${choices.debugLines && html` checked`}> with debug lines</label><button type="button" class="link" data-do="copyLog">Copy</button></div>${logPane(trace)}`) },
    { id: 'tables', place: 'words', html: fold(choices, 'table', 'The same as tables', () => tables(picture)) },
    { id: 'rests-on', place: 'words', html: fold(choices, 'basis', 'What this rests on', () => basis(picture.whole)) },
  ];
}

/** Those that change as the cursor moves. */
export function movingSections(picture: Picture): readonly Section[] {
  return [
    { id: 'transport', place: 'picture', html: transport(picture) },
    { id: 'why', place: 'words', html: whyNotYet(picture) },
  ];
}

function story({ whole }: Picture): Html {
  const { tone, headline, sentences } = storyOf(whole);
  return html`<div class="story ${tone}"><h1>${headline}</h1>
<p>${sentences.join(' ')}</p>
<p class="dim">Patched: ${patched(whole)}</p>${whole.hypothetical !== undefined && html`<p class="dim">Tasks whose name begins with ? are hypothetical: nobody was seen in the patched functions, but they can sleep.</p>`}</div>
${whole.violations.length > 0 && html`<div class="banner bad" role="alert"><strong>Not consistent:</strong><ul>${violations(whole)}</ul></div>`}`;
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

/** What is closed is not drawn: it may be long. */
function fold(choices: Choices, id: string, title: string, body: () => Html | null): Html {
  const isOpen = choices.open.includes(id);
  return html`<details id="${id}"${isOpen && html` open`}><summary><h2>${title}</h2></summary>${isOpen && body()}</details>`;
}

function basis(trace: TraceView): Html {
  const { machine } = trace;
  return html`<ul>
<li>A preview, not a measurement: Linux ${machine.kernelVersion}, ${machine.cpus} CPUs, ${machine.hz} Hz, ${machine.tasks} tasks, seed ${trace.seed}.</li>
${[...(trace.hypothetical ?? []), ...trace.notes, ...trace.assumptions].map((line) => html`<li>${line}</li>`)}</ul>`;
}
