/** What stands behind a place: the details of findings, where an edited name's code ends up, and why a function that nobody edited is replaced. Pure. */
import type { Hover } from 'vscode-languageserver';
import type { Step } from '../plan/plan';
import { whyReached } from '../report/why';
import type { Analysis, JudgedFunction } from '../result';
import type { Range } from '../syntax/facts';
import { positionAt } from '../syntax/positions';
import { reachedBy } from './convert';

/** @param offset in the edit's text of the file */
export function hoverOf(analysis: Analysis, path: string, offset: number): Hover | undefined {
  const here = (place: { readonly path: string; readonly range: Range }): boolean => place.path === path && place.range.start <= offset && offset <= place.range.end;
  const details = analysis.findings.flatMap((finding) => (finding.details !== undefined && here(finding) ? [finding.details] : []));
  const edited = analysis.functions.map(({ planned }) => planned.via[0]).find((step) => step !== undefined && here(step));
  const reached = analysis.functions.find(({ planned }) => planned.via.length > 0 && here({ path: planned.path, range: planned.fact.nameRange }));
  const parts = [...details, ...(edited === undefined ? [] : [holdersText(analysis, edited)]), ...(reached === undefined ? [] : [reachedText(analysis, reached)])];
  return parts.length === 0 ? undefined : { contents: { kind: 'markdown', value: parts.join('\n\n---\n\n') } };
}

/** Of an edited function, macro, constant or record: the functions that a patch of it replaces. */
function holdersText(analysis: Analysis, edited: Step): string {
  const holders = reachedBy(analysis, edited.path, edited.name).map(({ planned: { name, path, via } }) => {
    const between = via.slice(1).map((step) => `\`${step.name}\` (${step.reason})`);
    return `- \`${name}\` (${path})${between.length > 0 ? `: through ${between.join(' → ')}` : edited.kind === 'function' ? `: ${edited.reason}` : ''}`;
  });
  return [`**\`${edited.name}\` ${happens[edited.kind]}.** A live patch of it replaces:`, ...holders].join('\n');
}

const happens: Readonly<Record<Step['kind'], string>> = { function: 'is inlined', macro: 'is a macro', constant: 'gets another value', record: 'has members that move', line: 'moves from here on' };

/** Findings about the copy stand at the edit, where it can be mended: here they are told, too. */
function reachedText(analysis: Analysis, { planned }: JudgedFunction): string {
  const why = whyReached(planned, (name) => `\`${name}\``) ?? '';
  const [edited] = planned.via;
  const first = edited?.kind === 'line' ? `**Not edited, but changed for kpatch-build:** ${lineText(analysis, edited)}${planned.via.length > 1 ? ` (${why})` : ''}.` : `**Not edited, but replaced by a live patch:** ${why}.`;
  const about = analysis.findings.filter((finding) => finding.through === planned.name && finding.severity !== 'info').map((finding) => `- ${finding.severity}: ${escaped(finding.message)}`);
  return [first, ...about].join('\n');
}

function lineText(analysis: Analysis, { path, range }: Step): string {
  const { line } = positionAt(analysis.lineStarts.get(path) ?? [0], range.start);
  return `\`__LINE__\` has another value here, as lines move from line ${line + 1} on`;
}

/** Messages hold names such as `__init`, which are no Markdown. */
const escaped = (text: string): string => text.replace(/[\\`*_{}[\]<>#|]/g, '\\$&');
