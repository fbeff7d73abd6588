import type { Block, BlockerRow, Group, PassView, SwitchCause, TraceView } from '../../server/src/simulate/types';
import { html, type Html, type HtmlPart } from './html';
import { labelOf } from './lanes';
import { count, list, reasonWords } from './story';
import { logStamp, seconds } from './time';

/** A function's name as a button that opens it. */
export function functionLink(name: string): Html {
  return html`<button type="button" class="link" data-function="${name}">${name}</button>`;
}

/** A lane in one sentence: what a screen reader says for it, and what its details say. */
export function laneSentence(group: Group, trace: TraceView): string {
  return `${labelOf(group)}: ${[...group.blocks.map(blockText), fateOf(group, trace)].join('; ')}`;
}

/** The panel under the timeline for the lane that has the focus. */
export function laneDetails(group: Group, trace: TraceView): Html {
  const kinds = group.kinds.map((kind) => kindWords[kind]);
  return html`<strong>${labelOf(group)}</strong> <span class="dim">${list(kinds)}${group.pids.length > 0 && `, ${shorten(group)}`}</span>
<ul>${group.blocks.map((block) => html`<li>${blockHtml(block)}</li>`)}${group.moreBlocks > 0 && html`<li>and ${group.moreBlocks} more</li>`}<li>${fateOf(group, trace)}</li></ul>`;
}

const kindWords = { user: 'user task', kthread: 'kernel thread', idle: 'idle task' } as const;

function shorten({ pids, morePids }: Group): string {
  return `pid ${pids.join(', ')}${morePids > 0 ? ` and ${morePids} more` : ''}`;
}

function blockText(block: Block): string {
  return `${passesOf(block)}: ${reasonWords[block.reason]}${block.function === undefined ? '' : ` in ${block.function}`}`;
}

function blockHtml(block: Block): Html {
  return html`${passesOf(block)}: ${reasonWords[block.reason]}${block.function !== undefined && html` in ${functionLink(block.function)}`}`;
}

function passesOf({ fromPass, toPass }: Block): string {
  return fromPass === toPass ? `pass ${fromPass}` : `passes ${fromPass}–${toPass}`;
}

function fateOf(group: Group, trace: TraceView): string {
  const { fate } = group;
  if (fate.kind === 'pending') return `not switched when the preview ends at ${seconds(trace.endNs)}`;
  if (fate.kind === 'none') return 'needed no switch';
  if (group.tasks > 1) return `all switched by ${seconds(fate.atNs)}, the last one: ${causeWords[fate.cause]}`;
  return `switched at ${seconds(fate.atNs)}: ${causeWords[fate.cause]}`;
}

const causeWords: Record<SwitchCause, string> = {
  'stack check': 'stack found clean',
  'exit to user': 'returned to user space',
  idle: 'left the idle loop',
  cond_resched: 'at cond_resched()',
  'freezable sleep': 'when it went to sleep',
  fork: 'inherited at fork',
  forced: 'forced',
  offline: 'CPU is offline',
  'system call': 'at the beginning of a system call',
  'safe point': 'at a safe point of its main loop',
  'machine stopped': 'with everybody else, while the machine stood still',
  'new kernel': 'with the new kernel',
  redirection: 'when the last function was redirected',
};

/** Who blocks at the first pass and at the last one that failed. */
export function blockersTable(trace: TraceView): Html | null {
  const failed = trace.passes.filter((pass) => pass.blocking > 0);
  const first = failed[0];
  const last = failed.at(-1);
  if (first === undefined || last === undefined) return null;
  return html`<table class="blockers"><caption>Who blocks, and where</caption>
<thead><tr><th scope="col">Task</th><th scope="col">Why</th></tr></thead>
${section(first, 'First pass')}${last !== first && section(last, 'Last pass that failed')}
</table>`;
}

const shownBlockers = 10;

function section(pass: PassView, name: string): Html {
  const more = pass.rows.length - shownBlockers + pass.moreRows;
  return html`<tbody><tr><th colspan="2" scope="rowgroup">${name}: ${pass.index}, at ${seconds(pass.atNs)} <span class="dim">${count(pass.blocking, 'task', 'tasks')}</span></th></tr>
${pass.rows.slice(0, shownBlockers).map((row) => html`<tr><td>${nameOf(row)}</td><td>${reasonWords[row.reason]}${row.function !== undefined && html` in ${functionLink(row.function)}`}</td></tr>`)}
${more > 0 && html`<tr><td colspan="2" class="dim">and ${more} more</td></tr>`}</tbody>`;
}

function nameOf({ family, only, tasks }: BlockerRow): string {
  return only === undefined ? `${family} ×${tasks}` : `${only.comm}${only.pid === 0 ? '' : ` (${only.pid})`}`;
}

/** The picture's twin in words: every family of tasks, and every pass. */
export function tables(trace: TraceView): Html {
  return html`<table><caption>When each task switched</caption>
<thead><tr><th scope="col">Tasks</th><th scope="col">Blocked</th><th scope="col">Switched</th></tr></thead>
<tbody>${trace.groups.families.map((group) => html`<tr><th scope="row">${labelOf(group)}</th><td>${blockedCell(group)}</td><td>${fateOf(group, trace)}</td></tr>`)}</tbody></table>
<table><caption>Passes</caption>
<thead><tr><th scope="col">Pass</th><th scope="col">Time</th><th scope="col">Switched</th><th scope="col">Blocking</th></tr></thead>
<tbody>${trace.passes.map((pass) => html`<tr><th scope="row">${pass.index}</th><td>${seconds(pass.atNs)}</td><td>${pass.switched}</td><td>${pass.blocking === 0 ? 'nobody' : list(pass.rows.slice(0, 3).map(nameOf)) + (pass.rows.length + pass.moreRows > 3 ? ' and others' : '')}</td></tr>`)}</tbody></table>
${eventsTable(trace)}`;
}

function blockedCell(group: Group): HtmlPart {
  if (group.blocks.length === 0) return 'never';
  return group.blocks.slice(0, 3).map((block, at) => html`${at > 0 && '; '}${blockHtml(block)}`);
}

function eventsTable(trace: TraceView): Html | null {
  const events = [
    ...trace.signals.map(({ atNs }) => ({ atNs, text: 'the kernel signals remaining tasks' })),
    ...trace.actions.map(({ atNs, kind, result }) => ({ atNs, text: result === '' ? kind : `${kind}: ${result}` })),
  ].sort((a, b) => a.atNs - b.atNs);
  if (events.length === 0) return null;
  return html`<table><caption>Signals and actions</caption>
<thead><tr><th scope="col">Time</th><th scope="col">What</th></tr></thead>
<tbody>${events.map((event) => html`<tr><th scope="row">${seconds(event.atNs)}</th><td>${event.text}</td></tr>`)}</tbody></table>`;
}

/** The kernel's own lines; those that need dynamic debug are marked, so that the style sheet can hide them. */
export function logPane(trace: TraceView): Html {
  return html`<pre class="log" tabindex="0" role="log" aria-label="Kernel log" aria-live="off">${trace.log.map((line) => html`<span class="log-${line.level}"><span class="dim">${logStamp(line.atNs)}</span> ${line.text}</span>`)}</pre>${trace.logLeftOut > 0 && html`<p class="dim">${count(trace.logLeftOut, 'debug line is', 'debug lines are')} left out; livepatch-studio simulate --format log has all of them.</p>`}`;
}
