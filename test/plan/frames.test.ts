/** Functions called once that gcc does not inline, as the caller's stack frame would grow too large: which they are, against gcc. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Knowledge } from '../../server/src/kernel/knowledge';
import { Frames } from '../../server/src/plan/frames';
import { inliningOf, isCalledOnce } from '../../server/src/plan/inlining';
import { unitOf } from '../../server/src/plan/unit';
import { extractFacts } from '../../server/src/syntax/extract';
import { readObjectFile } from '../sample/object-file';

const path = join(import.meta.dirname, 'fixtures/frames.c');
const facts = extractFacts(readFileSync(path, 'utf8'));
const unit = unitOf(facts);
const nothing: Knowledge = { ask: () => undefined, config: () => undefined };
const called = facts.functions.filter((fact) => isCalledOnce(inliningOf(fact, unit)));
const symbols = compiled();

it('there are functions of both kinds', () => {
  expect(new Set(called.map(({ name }) => symbols.has(name)))).toEqual(new Set([true, false]));
});

it.each(called)('$name has a symbol of its own where gcc left it one', (fact) => {
  const frames = new Frames('frames.c', { versions: new Map([['frames.c', { before: facts, after: facts }]]), knowledge: nothing });
  expect(frames.ownSymbol(fact, unit) === 'yes').toBe(symbols.has(fact.name));
  expect(frames.inliningOf(fact, unit).inlined).toBe(!symbols.has(fact.name));
});

it('a frame of which a part is not known keeps nothing apart', () => {
  const text = 'extern void fill(void *into);\nstatic void callee(void)\n{\n\tchar text[200];\n\n\tfill(text);\n}\n\nvoid caller(void)\n{\n\tstruct elsewhere local;\n\n\tfill(&local);\n\tcallee();\n}\n';
  const one = extractFacts(text);
  const [callee] = one.functions;
  const frames = new Frames('x.c', { versions: new Map([['x.c', { before: one, after: one }]]), knowledge: nothing });
  expect(callee === undefined ? undefined : frames.ownSymbol(callee, unitOf(one))).toBe('no');
});

// As kernels are compiled, as far as it matters to the inliner (Makefile, KBUILD_CFLAGS).
function compiled(): ReadonlySet<string> {
  const folder = mkdtempSync(join(tmpdir(), 'frames-'));
  try {
    const object = join(folder, 'frames.o');
    execFileSync('gcc', ['-O2', '-ffunction-sections', '-fno-strict-aliasing', '-fno-delete-null-pointer-checks', '-fconserve-stack', '-pg', '-mfentry', '-c', '-o', object, path]);
    return new Set(readObjectFile(readFileSync(object)).functions.keys());
  } finally {
    rmSync(folder, { recursive: true });
  }
}
