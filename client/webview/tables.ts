import type { Block, Group, SystemView, TraceView } from '../../server/src/simulate/types';
import { endingOf, stopsOf } from './curves';
import { html, type Html, type HtmlPart } from './html';
import { labelOf } from './lanes';
import type { Picture } from './picture';
import { fateOf, nameOf, passesOf } from './sentences';
import { functionLink } from './stack';
import { list, reasonWords } from './story';
import { duration, seconds } from './time';

/** The picture's twin in words: every system, every family of tasks, every pass, every mark. */
export function tables({ trace, shown: { view } }: Picture): Html {
  return html`${table('Systems', ['System', 'Outcome', 'Stops', 'In the way'], view.systems.map(systemRow))}
${table('When each task switched', ['Tasks', 'Blocked', 'Switched'], trace.groups.families.map((group) => [labelOf(group), blockedCell(group), fateOf(group, trace)]))}
${table('Passes', ['Pass', 'Time', 'Switched', 'Blocking'], trace.passes.map((pass) => [pass.index, seconds(pass.atNs), pass.switched, pass.blocking === 0 ? 'nobody' : list(pass.rows.slice(0, 3).map(nameOf)) + (pass.rows.length + pass.moreRows > 3 ? ' and others' : '')]))}
${table('Stops, signals and actions', ['Time', 'What'], events(trace))}`;
}

/** The first cell of a row is its head. */
function table(caption: string, heads: readonly string[], rows: readonly (readonly HtmlPart[])[]): HtmlPart {
  return rows.length > 0 && html`<table><caption>${caption}</caption>
<thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${rows.map(([first = '', ...cells]) => html`<tr><th scope="row">${first}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table>`;
}

function systemRow(system: SystemView): readonly HtmlPart[] {
  const { model, blocking } = system;
  return [model, endingOf(system), stopsOf(system), blocking.first === blocking.last ? blocking.first : `${blocking.first}, at last ${blocking.last}`];
}

function blockedCell(group: Group): HtmlPart {
  if (group.blocks.length === 0) return 'never';
  return group.blocks.slice(0, 3).map((block, at) => html`${at > 0 && '; '}${blockHtml(block)}`);
}

function blockHtml(block: Block): Html {
  return html`${passesOf(block)}: ${reasonWords[block.reason]}${block.function !== undefined && html` in ${functionLink(block.function)}`}`;
}

function events(trace: TraceView): readonly (readonly HtmlPart[])[] {
  return [
    ...trace.pauses.map(({ fromNs, toNs }) => ({ atNs: fromNs, text: `the machine stands still for ${duration(toNs - fromNs)}` })),
    ...trace.signals.map(({ atNs }) => ({ atNs, text: 'the kernel signals remaining tasks' })),
    ...trace.actions.map(({ atNs, kind, result }) => ({ atNs, text: result === '' ? kind : `${kind}: ${result}` })),
  ].sort((a, b) => a.atNs - b.atNs).map(({ atNs, text }) => [seconds(atNs), text]);
}
