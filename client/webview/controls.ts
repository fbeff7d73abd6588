import type { SimulationView } from '../../server/src/lsp/protocol';
import type { TraceView } from '../../server/src/simulate/types';
import { html, type Html, type HtmlPart } from './html';
import { iconButton } from './icon';
import type { Picture } from './picture';
import { offeredActions, relationText } from './scenarioEdit';
import { count } from './story';

/** What is simulated besides the edit: one line that opens. Every change simulates again. */
export function controls({ shown: { view }, whole, choices }: Picture): Html {
  const isOpen = choices.open.includes('controls');
  return html`<details id="controls"${isOpen && html` open`}><summary><span class="summary">${summaryOf(view)}</span></summary>${isOpen && form(view, whole)}</details>`;
}

/** "livepatch + 2 others · mixed · 4 CPUs · 250 Hz · seed 1". */
export function summaryOf({ scenario, trace }: SimulationView): string {
  const others = (scenario.systems ?? []).filter((model) => model !== trace.model).length;
  return [
    `${trace.model}${others > 0 ? ` + ${count(others, 'other', 'others')}` : ''}`,
    machineOf(scenario),
    trace.machine.kernelVersion,
    count(trace.machine.cpus, 'CPU', 'CPUs'),
    `${trace.machine.hz} Hz`,
    `seed ${trace.seed}`,
    ...(scenario.actions === undefined || scenario.actions.length === 0 ? [] : [count(scenario.actions.length, 'action', 'actions')]),
  ].join(' · ');
}

function machineOf({ snapshot, machine, workload }: SimulationView['scenario']): string {
  if (snapshot !== undefined) return baseName(snapshot);
  return machine !== undefined ? 'own machine' : (workload ?? 'mixed');
}

const baseName = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

function form(view: SimulationView, whole: TraceView): Html {
  const { scenario, offers } = view;
  return html`<div class="form">
<fieldset><legend>Systems</legend><div class="checks">${offers.models.map((model) => html`<label><input type="checkbox" id="system-${model}" data-set="system" value="${model}"${(scenario.systems ?? []).includes(model) && html` checked`}> ${model}</label>`)}</div></fieldset>
<fieldset><legend>Machine</legend>${machine(view)}<div class="fields">
${field('Kernel', 'kernelVersion', scenario.kernelVersion ?? whole.machine.kernelVersion, html` size="8"`)}
${numberField('CPUs', 'cpus', scenario.cpus ?? whole.machine.cpus, 1, offers.mostCpus)}
${scenario.snapshot === undefined && scenario.machine === undefined && numberField('Tasks', 'tasks', scenario.tasks ?? workloadTasks(view), 1, 100_000)}
<label>HZ <select id="set-hz" data-set="hz">${choicesOf(offers.hz, whole.machine.hz).map((hz) => html`<option value="${hz}"${hz === whole.machine.hz && html` selected`}>${hz}</option>`)}</select></label>
${numberField('Seed', 'seed', scenario.seed ?? whole.seed, 0, 2 ** 31)}</div></fieldset>
<fieldset><legend>The operator</legend>${listOf('actions', (scenario.actions ?? []).map((text) => text), 'removeAction', 'Remove')}${actionAdder()}</fieldset>
${whole.patch.functions.length > 1 && html`<fieldset><legend>Must not meet in different versions</legend>${listOf('relations', (scenario.relations ?? []).map(relationText), 'removeRelation', 'Remove')}${relationAdder(whole)}</fieldset>`}
<p class="problem" id="problem" role="alert"></p></div>`;
}

function machine({ scenario: { snapshot, machine: own, workload }, offers }: SimulationView): Html {
  const other = snapshot !== undefined ? `Snapshot ${baseName(snapshot)}` : own !== undefined ? 'As written in the scenario' : undefined;
  return html`<label class="wide">Tasks of <select id="set-workload" data-set="workload">${other !== undefined && html`<option value="" selected disabled>${other}</option>`}${offers.workloads.map(({ name, title }) => html`<option value="${name}"${other === undefined && name === workload && html` selected`}>${name}: ${title}</option>`)}</select></label>
<p><button type="button" class="link" data-do="importSnapshot">Import a snapshot of a real machine…</button></p>`;
}

function workloadTasks({ scenario, offers }: SimulationView): number {
  return offers.workloads.find(({ name }) => name === scenario.workload)?.tasks ?? 0;
}

function field(label: string, key: string, value: string, more: HtmlPart = null): Html {
  return html`<label>${label} <input type="text" id="set-${key}" data-set="${key}" value="${value}" spellcheck="false"${more}></label>`;
}

function numberField(label: string, key: string, value: number, least: number, most: number): Html {
  return html`<label>${label} <input type="number" id="set-${key}" data-set="${key}" value="${value}" min="${least}" max="${most}"></label>`;
}

/** What is chosen is offered even where it is unusual. */
const choicesOf = (offered: readonly number[], chosen: number): readonly number[] => [...new Set([...offered, chosen])].sort((a, b) => a - b);

function listOf(name: string, texts: readonly string[], what: string, label: string): HtmlPart {
  return texts.length > 0 && html`<ul class="plain items" aria-label="${name}">${texts.map((text, at) => html`<li><code>${text}</code> ${iconButton('close', what, `${label} ${text}`, html` data-at="${at}"`)}</li>`)}</ul>`;
}

function actionAdder(): Html {
  return html`<div class="fields"><select id="action-word" aria-label="Action">${offeredActions.map(({ word, label, takes }) => html`<option value="${word}">${label}${takes !== undefined && ` (${takes})`}</option>`)}</select>
<input type="text" id="action-what" aria-label="Of what: functions, a module or a pid, where the action needs one" placeholder="of what" size="9" spellcheck="false"><label>at <input type="text" id="action-time" value="5s" size="5" spellcheck="false" aria-label="At what time: a number with ms or s"></label>${iconButton('add', 'addAction', 'Add the action')}</div>`;
}

const shownFunctions = 400;

function relationAdder({ patch }: TraceView): Html {
  const names = patch.functions.slice(0, shownFunctions).map(({ name }) => name);
  const select = (at: 0 | 1, label: string): Html => html`<select id="relation-${at}" aria-label="${label}">${names.map((name, i) => html`<option value="${name}"${i === at && html` selected`}>${name}</option>`)}</select>`;
  return html`<div class="fields">${select(0, 'One function')} with ${select(1, 'Another function')}${iconButton('add', 'addRelation', 'Add the pair')}</div>`;
}
