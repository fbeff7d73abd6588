/**
 * An analysis as workflow commands of GitHub Actions, which become annotations of the run and of the lines of a pull request. GitHub shows the first ten of each kind in
 * a step, so the most severe come first.
 */
import { plural } from '../rules/words';
import type { Analysis } from '../result';
import type { Finding, Location, Severity } from '../rules/finding';
import { positionsOf } from '../syntax/positions';
import { capped } from './capped';
import { lineStartsOf, sortedFindings } from './check';
import { contextOf, doubtsOf, gistOf } from './gist';
import { printable } from './style';

type Kind = 'error' | 'warning' | 'notice';

const kinds: Readonly<Record<Severity, Kind>> = { error: 'error', warning: 'warning', info: 'notice' };

/** One line each, the answer first; ends with a newline. Paths are relative to the tree, which is to be the repository. */
export function checkGithub(analysis: Analysis): string {
  const findings = sortedFindings(analysis);
  const said = new Set(findings.map(({ message }) => message));
  const commands = [
    command('notice', { title: 'livepatch-studio' }, `${analysis.verdict}: ${gistOf(analysis)} ${contextOf(analysis)}`),
    ...bySeverity('error'),
    ...doubtsOf(analysis).filter((doubt) => !said.has(doubt)).map((doubt) => {
      const place = analysis.plan.unjudged.find(({ reason }) => reason === doubt);
      return command('warning', { ...(place === undefined ? {} : placeOf(analysis, place)), title: 'undecided' }, `Could not tell whether this can be live patched: ${doubt}`);
    }),
    ...bySeverity('warning'),
    ...bySeverity('info'),
    ...analysis.setAside.map(({ finding, severity, reason, source }) => command('notice', { ...placeOf(analysis, finding), title: finding.rule }, `${severity === 'off' ? 'Set aside' : `Counts as ${severity}`} by ${source} (${reason}): ${finding.message}`)),
  ];
  return commands.map((line) => `${line}\n`).join('');

  function bySeverity(severity: Severity): string[] {
    return findings.filter((finding) => finding.severity === severity).map((finding) => {
      const related = finding.related.length === 0 ? [] : [`See ${placesText(analysis, finding)}`];
      return command(kinds[severity], { ...placeOf(analysis, finding), title: finding.rule }, [finding.message, ...related, ...finding.remedies.map(({ title }) => `Way out: ${title}.`)].join('\n'));
    });
  }
}

/** An annotation is no place for a long list. */
const MOST_PLACES = 5;

function placesText(analysis: Analysis, { related }: Finding): string {
  const { shown, rest } = capped(related, MOST_PLACES);
  const places = shown.map((place) => `${place.path}:${placeOf(analysis, place).line} ${place.message}`).join('; ');
  return `${plural(related.length, 'place')}: ${places}${rest === 0 ? '' : `; and ${rest} more`}`;
}

/** Lines and columns count from 1. GitHub refuses a column for a range over several lines. */
function placeOf(analysis: Analysis, { path, range }: Location): { readonly file: string; readonly line: string; readonly endLine: string; readonly col?: string } {
  const { start, end } = positionsOf(lineStartsOf(analysis, path), range);
  return { file: path, line: String(start.line + 1), endLine: String(end.line + 1), ...(start.line === end.line ? { col: String(start.character + 1) } : {}) };
}

/** `::error file=a.c,line=1::message`; see "Workflow commands for GitHub Actions"; escaped as @actions/core does (command.ts). */
function command(kind: Kind, properties: Readonly<Record<string, string>>, message: string): string {
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapedProperty(printable(value))}`).join(',');
  return `::${kind} ${list}::${escaped(message.split('\n').map(printable).join('\n'))}`;
}

const escaped = (text: string): string => text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');

const escapedProperty = (text: string): string => escaped(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
