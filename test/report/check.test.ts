import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { checkJson } from '../../server/src/report/check';
import type { Analysis } from '../../server/src/result';
import { analysis } from './analysis';

const tool = { name: 'livepatch-studio', version: '1.2.3' };
const schema = JSON.parse(readFileSync(fileURLToPath(new URL('../../docs/schemas/check.schema.json', import.meta.url)), 'utf8')) as object;
const validate = new Ajv({ allErrors: true }).compile(schema);

describe('check as JSON', () => {
  it('says everything the contract names, in a stable order', () => {
    expect(checkJson(analysis, tool)).toEqual({
      schema: 1,
      tool,
      kernelVersion: '6.1.192',
      profile: 'klp-build',
      verdict: 'unpatchable',
      reasons: ['other cannot be traced', 'fs/z.bin: holds NUL bytes'],
      objects: [
        {
          name: 'vmlinux',
          module: false,
          functions: [
            { name: 'helper', file: 'fs/x.c', line: 0, change: 'changed', verdict: 'patchable', evidence: 'source' },
            { name: 'caller', file: 'fs/x.c', line: 5, change: 'reached', via: ['helper'], verdict: 'patchable', evidence: 'source' },
          ],
        },
        { name: 'y', module: true, functions: [{ name: 'other', file: 'fs/y.c', line: 0, change: 'changed', verdict: 'unpatchable', evidence: 'symbols' }] },
      ],
      findings: [
        {
          rule: 'inlined-callers', severity: 'info', file: 'fs/x.c', range: { start: { line: 0, character: 11 }, end: { line: 0, character: 17 } }, function: 'helper',
          message: 'helper is inlined into caller', evidence: 'source',
          related: [{ file: 'fs/x.c', range: { start: { line: 5, character: 4 }, end: { line: 5, character: 10 } }, message: 'into caller' }], remedies: [],
        },
        {
          rule: 'notrace', severity: 'error', file: 'fs/y.c', range: { start: { line: 0, character: 12 }, end: { line: 0, character: 17 } }, function: 'other',
          message: 'other cannot be traced', evidence: 'symbols', related: [], remedies: [{ kind: 'patch-callers', title: 'Patch the callers' }],
        },
      ],
    });
  });

  it('does not hang on the order in which findings were found', () => {
    const reversed: Analysis = { ...analysis, findings: [...analysis.findings].reverse() };
    expect(JSON.stringify(checkJson(reversed, tool))).toBe(JSON.stringify(checkJson(analysis, tool)));
  });

  it('is what the schema describes, and the schema allows nothing else', () => {
    const document = JSON.parse(JSON.stringify(checkJson({ ...analysis, kernelVersion: undefined }, tool))) as Record<string, unknown>;
    expect(document['kernelVersion']).toBeNull();
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...document, extra: 1 })).toBe(false);
    expect(validate({ ...document, verdict: 'maybe' })).toBe(false);
    const withoutReasons = Object.fromEntries(Object.entries(document).filter(([name]) => name !== 'reasons'));
    expect(validate(withoutReasons)).toBe(false);
  });
});
