/** Heads that gcc splits off and inlines: which functions have one, and whom an edit of it reaches, against gcc. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diffFacts } from '../../server/src/change/diff';
import type { Knowledge } from '../../server/src/kernel/knowledge';
import { makePlan } from '../../server/src/plan/makePlan';
import { extractFacts } from '../../server/src/syntax/extract';
import { readObjectFile, type ObjectFile } from '../sample/object-file';

const before = readFileSync(join(import.meta.dirname, 'fixtures/heads.c'), 'utf8');
const baseline = compiled(before);
const { functions } = extractFacts(before);
const nothing: Knowledge = { ask: () => undefined, config: () => undefined };

it.each(functions.filter(({ isStatic }) => isStatic))('$name has a head where gcc splits it', ({ name, head }) => {
  expect(head !== undefined).toBe(baseline.split.includes(name));
});

it('a head ends with its test', () => {
  const ends = functions.flatMap(({ name, range, head }) => (head === undefined ? [] : [[name, before.slice(range.start, range.start + head.end).trimEnd().split('\n').at(-1)?.trim()]]));
  expect(ends).toEqual([['stop_unless_started', 'return;'], ['limit_of', 'return device->limit;'], ['settle_flagged', 'if (device->flags & 4)']]);
});

describe('an edit', () => {
  it.each([
    { edit: 'of a head', old: 'if (!device->users)\n\t\treturn;\n\tsettle(device, 1);\n\tsettle', now: 'if (!device->limit)\n\t\treturn;\n\tsettle(device, 1);\n\tsettle' },
    { edit: 'of the rest', old: 'settle(device->parent, 2);\n\tstart', now: 'settle(device->parent, 3);\n\tstart' },
    { edit: 'of a head under which all stands', old: 'flags & 4', now: 'flags & 8' },
    { edit: 'of what stands under it', old: 'settle(device, 4);', now: 'settle(device, 6);' },
    { edit: 'that gives a function a head', old: 'long found = 0;\n', now: 'long found = 0;\n\n\tif (!device->users)\n\t\treturn found;\n' },
  ])('$edit reaches whom it reaches in gcc\'s code', ({ old, now }) => {
    const after = before.replace(old, now);
    expect(after).not.toBe(before);
    const facts = { before: extractFacts(before), after: extractFacts(after) };
    const plan = makePlan([diffFacts('heads.c', facts.before, facts.after)], { versions: new Map([['heads.c', facts]]), textOf: () => undefined, knowledge: nothing });
    // What is edited is named in any case; of whom it reaches, gcc tells.
    const [edited, reached] = [true, false].map((isSeed) => plan.objects.flatMap((object) => object.functions.filter(({ via }) => (via.length === 0) === isSeed).map(({ name }) => name)));
    expect(reached).toEqual(changed(compiled(after).object).filter((name) => edited?.includes(name) === false));
  });
});

/** The functions whose machine code differs from the baseline's; a split-off part counts as its function. */
function changed(object: ObjectFile): string[] {
  const names = [...new Set([...baseline.object.functions.keys(), ...object.functions.keys()])];
  return names.filter((name) => baseline.object.functions.get(name)?.fingerprint !== object.functions.get(name)?.fingerprint).sort();
}

// As kernels are compiled, as far as it matters to the inliner (Makefile, KBUILD_CFLAGS).
function compiled(text: string): { readonly object: ObjectFile; readonly split: readonly string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'head-'));
  try {
    const [source, object, dump] = ['heads.c', 'heads.o', 'split'].map((name) => join(folder, name)) as [string, string, string];
    writeFileSync(source, text);
    execFileSync('gcc', ['-O2', '-ffunction-sections', '-fno-strict-aliasing', '-fno-delete-null-pointer-checks', '-fconserve-stack', '-pg', '-mfentry', `-fdump-tree-fnsplit=${dump}`, '-c', '-o', object, source]);
    return { object: readObjectFile(readFileSync(object)), split: [...readFileSync(dump, 'utf8').matchAll(/\b(\w+)\.part\.0 \(struct/g)].map(([, name = '']) => name) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
