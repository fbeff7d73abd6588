/** Findings for a person: grouped by the function they are about, the worst first, each way out said once. */
import { positionAt } from '../syntax/positions';
import { compareTexts } from '../syntax/text';
import type { Analysis } from '../result';
import type { Finding, Fix, Severity } from '../rules/finding';
import { plural } from '../rules/words';
import { capped, restLine } from './capped';
import { lineStartsOf, sortedFindings } from './check';
import { excerptLines } from './excerpt';
import { fixLines } from './fixLines';
import { countsOf } from './gist';
import { grouped } from './grouped';
import { wayOutOf } from './manualText';
import { plain, printable, type HumanOptions } from './style';
import { wrapped } from './wrap';

const severityColor: Readonly<Record<Severity, 'red' | 'yellow' | 'cyan'>> = { error: 'red', warning: 'yellow', info: 'cyan' };
const rank: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** What a list shows before it says how many more there are. */
const MOST_OF_A_RULE = 5;
const MOST_PLACES = 8;
const MOST_WAYS = 8;

/** One block for each function that findings are about, and one for the rest of each file. */
export function findingBlocks(analysis: Analysis, options: HumanOptions): string[][] {
  const bySeverity = (one: Finding, other: Finding): number => rank[one.severity] - rank[other.severity];
  const groups = grouped(sortedFindings(analysis), ({ path, function: name }) => `${path}\n${name ?? ''}`);
  return [...groups.values()]
    .map((findings) => findings.sort(bySeverity))
    // Sorting is stable: groups of the same severity stay by file and line.
    .sort(([one], [other]) => (one === undefined || other === undefined ? 0 : bySeverity(one, other)))
    .map((findings) => groupLines(analysis, findings, options));
}

function groupLines(analysis: Analysis, findings: readonly Finding[], options: HumanOptions): string[] {
  const { style = plain, width } = options;
  const [{ path, function: name } = { path: '', function: undefined }] = findings;
  const subject = name === undefined ? style.bold(printable(path)) : `${style.bold(printable(name))} ${style.dim(`in ${printable(path)}`)}`;
  let shown: Finding | undefined;
  return [
    wrapped(`${subject}: ${countsOf(findings) ?? ''}`, width),
    ...[...grouped(findings, ({ severity, rule }) => `${severity} ${rule}`).values()].flatMap((ofRule) => {
      const { shown: few, rest } = capped(ofRule, MOST_OF_A_RULE);
      return [...few.flatMap(linesOf), ...restLine(rest, 2, `[${ofRule[0]?.rule ?? ''}]`)];
    }),
    ...remedyLines(findings, options),
  ];

  function linesOf(finding: Finding): string[] {
    // The same place twice in a row needs its line only once.
    const again = shown?.range.start === finding.range.start && shown.range.end === finding.range.end;
    shown = finding;
    return findingLines(analysis, finding, again, options);
  }
}

function findingLines(analysis: Analysis, finding: Finding, again: boolean, { style = plain, width, textOf }: HumanOptions): string[] {
  const { path, range, severity, message, rule, related } = finding;
  const places = capped(related, MOST_PLACES);
  return [
    wrapped(`  ${style.bold(placeText(analysis, path, range.start))}: ${style[severityColor[severity]](severity)}: ${printable(message)} ${style.dim(`[${rule}]`)}`, width),
    ...(again ? [] : excerptLines(lineStartsOf(analysis, path), range, textOf?.(path), style, width)),
    ...places.shown.map((place) => wrapped(`    ${placeText(analysis, place.path, place.range.start)}: ${printable(place.message)}`, width)),
    ...restLine(places.rest, 4),
  ];
}

function placeText(analysis: Analysis, path: string, offset: number): string {
  const { line, character } = positionAt(lineStartsOf(analysis, path), offset);
  return printable(`${path}:${line + 1}:${character + 1}`);
}

/** The ways out of a group's findings, each once, with the rules it is for where there are several; a rule that names none has its manual's. */
function remedyLines(findings: readonly Finding[], { style = plain, width, textOf = () => undefined }: HumanOptions): string[] {
  const ways = new Map<string, { readonly rules: Set<string>; readonly fix: Fix | undefined }>();
  const add = (rule: string, title: string, fix?: Fix): void => {
    const way = ways.get(title);
    if (way === undefined) ways.set(title, { rules: new Set([rule]), fix });
    else way.rules.add(rule);
  };
  for (const { rule, severity, remedies } of findings) {
    for (const { title, fix } of remedies) add(rule, title, fix);
    const general = remedies.length > 0 || severity === 'info' ? undefined : wayOutOf(rule);
    if (general !== undefined) add(rule, general);
  }
  const several = new Set([...ways.values()].flatMap(({ rules }) => [...rules])).size > 1;
  const { shown, rest } = capped([...ways], MOST_WAYS);
  const lines = shown.flatMap(([title, { rules, fix }]) => {
    const edits = fix?.edits() ?? [];
    const notes = `${edits.length > 0 ? style.dim(' (quick fix in the editor)') : ''}${several ? style.dim(` [${[...rules].sort(compareTexts).join(', ')}]`) : ''}`;
    return [wrapped(`  ${style.green('way out')}: ${printable(title)}${notes}`, width), ...fixLines(edits, textOf, style)];
  });
  return [...lines, ...restLine(rest, 2, 'ways out')];
}

/** What was decided about findings, and by whom: a report without it would claim more than was judged. */
export function setAsideLines(analysis: Analysis, { style = plain, width }: HumanOptions): string[] {
  const { setAside } = analysis;
  if (setAside.length === 0) return [];
  return [
    `${style.bold('set aside')}: ${plural(setAside.length, 'finding')}`,
    ...setAside.flatMap(({ finding, severity, reason, source }) => [
      wrapped(`  ${style.bold(placeText(analysis, finding.path, finding.range.start))}: ${finding.severity}: ${printable(finding.message)} ${style.dim(`[${finding.rule}]`)}`, width),
      wrapped(`    ${severity === 'off' ? 'does not count' : `counts as ${severity}`}: ${printable(reason)} ${style.dim(`(${printable(source)})`)}`, width),
    ]),
  ];
}
