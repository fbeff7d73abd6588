import type { Pass, SwitchCause, Trace } from '../../server/src/simulate/types';
import { html, type Html, type HtmlPart } from './html';
import type { Block, Group } from './lanes';
import { family, groupsOf, labelOf } from './lanes';
import { count, list, reasonWords } from './story';
import { logStamp, seconds } from './time';

/** A function's name as a button that opens it. */
export function functionLink(name: string): Html {
  return html`<button type="button" class="link" data-function="${name}">${name}</button>`;
}

/** A lane in one sentence: what a screen reader says for it, and what its details say. */
export function laneSentence(group: Group, trace: Trace): string {
  return `${labelOf(group)}: ${[...group.blocks.map(blockText), fateOf(group, trace)].join('; ')}`;
}

/** The panel under the timeline for the lane that has the focus. */
export function laneDetails(group: Group, trace: Trace): Html {
  const pids = group.lanes.map((lane) => lane.pid).filter((pid) => pid !== 0);
  const kinds = [...new Set(group.lanes.map((lane) => kindWords[lane.kind]))];
  return html`<strong>${labelOf(group)}</strong> <span class="dim">${list(kinds)}${pids.length > 0 && `, ${shorten(pids)}`}</span>
<ul>${group.blocks.slice(0, 6).map((block) => html`<li>${blockHtml(block)}</li>`)}${group.blocks.length > 6 && html`<li>and ${group.blocks.length - 6} more</li>`}<li>${fateOf(group, trace)}</li></ul>`;
}

const kindWords = { user: 'user task', kthread: 'kernel thread', idle: 'idle task' } as const;

function shorten(pids: readonly number[]): string {
  return `pid ${pids.slice(0, 8).join(', ')}${pids.length > 8 ? ` and ${pids.length - 8} more` : ''}`;
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

function fateOf(group: Group, trace: Trace): string {
  const { fate } = group;
  if (fate.kind === 'pending') return `not switched when the preview ends at ${seconds(trace.endNs)}`;
  if (fate.kind === 'none') return 'needed no switch';
  if (group.lanes.length > 1) return `all switched by ${seconds(fate.atNs)}, the last one: ${causeWords[fate.cause]}`;
  return `switched at ${seconds(fate.atNs)}: ${causeWords[fate.cause]}`;
}

const causeWords: Record<SwitchCause, string> = {
  'stack check': 'stack found clean',
  'exit to user': 'returned to user space',
  idle: 'left the idle loop',
  cond_resched: 'at cond_resched()',
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
export function blockersTable(trace: Trace): Html | null {
  const failed = trace.passes.filter((pass) => pass.blockers.length > 0);
  const first = failed[0];
  const last = failed.at(-1);
  if (first === undefined || last === undefined) return null;
  return html`<table class="blockers"><caption>Who blocks, and where</caption>
<thead><tr><th scope="col">Task</th><th scope="col">Why</th></tr></thead>
${section(first, 'First pass')}${last !== first && section(last, 'Last pass that failed')}
</table>`;
}

const shownBlockers = 10;

function section(pass: Pass, name: string): Html {
  const rows = gather(pass);
  return html`<tbody><tr><th colspan="2" scope="rowgroup">${name}: ${pass.index}, at ${seconds(pass.atNs)} <span class="dim">${count(pass.blockers.length, 'task', 'tasks')}</span></th></tr>
${rows.slice(0, shownBlockers).map((row) => html`<tr><td>${row.name}</td><td>${reasonWords[row.reason]}${row.function !== undefined && html` in ${functionLink(row.function)}`}</td></tr>`)}
${rows.length > shownBlockers && html`<tr><td colspan="2" class="dim">and ${rows.length - shownBlockers} more; the table below has all</td></tr>`}</tbody>`;
}

interface BlockerRow {
  readonly name: string;
  readonly reason: Pass['blockers'][number]['reason'];
  readonly function?: string;
}

/** Blockers of one family and reason in one row, those on a patched function first. */
function gather(pass: Pass): readonly BlockerRow[] {
  const rows = new Map<string, Pass['blockers'][number][]>();
  for (const blocker of pass.blockers) {
    const key = JSON.stringify([family(blocker.comm), blocker.reason, blocker.function]);
    rows.set(key, [...(rows.get(key) ?? []), blocker]);
  }
  return [...rows.values()]
    .flatMap((members) => {
      const [first] = members;
      if (first === undefined) return [];
      const name = members.length === 1 ? `${first.comm}${first.pid === 0 ? '' : ` (${first.pid})`}` : `${family(first.comm)} ×${members.length}`;
      return [{ name, reason: first.reason, ...(first.function === undefined ? {} : { function: first.function }) }];
    })
    .sort((a, b) => Number(b.function !== undefined) - Number(a.function !== undefined));
}

/** The picture's twin in words: every family of tasks, and every pass. */
export function tables(trace: Trace): Html {
  return html`<table><caption>When each task switched</caption>
<thead><tr><th scope="col">Tasks</th><th scope="col">Blocked</th><th scope="col">Switched</th></tr></thead>
<tbody>${groupsOf(trace, 'families').map((group) => html`<tr><th scope="row">${labelOf(group)}</th><td>${blockedCell(group)}</td><td>${fateOf(group, trace)}</td></tr>`)}</tbody></table>
<table><caption>Passes</caption>
<thead><tr><th scope="col">Pass</th><th scope="col">Time</th><th scope="col">Switched</th><th scope="col">Blocking</th></tr></thead>
<tbody>${trace.passes.map((pass) => html`<tr><th scope="row">${pass.index}</th><td>${seconds(pass.atNs)}</td><td>${pass.switched}</td><td>${pass.blockers.length === 0 ? 'nobody' : list(gather(pass).slice(0, 3).map((row) => row.name)) + (gather(pass).length > 3 ? ' and others' : '')}</td></tr>`)}</tbody></table>
${eventsTable(trace)}`;
}

function blockedCell(group: Group): HtmlPart {
  if (group.blocks.length === 0) return 'never';
  return group.blocks.slice(0, 3).map((block, at) => html`${at > 0 && '; '}${blockHtml(block)}`);
}

function eventsTable(trace: Trace): Html | null {
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
export function logPane(trace: Trace): Html {
  return html`<pre class="log" tabindex="0" role="log" aria-label="Kernel log" aria-live="off">${trace.log.map((line) => html`<span class="log-${line.level}"><span class="dim">${logStamp(line.atNs)}</span> ${line.text}</span>`)}</pre>`;
}
