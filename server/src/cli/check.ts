/** `livepatch-studio check`: judges an edit. */
import { checkJson } from '../report/check';
import { checkText } from '../report/human';
import { colored, plain } from '../report/style';
import type { Analysis } from '../result';
import { judgeEdit } from './input';
import { choice, editOptions, parseCommandLine, wholeNumber } from './options';
import { exit, type ExitStatus, type Terminal } from './terminal';
import { tool } from './version';

export async function check(args: readonly string[], terminal: Terminal): Promise<ExitStatus> {
  const line = parseCommandLine(args, { ...editOptions, format: { type: 'string' }, 'fail-on': { type: 'string' }, jobs: { type: 'string' } }, terminal);
  const format = choice(line, 'format', ['human', 'json'], ['sarif', 'github']);
  const failOn = choice(line, 'fail-on', ['error', 'warning', 'never']);
  // Taken and checked for scripts that give it; one edit is judged in a single thread.
  wholeNumber(line, 'jobs', 1);
  const { analysis, textOf } = await judgeEdit(line, terminal);
  terminal.out(format === 'json' ? `${JSON.stringify(checkJson(analysis, tool), undefined, 2)}\n` : checkText(analysis, { style: terminal.color ? colored : plain, textOf, ...(terminal.columns === undefined ? {} : { width: terminal.columns }) }));
  return statusOf(analysis, failOn);
}

function statusOf(analysis: Analysis, failOn: 'error' | 'warning' | 'never'): ExitStatus {
  if (failOn === 'never') return exit.patchable;
  if (failOn === 'warning' && analysis.findings.some((finding) => finding.severity === 'warning')) return exit.unpatchable;
  return exit[analysis.verdict];
}
