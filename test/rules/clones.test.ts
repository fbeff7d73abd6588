/** optimized-clone against gcc: where the rule speaks, the copies of a static function that the object file holds differ; where it is silent, they do not. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { analyzed, parse } from './fixture';

const folder = join(import.meta.dirname, 'fixtures/optimized-clone');

it.each(['another-constant.c', 'same-constant-now.c', 'left-alone.c', 'noclone.c'])('%s', async (name) => {
  const input = parse(readFileSync(join(folder, name), 'utf8'));
  const { analysis } = await analyzed(input);
  const [before] = input.before.values();
  const [after] = input.after.values();
  const isSaid = analysis.findings.some(({ rule }) => rule === 'optimized-clone');
  expect(isSaid).toBe(functionsOf(before ?? '').join(' ') !== functionsOf(after ?? '').join(' '));
});

/** The static functions gcc -O2 makes, clones under their suffix. */
function functionsOf(text: string): string[] {
  const work = mkdtempSync(join(tmpdir(), 'clones-'));
  try {
    const source = join(work, 'demo.c');
    writeFileSync(source, `#define noinline __attribute__((noinline))\n#define __noclone __attribute__((noclone))\nstruct demo;\nint demo_take(struct demo *, int);\nint demo_put(struct demo *, int);\n${text}\n`);
    execFileSync('gcc', ['-O2', '-c', source, '-o', join(work, 'demo.o')]);
    return execFileSync('nm', [join(work, 'demo.o')], { encoding: 'utf8' }).split('\n').flatMap((line) => / t (\S+)$/.exec(line)?.[1] ?? []).sort();
  } finally {
    rmSync(work, { recursive: true });
  }
}
