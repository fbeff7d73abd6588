/** What `check` prints in each format, and its exit status, which no format changes. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cli, sample, sampleEdits } from './program';

/** Edits by verdict; the third is patchable with a warning. */
const statuses: readonly [edit: string, byDefault: number, onWarning: number][] = [['notrace', 1, 1], ['clean', 0, 0], ['struct-hole', 0, 1]];

it.each(['human', 'json', 'sarif', 'github'])('%s: the exit status goes by the verdict and --fail-on', (format) => {
  for (const [edit, byDefault, onWarning] of statuses) {
    const status = (...args: readonly string[]): number | null => cli(['check', sample, '--patch', join(sampleEdits, `${edit}.patch`), '--format', format, ...args]).status;
    expect([edit, status(), status('--fail-on', 'warning'), status('--fail-on', 'never')]).toEqual([edit, byDefault, onWarning, 0]);
  }
});

it('the same findings in each', () => {
  const patch = join(sampleEdits, 'waiting.patch');
  const print = (format: string): string => cli(['check', sample, '--patch', patch, '--format', format]).stdout;
  const found = (JSON.parse(print('json')) as { findings: { rule: string; file: string; range: { start: { line: number; character: number } } }[] }).findings
    .map(({ rule, file, range: { start } }) => `${file}:${start.line + 1}:${start.character + 1} ${rule}`).sort();
  expect(found.length).toBeGreaterThan(3);
  const sarif = JSON.parse(print('sarif')) as { runs: [{ results: { ruleId: string; locations: [{ physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number; startColumn: number } } }] }[] }] };
  expect(sarif.runs[0].results.map(({ ruleId, locations: [{ physicalLocation: { artifactLocation, region } }] }) => `${artifactLocation.uri}:${region.startLine}:${region.startColumn} ${ruleId}`).sort()).toEqual(found);
  const github = print('github').trimEnd().split('\n').slice(1);
  expect(github.map((line) => line.replace(/^::\w+ file=(.*?),line=(\d+),endLine=\d+,col=(\d+),title=([\w-]+)::.*$/, '$1:$2:$3 $4')).sort()).toEqual(found);
  const human = print('human');
  expect([...human.matchAll(/^ {2}(\S+:\d+:\d+): (?:error|warning|info): .* \[([\w-]+)\]$/gm)].map(([, place = '', rule = '']) => `${place} ${rule}`).sort()).toEqual(found);
});
