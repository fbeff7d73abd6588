/** `livepatch-studio check`: judges an edit. */
import { manualUri } from '../host/manual';
import { checkJson } from '../report/check';
import { checkGithub } from '../report/github';
import { checkText } from '../report/human';
import { checkSarif } from '../report/sarif';
import { colored, plain } from '../report/style';
import type { Analysis } from '../result';
import { judgeEdit, type Judged } from './input';
import { jsonText } from './jsonText';
import { choice, editOptions, parseCommandLine } from './options';
import { exit, type ExitStatus, type Terminal } from './terminal';
import { tool } from '../report/tool';

export async function check(args: readonly string[], terminal: Terminal): Promise<ExitStatus> {
  const line = parseCommandLine(args, { ...editOptions, format: { type: 'string' }, 'fail-on': { type: 'string' }, jobs: { type: 'string' } }, terminal);
  const format = choice(line, 'format', ['human', 'json', 'sarif', 'github']);
  const failOn = choice(line, 'fail-on', ['error', 'warning', 'never']);
  const { analysis, textOf } = await judgeEdit(line, terminal);
  terminal.out(reports[format](analysis, terminal, textOf));
  return statusOf(analysis, failOn);
}

const reports: Readonly<Record<'human' | 'json' | 'sarif' | 'github', (analysis: Analysis, terminal: Terminal, textOf: Judged['textOf']) => string>> = {
  human: (analysis, { color, columns }, textOf) => checkText(analysis, { style: color ? colored : plain, textOf, ...(columns === undefined ? {} : { width: columns }) }),
  json: (analysis) => jsonText(checkJson(analysis, tool)),
  sarif: (analysis) => jsonText(checkSarif(analysis, { tool, manualOf: manualUri })),
  github: checkGithub,
};

function statusOf(analysis: Analysis, failOn: 'error' | 'warning' | 'never'): ExitStatus {
  if (failOn === 'never') return exit.patchable;
  if (failOn === 'warning' && analysis.findings.some((finding) => finding.severity === 'warning')) return exit.unpatchable;
  return exit[analysis.verdict];
}
