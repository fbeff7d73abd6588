import type { ModelName } from '../../server/src/simulate/types';
import type { FromPreview, PreviewRequest, PreviewState } from './messages';
import { previewRequest, previewState } from './messages';
import type { Choices } from './page';
import { defaultChoices, page } from './page';
import { laneDetails } from './tables';

declare function acquireVsCodeApi(): { postMessage(message: FromPreview): void; getState(): unknown; setState(state: unknown): void };

/** The preview's bootstrap: keeps what is shown, draws it again when something changed, and passes clicks on. */
const vscode = acquireVsCodeApi();
const root = document.getElementById('preview') ?? document.body;
let choices: Choices = defaultChoices;
let request: PreviewRequest | undefined;
let shown: PreviewState | undefined;
let drawnWidth = 0;

function draw(): void {
  if (shown === undefined) return;
  const focused = document.activeElement?.closest('[data-lane]')?.getAttribute('data-lane');
  drawnWidth = root.clientWidth;
  // Everything in it went through the escaping template of html.ts.
  root.innerHTML = page(shown, choices, drawnWidth).text;
  root.classList.toggle('debug-lines', choices.debugLines);
  for (const details of root.querySelectorAll('details')) details.addEventListener('toggle', keepOpen);
  if (focused !== null && focused !== undefined) root.querySelector<SVGElement>(`[data-lane="${focused}"]`)?.focus();
}

function choose(change: Partial<Choices>): void {
  choices = { ...choices, ...change };
  vscode.setState({ choices, request });
}

function keepOpen(): void {
  choose({ open: [...root.querySelectorAll<HTMLDetailsElement>('details[open]')].map((details) => details.id) });
}

function act(what: string, element: Element): void {
  if (what === 'simulate' || what === 'cancel') vscode.postMessage({ type: what });
  if (what === 'debug') {
    choose({ debugLines: (element as HTMLInputElement).checked });
    root.classList.toggle('debug-lines', choices.debugLines);
  }
  // The log's lines as they are shown, without the debug lines when those are hidden.
  if (what === 'copy') void navigator.clipboard.writeText(root.querySelector<HTMLElement>('.log')?.innerText ?? '');
  if (what === 'fold') {
    choose({ folding: choices.folding === 'compact' ? 'families' : 'compact' });
    draw();
    root.querySelector<HTMLElement>('[data-do="fold"]')?.focus();
  }
}

/** One tab stop for all lanes: the one that last had the focus. */
function select(lane: Element): void {
  for (const other of root.querySelectorAll('[data-lane]')) {
    other.setAttribute('tabindex', other === lane ? '0' : '-1');
    other.setAttribute('aria-selected', String(other === lane));
  }
  const panel = document.getElementById('details');
  const group = shown?.kind === 'simulation' ? shown.view.trace.groups[choices.folding][Number(lane.getAttribute('data-lane'))] : undefined;
  if (panel && group && shown?.kind === 'simulation') panel.innerHTML = laneDetails(group, shown.view.trace).text;
}

function step(lane: Element, key: string): boolean {
  const lanes = [...root.querySelectorAll<SVGElement>('[data-lane]')];
  const at = lanes.indexOf(lane as SVGElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: lanes.length - 1 }[key];
  if (to === undefined) return false;
  lanes[Math.min(Math.max(to, 0), lanes.length - 1)]?.focus();
  return true;
}

function closest(event: Event, selector: string): Element | null {
  return event.target instanceof Element ? event.target.closest(selector) : null;
}

root.addEventListener('click', (event) => {
  const actor = closest(event, '[data-do]');
  if (actor) act(actor.getAttribute('data-do') ?? '', actor);
  const name = closest(event, '[data-function]')?.getAttribute('data-function');
  if (name !== null && name !== undefined) vscode.postMessage({ type: 'open', name });
  (closest(event, '[data-lane]') as SVGElement | null)?.focus();
});
root.addEventListener('change', (event) => {
  const select = closest(event, 'select[data-choose]') as HTMLSelectElement | null;
  if (select === null || shown?.kind !== 'simulation') return;
  const { scenario = {} } = shown.request;
  vscode.postMessage({ type: 'simulate', scenario: select.getAttribute('data-choose') === 'model' ? { ...scenario, systems: [select.value as ModelName] } : { ...scenario, workload: select.value } });
});
root.addEventListener('focusin', (event) => {
  const lane = closest(event, '[data-lane]');
  if (lane) select(lane);
});
root.addEventListener('keydown', (event) => {
  const lane = closest(event, '[data-lane]');
  if (lane && step(lane, event.key)) event.preventDefault();
});
window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  const state = previewState(data);
  if (state === undefined || state.kind === 'rasterize') return;
  shown = state;
  if (state.kind === 'simulation') request = state.request;
  vscode.setState({ choices, request });
  draw();
});
new ResizeObserver(() => {
  if (root.clientWidth !== drawnWidth) draw();
}).observe(root);

const kept = vscode.getState() as { choices?: Partial<Choices>; request?: unknown } | undefined;
choices = { ...defaultChoices, ...kept?.choices };
request = previewRequest(kept?.request);
vscode.postMessage({ type: 'ready', ...(request !== undefined && { request }) });
