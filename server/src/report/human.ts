/** An analysis for a person at a terminal: the verdict, what would be patched, what is wrong with it and the way out. */
import type { Analysis, JudgedFunction } from '../result';
import { wayOf } from '../plan/plan';
import type { Finding, Severity, Verdict } from '../rules/finding';
import { positionAt } from '../syntax/positions';
import { functionsByObject, lineStartsOf, sortedFindings } from './check';
import { plain, printable, type Style } from './style';

export interface HumanOptions {
  readonly style?: Style;
  /** The text a file's findings point into; undefined when it is not at hand: then no line of it is shown. */
  readonly textOf?: (path: string) => string | undefined;
}

/** Ends with a newline. Lines and columns count from 1 here, as compilers do and editors read. */
export function checkText(analysis: Analysis, options: HumanOptions = {}): string {
  const style = options.style ?? plain;
  const findings = sortedFindings(analysis);
  const blocks = [
    verdictLines(analysis, style),
    ...functionsByObject(analysis).filter((object) => object.functions.length > 0).map((object) => [
      `${style.bold(object.name)}${object.isModule ? ' (module)' : ''}${object.note === undefined ? '' : style.dim(` – ${printable(object.note)}`)}`,
      ...table(object.functions.map((judged) => functionCells(analysis, judged))).map((row, index) => `  ${mark(object.functions[index]?.verdict ?? 'undecided', style)} ${row}`),
    ]),
    ...findings.map((finding) => findingLines(analysis, finding, options)),
    [closingLine(analysis)],
  ];
  return `${blocks.filter((block) => block.length > 0).map((block) => block.join('\n')).join('\n\n')}\n`;
}

const verdictColor: Readonly<Record<Verdict, 'green' | 'red' | 'yellow'>> = { patchable: 'green', unpatchable: 'red', undecided: 'yellow' };
const severityColor: Readonly<Record<Severity, 'red' | 'yellow' | 'cyan'>> = { error: 'red', warning: 'yellow', info: 'cyan' };

function verdictLines(analysis: Analysis, style: Style): string[] {
  const head = style.bold(style[verdictColor[analysis.verdict]](analysis.verdict));
  const kernel = analysis.kernelVersion === undefined ? 'kernel version unknown' : `Linux ${printable(analysis.kernelVersion)}`;
  // What a finding says below need not be said twice.
  const said = new Set(analysis.findings.map((finding) => finding.message));
  return [`${head} ${style.dim(`(${analysis.profile}, ${kernel})`)}`, ...analysis.reasons.filter((reason) => !said.has(reason)).map((reason) => `  ${printable(reason)}`)];
}

function mark(verdict: Verdict, style: Style): string {
  const sign = { patchable: '+', unpatchable: '!', undecided: '?' }[verdict];
  return style[verdictColor[verdict]](sign);
}

function functionCells(analysis: Analysis, { planned }: JudgedFunction): string[] {
  const { line } = positionAt(lineStartsOf(analysis, planned.path), planned.fact.nameRange.start);
  const how = planned.via.length === 0 ? planned.change : `${planned.change} via ${wayOf(planned.via).join(', ')}`;
  return [printable(planned.name), printable(how), printable(`${planned.path}:${line + 1}`)];
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = [0, 1].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd());
}

function findingLines(analysis: Analysis, finding: Finding, { style = plain, textOf }: HumanOptions): string[] {
  const place = (path: string, offset: number): string => {
    const { line, character } = positionAt(lineStartsOf(analysis, path), offset);
    return printable(`${path}:${line + 1}:${character + 1}`);
  };
  return [
    `${style.bold(place(finding.path, finding.range.start))}: ${style[severityColor[finding.severity]](finding.severity)}: ${printable(finding.message)} ${style.dim(`[${finding.rule}]`)}`,
    ...excerpt(analysis, finding, textOf?.(finding.path), style),
    ...finding.related.map((related) => `    ${place(related.path, related.range.start)}: ${printable(related.message)}`),
    ...finding.remedies.map((remedy) => `    ${style.green('remedy')}: ${printable(remedy.title)}`),
  ];
}

/** Longer lines are generated or data: a caret below them helps nobody. */
const longestExcerpt = 160;

/** The line a finding points at and, below it, what it points at; a range over several lines is marked to the first one's end. */
function excerpt(analysis: Analysis, finding: Finding, text: string | undefined, style: Style): string[] {
  if (text === undefined) return [];
  const starts = lineStartsOf(analysis, finding.path);
  const { line, character } = positionAt(starts, finding.range.start);
  const start = starts[line] ?? 0;
  const content = text.slice(start, starts[line + 1] ?? text.length).replace(/[\r\n]+$/, '');
  if (content.trim() === '' || content.length > longestExcerpt) return [];
  const length = Math.max(1, Math.min(finding.range.end, start + content.length) - finding.range.start);
  // The same tabs before the caret as in the line keep it below its character whatever a tab's width.
  const indent = content.slice(0, character).replace(/[^\t]/g, ' ');
  return [`    ${printable(content)}`, `    ${indent}${style.green(`^${'~'.repeat(length - 1)}`)}`];
}

function closingLine(analysis: Analysis): string {
  const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
  const bySeverity = (['error', 'warning', 'info'] as const).flatMap((severity) => {
    const number = analysis.findings.filter((finding) => finding.severity === severity).length;
    if (number === 0) return [];
    return severity === 'info' ? [`${number} info`] : [count(number, severity)];
  });
  const objects = analysis.plan.objects.filter((object) => object.functions.length > 0).length;
  return `${count(analysis.functions.length, 'function')} in ${count(objects, 'object')}; ${bySeverity.length === 0 ? 'no findings' : bySeverity.join(', ')}`;
}
