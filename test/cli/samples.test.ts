/** Every sample edit through the command line, against what its expectation (held against gcc elsewhere) says. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import type { CheckJson } from '../../server/src/report/check';
import { cli, listing, sample, sampleEdits } from './program';

interface ExpectedFunction {
  readonly name: string;
  readonly file: string;
  readonly change: string;
  readonly via?: readonly string[];
}

interface Expectation {
  readonly verdict: string;
  readonly exit: number;
  readonly functions: Readonly<Record<string, readonly ExpectedFunction[]>>;
  readonly rules: readonly { readonly rule: string; readonly severity: string; readonly file: string; readonly function?: string; readonly symbol?: string; readonly through?: string }[];
}

const schema = JSON.parse(readFileSync(fileURLToPath(new URL('../../docs/schemas/check.schema.json', import.meta.url)), 'utf8')) as object;
const validate = new Ajv({ allErrors: true }).compile(schema);
const names = readdirSync(sampleEdits).filter((name) => name.endsWith('.patch')).map((name) => name.slice(0, -'.patch'.length)).sort();

const byPlace = (one: { file: string; name: string }, other: { file: string; name: string }): number => `${one.file} ${one.name}`.localeCompare(`${other.file} ${other.name}`, 'en');

describe('the sample edits', () => {
  it('are there, and leave the tree as it is', () => {
    expect(names.length).toBeGreaterThan(15);
    const before = listing(sample);
    for (const name of names.slice(0, 3)) cli(['check', sample, '--patch', join(sampleEdits, `${name}.patch`)]);
    expect(listing(sample)).toEqual(before);
  });

  it.each(names)('%s', (name) => {
    const expected = JSON.parse(readFileSync(join(sampleEdits, `${name}.json`), 'utf8')) as Expectation;
    const { status, stdout, stderr } = cli(['check', sample, '--patch', join(sampleEdits, `${name}.patch`), '--format', 'json']);
    expect(stderr).toBe('');
    const document = JSON.parse(stdout) as CheckJson;
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);

    const functions = Object.fromEntries(
      document.objects.filter((object) => object.functions.length > 0).map((object) => [
        object.name,
        object.functions.map(({ name: function_, file, change, via }) => ({ name: function_, file, change, ...(via === undefined ? {} : { via }) })).sort(byPlace),
      ]),
    );
    const wanted = Object.fromEntries(Object.entries(expected.functions).map(([object, list]) => [object, [...list].sort(byPlace)]));
    const findings = document.findings.map((finding) => ({
      rule: finding.rule, severity: finding.severity, file: finding.file,
      ...(finding.function === undefined ? {} : { function: finding.function }), ...(finding.symbol === undefined ? {} : { symbol: finding.symbol }),
    }));
    expect({ verdict: document.verdict, exit: status, functions }).toEqual({ verdict: expected.verdict, exit: expected.exit, functions: wanted });
    for (const { through, ...finding } of expected.rules) {
      expect(findings).toContainEqual(expect.objectContaining(finding));
      // The JSON names the function that holds the edited one's code where the way ends.
      if (through !== undefined) expect(document.findings.find((each) => each.rule === finding.rule)?.related.map((related) => related.message)).toContain(`into ${through}`);
    }
    // And no rule speaks that should not.
    expect([...new Set(findings.map((finding) => finding.rule))].sort()).toEqual([...new Set(expected.rules.map((rule) => rule.rule))].sort());
  });
});
