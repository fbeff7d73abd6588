/** Decisions about findings: what is read, what is refused at its line, and that no verdict rests on one without a word. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyze, type Analysis } from '../../server/src/analysis';
import { readPolicy } from '../../server/src/policy/policy';
import { memoryHost } from '../support/memoryHost';

const SLUGS = new Set(['variable-initializer', 'init-code']);
const problems = (text: string): string[] => readPolicy(text, SLUGS).problems.map(({ line, message }) => `${line}: ${message}`);
const decision = (extra: object): string => JSON.stringify({ rules: [{ rule: 'init-code', severity: 'off', reason: 'because', ...extra }] });

describe('livepatch-studio.json', () => {
  it.each([
    ['{}', []],
    [decision({}), []],
    ['{\n  "ruls": [],\n  "rules": []\n}', ['2: unknown key "ruls"; known are rules']],
    ['{"rules": [\n{"rule": "init-code", "severity": "off", "reason": "a", "path": "x"}]}', ['2: unknown key "path"; known are rule, paths, severity, reason']],
    ['{"rules": [\n\n{"rule": "no-such", "severity": "off", "reason": "a"}]}', ['3: there is no rule "no-such"']],
    [decision({ severity: 'fatal' }), ['1: "severity" is one of "off", "info", "warning", "error"']],
    [decision({ reason: ' ' }), ['1: "reason" says why, for those who read the report']],
    [decision({ paths: 'fs' }), ['1: "paths" is a list of patterns such as "drivers/net/**"']],
    ['{"rules": {}}', ['1: "rules" is a list of decisions']],
    ['[]', ['1: an object is expected']],
    ['{"rules": [7]}', ['1: a decision is an object with "rule", "severity" and "reason"']],
    ['{"rules": [', ['1: not JSON: CloseBracketExpected', '1: not JSON: CloseBraceExpected']],
  ])('%s', (text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  it('accepts what the schema accepts, but for names of rules', () => {
    const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../docs/schemas/livepatch-studio.schema.json'), 'utf8')) as object;
    const valid = new Ajv({ allErrors: true, strict: false }).compile(schema);
    const value = fc.oneof(fc.constantFrom<unknown>('init-code', 'off', 'error', 'because', 'fs/**', '', 7, null, [], ['fs/**'], [''], {}), fc.jsonValue());
    const entry = fc.record({ rule: fc.constantFrom<unknown>('init-code', '*', 7), severity: value, reason: value, paths: value, other: value }, { requiredKeys: [] });
    fc.assert(fc.property(fc.record({ rules: fc.oneof(fc.array(entry), value), $schema: fc.constant('x'), more: value }, { requiredKeys: [] }), (document) => {
      // A reason of white space alone is more than a schema can refuse.
      fc.pre(!/"reason":"\s+"/.test(JSON.stringify(document)));
      expect(problems(JSON.stringify(document)).length === 0).toBe(valid(document));
    }), { seed: 20261121, numRuns: 500 });
  });

  it('reads any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => { readPolicy(text, SLUGS); }), { seed: 20261121 });
  });
});

const before = 'int demo_limit = 1;\n\nint demo(void)\n{\n\treturn demo_limit;\n}\n';
const after = before.replace('= 1', '= 2');

async function judged(text: string, policy?: string): Promise<Analysis> {
  const tree = new Map([['Makefile', 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 192\n'], ['Kbuild', 'obj-y += kernel/\n'], ['kernel/Makefile', 'obj-y += demo.o\n'], ['kernel/demo.c', text], ...(policy === undefined ? [] : [['livepatch-studio.json', policy] as const])]);
  return analyze([{ path: 'kernel/demo.c', before, after: text }], { root: '/tree', host: memoryHost('/tree', tree) }, { profile: 'klp-build', kernelVersion: '6.1.192' });
}

const shown = ({ verdict, reasons, findings }: Analysis): unknown => ({ verdict, reasons: reasons.map((reason) => reason.replace(/\): .*$/, ')')), findings: findings.map(({ rule, severity }) => `${rule} ${severity}`) });

describe('a finding that was decided about', () => {
  const set = (entry: object): string => JSON.stringify({ rules: [{ rule: 'variable-initializer', reason: 'the callback writes it', ...entry }] });

  it('counts without a decision', async () => {
    expect(await judged(after)).toMatchObject({ verdict: 'unpatchable', setAside: [] });
  });

  it.each([
    ['off', 'patchable', [], 'is set aside'],
    ['warning', 'patchable', ['variable-initializer warning'], 'counts as warning'],
  ])('%s: the report says that the verdict rests on it', async (severity, verdict, findings, how) => {
    expect(shown(await judged(after, set({ severity })))).toEqual({ verdict, findings, reasons: [`variable-initializer ${how} by livepatch-studio.json:1 (the callback writes it)`] });
  });

  it('may be about some files only', async () => {
    expect((await judged(after, set({ severity: 'off', paths: ['fs/**'] }))).verdict).toBe('unpatchable');
    expect((await judged(after, set({ severity: 'off', paths: ['fs/**', 'kernel/*.c'] }))).verdict).toBe('patchable');
  });

  it('the last decision that fits counts', async () => {
    const two = JSON.stringify({ rules: [{ rule: '*', severity: 'off', reason: 'all' }, { rule: 'variable-initializer', severity: 'error', reason: 'but this' }] });
    expect((await judged(after, two)).verdict).toBe('unpatchable');
  });

  it.each([
    ['above', '/* livepatch-studio-allow variable-initializer: the callback writes it */\n', 'patchable'],
    ['above, over two lines', '/*\n * livepatch-studio-allow variable-initializer: the callback\n * writes it\n */\n', 'patchable'],
    ['two lines above', '// livepatch-studio-allow variable-initializer: the callback writes it\n\n', 'unpatchable'],
    ['for another rule', '/* livepatch-studio-allow init-code: the callback writes it */\n', 'unpatchable'],
    ['without a reason', '/* livepatch-studio-allow variable-initializer */\n', 'unpatchable'],
    ['for no rule there is', '/* livepatch-studio-allow no-such: because */\n', 'unpatchable'],
  ])('a comment %s', async (_, comment, verdict) => {
    const analysis = await judged(comment + after);
    expect(analysis.verdict).toBe(verdict);
    if (verdict === 'patchable') expect(analysis.reasons).toEqual([expect.stringMatching(/^variable-initializer is set aside by a comment in kernel\/demo\.c:1 \(the callback writes it\)/)]);
  });

  it('says what is wrong with a comment, at its place', async () => {
    const text = `int other;\n/* livepatch-studio-allow variable-initializer */\n${after}`;
    const { policyProblems } = await judged(text);
    expect(policyProblems).toEqual([{ path: 'kernel/demo.c', line: 2, range: { start: 11, end: 11 + '/* livepatch-studio-allow variable-initializer */'.length }, message: expect.stringContaining('gives no reason') as string }]);
  });
});
