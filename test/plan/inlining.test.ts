/** What the plan thinks of inlining, against gcc on functions whose size leaves no doubt. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { inliningOf, ownSymbol } from '../../server/src/plan/inlining';
import { unitOf } from '../../server/src/plan/unit';
import { extractFacts } from '../../server/src/syntax/extract';
import { readObjectFile } from '../sample/object-file';

const source = join(import.meta.dirname, 'fixtures/inlining.c');
const facts = extractFacts(readFileSync(source, 'utf8'));
const unit = unitOf(facts);
const folder = mkdtempSync(join(tmpdir(), 'inlining-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

// As kernels are compiled, as far as it matters to the inliner (Makefile, KBUILD_CFLAGS).
execFileSync('gcc', ['-O2', '-fno-strict-aliasing', '-fno-delete-null-pointer-checks', '-fconserve-stack', '-pg', '-mfentry', `-fdump-ipa-fnsummary=${join(folder, 'summary')}`, '-c', '-o', join(folder, 'out.o'), source]);
const symbols = readObjectFile(readFileSync(join(folder, 'out.o'))).functions;
const sizes = new Map([...readFileSync(join(folder, 'summary'), 'utf8').matchAll(/^IPA function summary for (\w+)\/.*\n.*\n\s+self size:\s+(\d+)/gm)].map(([, name = '', size]) => [name, Number(size)]));

describe.each(facts.functions.filter(({ isStatic }) => isStatic))('$name', (fact) => {
  const { inlined, isSure, likelihood } = inliningOf(fact, unit);

  it('has a symbol where gcc leaves it one', () => {
    expect(isSure || likelihood >= 0.7 || likelihood <= 0.2).toBe(true);
    expect(inlined).toBe(!symbols.has(fact.name));
    expect(ownSymbol(fact, unit)).toBe(symbols.has(fact.name) ? 'yes' : 'no');
  });

  it('is of the size gcc takes it for', () => {
    // gcc has put the smallest into their callers before it counts, and counts them no more.
    const size = sizes.get(fact.name);
    if (size === undefined) expect(inlined).toBe(true);
    else expect(Math.abs(fact.bodySize - size)).toBeLessThanOrEqual(Math.max(3, size / 4));
  });
});
