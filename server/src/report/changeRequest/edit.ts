/** What a change request says of the edit: its functions by object, and what was found. */
import { plural } from '../../rules/words';
import type { Analysis, JudgedFunction } from '../../result';
import type { Finding } from '../../rules/finding';
import { positionAt } from '../../syntax/positions';
import { functionsByObject, lineStartsOf, sortedFindings } from '../check';
import { capped } from '../capped';
import { contextOf, doubtsOf } from '../gist';
import { wayOutOf } from '../manualText';
import { code, markdownTable, more, prose } from '../markdown';
import { wayReached } from '../why';

/** A list that is longer is not read; JSON has all. */
const MOST_FUNCTIONS = 60;
const MOST_FINDINGS = 40;

interface Edit {
  readonly analysis: Analysis;
  readonly baseline?: string | undefined;
}

export function editLines({ analysis, baseline }: Edit): readonly string[] {
  const objects = functionsByObject(analysis).filter(({ functions }) => functions.length > 0);
  const rows = objects.flatMap(({ name, isModule, functions }) => functions.map((judged) => [`${code(name)}${isModule ? ' (module)' : ''}`, ...cellsOf(analysis, judged)]));
  const { shown, rest } = capped(rows, MOST_FUNCTIONS);
  const notes = objects.flatMap(({ name, note }) => (note === undefined ? [] : [`- ${code(name)}: ${prose(note)}`]));
  const about = `${plural(rows.length, 'function')} in ${plural(objects.length, 'object')}${baseline === undefined ? '' : `, against ${code(baseline)}`} ${prose(contextOf(analysis))}.`;
  return rows.length === 0 ? ['No function has to be replaced.'] : [about, '', ...markdownTable(['object', 'function', 'how', 'verdict', 'where'], shown), ...withBlank([...more(rest), ...notes])];
}

function cellsOf(analysis: Analysis, { planned, verdict }: JudgedFunction): readonly string[] {
  const { change, ownSymbol, inKernel, path, fact } = planned;
  const why = wayReached(planned);
  const inlined = change === 'added' || change === 'removed' ? '' : ownSymbol === 'no' ? ', inlined' : inKernel === 'no' ? ', inlined until now' : '';
  return [code(planned.name), why === undefined ? `${change}${inlined}` : `reached: ${prose(why)}`, verdict, code(`${path}:${positionAt(lineStartsOf(analysis, path), fact.nameRange.start).line + 1}`)];
}

/** Doubts, findings with their ways out, and what was set aside by whom. */
export function findingLines(analysis: Analysis): readonly string[] {
  const rank = { error: 0, warning: 1, info: 2 };
  const findings = sortedFindings(analysis).sort((a, b) => rank[a.severity] - rank[b.severity]);
  const said = new Set(findings.map(({ message }) => message));
  const { shown, rest } = capped(findings, MOST_FINDINGS);
  const doubts = doubtsOf(analysis).filter((doubt) => !said.has(doubt));
  const aside = analysis.setAside.map(({ finding, severity, reason, source }) => `- Set aside (${severity === 'off' ? 'does not count' : `counts as ${severity}`}): ${prose(finding.message)} ${code(finding.rule)}: ${prose(reason)} (${prose(source)})`);
  const lines = [...doubts.map((doubt) => `- Could not be told: ${prose(doubt)}`), ...shown.flatMap((finding) => ofFinding(analysis, finding)), ...more(rest).map((text) => `- ${text}`), ...aside];
  return lines.length === 0 ? ['None.'] : lines;
}

function ofFinding(analysis: Analysis, { severity, rule, path, range, message, remedies }: Finding): readonly string[] {
  const general = remedies.length > 0 || severity === 'info' ? undefined : wayOutOf(rule);
  const ways = general === undefined ? remedies.map(({ title }) => title) : [general];
  return [
    `- **${severity}** ${code(rule)} at ${code(`${path}:${positionAt(lineStartsOf(analysis, path), range.start).line + 1}`)}: ${prose(message)}`,
    ...ways.map((way) => `  - Way out: ${prose(way)}`),
  ];
}

const withBlank = (lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : ['', ...lines]);
