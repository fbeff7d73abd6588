/** Whom a change of a function reaches that is handed on to be called, against whose machine code gcc changes. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { diffFacts } from '../../server/src/change/diff';
import type { Knowledge } from '../../server/src/kernel/knowledge';
import { makePlan } from '../../server/src/plan/makePlan';
import { extractFacts } from '../../server/src/syntax/extract';
import { readObjectFile, withoutCloneSuffix } from '../sample/object-file';

const fixtures = join(import.meta.dirname, 'fixtures');
const text = readFileSync(join(fixtures, 'handed.c'), 'utf8');
const marks = [...text.matchAll(/MARK\((\w+)\)/g)].map(([, name = '']) => name);
const nothing: Knowledge = { ask: () => undefined, config: () => undefined };
const folder = mkdtempSync(join(tmpdir(), 'handed-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
copyFileSync(join(fixtures, 'handed.h'), join(folder, 'handed.h'));
const before = marked();
const was = compiled(before);

it('has functions of each kind', () => {
  expect(marks).toEqual(['demo_release', 'settle', 'forget', 'visit_one', 'visit_other', 'visit_third', 'match_state', 'call_once', 'later']);
});

describe.each(marks)('%s', (name) => {
  const after = marked(name);
  const facts = { before: extractFacts(before), after: extractFacts(after) };
  const plan = makePlan([diffFacts('demo.c', facts.before, facts.after)], { versions: new Map([['demo.c', facts]]), knowledge: nothing, textOf: (_path, version) => (version === 'before' ? before : after) });
  const is = compiled(after);
  const planned = plan.objects.flatMap(({ functions }) => functions);

  it('reaches the functions that gcc compiles differently', () => {
    const changed = [...is.keys()].filter((one) => is.get(one) !== was.get(one));
    expect(planned.filter((one) => one.ownSymbol !== 'no').map((one) => one.name).sort()).toEqual(changed.sort());
  });

  it('has a symbol where gcc leaves it one', () => {
    expect(planned.find((one) => one.name === name)?.ownSymbol).toBe(is.has(name) ? 'yes' : 'no');
  });
});

/** The text, in which the function called `edited` multiplies and adds with another number. */
function marked(edited?: string): string {
  return text.replace(/MARK\((\w+)\)/g, (_all, name: string) => (name === edited ? '77' : '33'));
}

/** What each function's machine code is, gcc's copies with it. */
function compiled(source: string): Map<string, string> {
  const [file, object] = [join(folder, 'handed.c'), join(folder, 'handed.o')];
  writeFileSync(file, source);
  // As kernels are compiled, as far as it matters to the inliner (Makefile, KBUILD_CFLAGS).
  execFileSync('gcc', ['-O2', '-fno-strict-aliasing', '-fno-delete-null-pointer-checks', '-fconserve-stack', '-pg', '-mfentry', '-ffunction-sections', '-c', '-o', object, file]);
  const codes = new Map<string, string>();
  for (const [name, { fingerprint }] of readObjectFile(readFileSync(object)).functions) {
    const own = withoutCloneSuffix(name);
    codes.set(own, `${codes.get(own) ?? ''}${fingerprint}`);
  }
  return codes;
}
