/** SARIF of every rule's fixtures, held against the standard's schema, and read back: places, fixes, fingerprints. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import Ajv from 'ajv-draft-04';
import type { Region, ReportingDescriptor, Result, Run } from 'sarif';
import { describe, expect, it } from 'vitest';
import { checkSarif } from '../../server/src/report/sarif';
import type { Analysis } from '../../server/src/result';
import { analyzed, applied, parse, type Input } from '../rules/fixture';
import { analysis } from './analysis';

const root = join(import.meta.dirname, '../..');
// The package is for another test runner; of it only the standard's schema is used.
const schemaFile = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
const isDate = (text: string): boolean => !Number.isNaN(Date.parse(text));
const validate = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false, formats: { uri: (text) => URL.canParse(text), 'uri-reference': (text) => URL.canParse(text, 'file:///'), 'date-time': isDate } }).compile(
  JSON.parse(readFileSync(schemaFile, 'utf8')) as object,
);

const options = { tool: { name: 'livepatch-studio', version: '1.2.3' }, manualOf: (rule: string) => pathToFileURL(join(root, 'docs/rules', `${rule}.md`)).href };

function runOf(judged: Analysis): Run {
  const log = JSON.parse(JSON.stringify(checkSarif(judged, options))) as { runs: [Run] };
  expect(validate(log), JSON.stringify(validate.errors, undefined, 1)).toBe(true);
  return log.runs[0];
}

const results = (run: Run): Result[] => run.results ?? [];
const rules = (run: Run): ReportingDescriptor[] => run.tool.driver.rules ?? [];

/** The offset of a line and column that count from 1. */
function offsetOf(text: string, line = 1, column = 1): number {
  return text.split('\n').slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
}

const span = (text: string, { startLine, startColumn, endLine, endColumn }: Region = {}): [number, number] => [offsetOf(text, startLine, startColumn), offsetOf(text, endLine, endColumn)];

/** The texts after a fix, as a reader of the file would make them. */
function fixed(input: Input, fix: NonNullable<Result['fixes']>[number]): Map<string, string> {
  const texts = new Map(input.after);
  for (const { artifactLocation, replacements } of fix.artifactChanges) {
    const path = decodeURIComponent(artifactLocation.uri ?? '');
    const text = texts.get(path) ?? input.tree.get(path) ?? '';
    const ordered = [...replacements].reverse().sort((one, other) => span(text, other.deletedRegion)[0] - span(text, one.deletedRegion)[0]);
    texts.set(path, ordered.reduce((now, { deletedRegion, insertedContent }) => now.slice(0, span(text, deletedRegion)[0]) + (insertedContent?.text ?? '') + now.slice(span(text, deletedRegion)[1]), text));
  }
  return texts;
}

const folder = join(import.meta.dirname, '../rules/fixtures');
const cases = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.c'));
const seen = { fixes: 0, flows: 0, open: 0, rules: new Set<string>() };

describe('SARIF', () => {
  it.each(cases)('%s', async (name) => {
    const { input, analysis: judged } = await analyzed(parse(readFileSync(join(folder, name), 'utf8')));
    const run = runOf(judged);
    for (const { id, helpUri = '' } of rules(run)) {
      seen.rules.add(id);
      if (id !== 'undecided') expect(existsSync(fileURLToPath(helpUri)), helpUri).toBe(true);
    }
    for (const result of results(run)) {
      expect(rules(run)[result.ruleIndex ?? -1]?.id).toBe(result.ruleId);
      seen.flows += result.codeFlows?.length ?? 0;
      seen.open += result.kind === 'open' ? 1 : 0;
    }
    // Each mechanical way out does what the editor's quick fix does.
    const fixes = results(run).flatMap((result) => result.fixes ?? []);
    const wanted = run.results === undefined ? [] : inOrder(judged, run).map((edits) => applied(input, edits));
    expect(fixes.map((fix) => fixed(input, fix))).toEqual(wanted);
    seen.fixes += fixes.length;
    // Lines put in above change no fingerprint.
    const shift = (texts: ReadonlyMap<string, string>): Map<string, string> => new Map([...texts].map(([path, text]) => [path, /\.[ch]$/.test(path) ? `\n\n\n${text}` : text]));
    const shifted = runOf((await analyzed({ ...input, before: shift(input.before), after: shift(input.after) })).analysis);
    expect(prints(shifted).sort()).toEqual(prints(run).sort());
    expect(new Set(prints(run)).size).toBe(prints(run).length);
  });

  it('the fixtures have everything it can say', () => {
    expect(seen.rules.size).toBeGreaterThan(50);
    expect([seen.fixes > 10, seen.flows > 10, seen.open > 5]).toEqual([true, true, true]);
  });

  it('a finding has its place, its level, its way and its ways out', () => {
    const through: Analysis = { ...analysis, findings: analysis.findings.map((finding) => (finding.rule === 'inlined-callers' ? { ...finding, through: 'caller' } : finding)) };
    const [info, error] = results(runOf(through));
    expect(error).toMatchObject({
      ruleId: 'notrace', kind: 'fail', level: 'error', message: { text: 'other cannot be traced\nWay out: Patch the callers.' }, suppressions: [],
      locations: [{ physicalLocation: { artifactLocation: { uri: 'fs/y.c', uriBaseId: '%SRCROOT%' }, region: { startLine: 1, startColumn: 13, endLine: 1, endColumn: 18 } }, logicalLocations: [{ name: 'other', kind: 'function' }] }],
      properties: { evidence: 'symbols', remedies: [{ kind: 'patch-callers', title: 'Patch the callers' }] },
    });
    expect(info?.codeFlows?.[0]?.threadFlows[0]?.locations.map(({ location }) => [location?.message?.text, location?.physicalLocation?.region?.startLine])).toEqual([['helper is edited', 1], ['into caller', 6]]);
  });

  it('what was set aside is there, suppressed, with who decided it and why; what counts for less is a note', () => {
    const [error, info] = analysis.findings as [Analysis['findings'][0], Analysis['findings'][0]];
    const setAside = [
      { finding: error, severity: 'off' as const, reason: 'nobody calls it', source: 'livepatch-studio.json:3' },
      { finding: { ...error, rule: 'init-code' }, severity: 'off' as const, reason: 'done in a callback', source: 'a comment in fs/y.c:1' },
      { finding: { ...info, severity: 'warning' as const }, severity: 'info' as const, reason: 'known', source: 'livepatch-studio.json:9' },
    ];
    const run = runOf({ ...analysis, reasons: ['fs/z.bin: holds NUL bytes'], findings: [info], setAside });
    const at = (uri: string, startLine: number): object => ({ physicalLocation: { artifactLocation: { uri, uriBaseId: '%SRCROOT%' }, region: { startLine } } });
    expect(results(run).map(({ ruleId, suppressions }) => [ruleId, suppressions])).toEqual([
      ['inlined-callers', []],
      ['notrace', [{ kind: 'external', status: 'accepted', justification: 'nobody calls it', location: at('livepatch-studio.json', 3) }]],
      ['init-code', [{ kind: 'inSource', status: 'accepted', justification: 'done in a callback', location: at('fs/y.c', 1) }]],
    ]);
    expect(run.invocations?.[0]?.toolExecutionNotifications?.map(({ message }) => message.text)).toEqual(['fs/z.bin: holds NUL bytes', 'inlined-callers counts as info by livepatch-studio.json:9 (known): helper is inlined into caller']);
  });

  it('what could not be told is open, at its place', () => {
    const reason = 'initcalls are not judged yet';
    const run = runOf({ ...analysis, findings: [], verdict: 'undecided', reasons: [reason], plan: { objects: [], unjudged: [{ path: 'fs/x.c', range: { start: 4, end: 9 }, reason }] } });
    expect(results(run)).toMatchObject([{ ruleId: 'undecided', kind: 'open', level: 'none', message: { text: reason } }]);
    expect(run.properties).toMatchObject({ verdict: 'undecided', reasons: [reason], profile: 'klp-build', kernelVersion: '6.1.192' });
  });

  it('a path is a URI', () => {
    const odd: Analysis = { ...analysis, findings: analysis.findings.map((finding) => ({ ...finding, path: 'drivers/a b#1%.c' })) };
    expect(results(runOf(odd))[0]?.locations?.[0]?.physicalLocation?.artifactLocation?.uri).toBe('drivers/a%20b%231%25.c');
  });
});

const prints = (run: Run): (string | undefined)[] => results(run).flatMap(({ partialFingerprints }) => (partialFingerprints === undefined ? [] : [partialFingerprints['livepatchStudioFinding/v1']]));

/** The edits of the findings' fixes, in the order of the results. */
function inOrder(judged: Analysis, run: Run): ReturnType<NonNullable<Analysis['findings'][0]['remedies'][0]['fix']>['edits']>[] {
  const left = [...judged.findings];
  return results(run).flatMap(({ ruleId, message }) => {
    const index = left.findIndex((finding) => finding.rule === ruleId && message.text?.startsWith(finding.message) === true);
    const [finding] = index === -1 ? [] : left.splice(index, 1);
    return (finding?.remedies ?? []).flatMap(({ fix }) => {
      const edits = fix?.edits() ?? [];
      return edits.length === 0 ? [] : [edits];
    });
  });
}
