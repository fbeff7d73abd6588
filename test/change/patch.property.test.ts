/** Our patch application against git apply: any edit, applied to the text it was made from and to one that moved on. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyPatches } from '../../server/src/change/patch';

let folder: string;
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'livepatch-patch-')); });
afterAll(() => { rmSync(folder, { recursive: true }); });

/** Few different lines, so that hunks find several places that nearly fit; empty ones and CR LF among them. */
const line = fc.constantFrom('', 'a', 'b', '\tif (x)', '{', '}', 'return 0;\r', '-- ', '--- c', '+++ c', '@@ -1 +1 @@', '\\ c', ' ');
const lines = fc.array(line, { maxLength: 40 });
const ending = fc.constantFrom('', '\n');
const text = fc.tuple(lines, ending).map(([all, end]) => (all.length === 0 ? '' : all.join('\n') + end));

/** A few lines replaced here and there. */
const edits = fc.array(fc.record({ at: fc.nat(60), remove: fc.nat(3), add: fc.array(line, { maxLength: 3 }) }), { minLength: 1, maxLength: 4 });

function edited(before: string, changes: { at: number; remove: number; add: string[] }[]): string {
  const all = before.split('\n');
  for (const change of changes) all.splice(change.at % (all.length + 1), change.remove, ...change.add);
  return all.join('\n');
}

const environment = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null', GIT_CEILING_DIRECTORIES: tmpdir() };

function gitDiff(before: string, after: string): string {
  writeFileSync(join(folder, 'old.c'), before);
  writeFileSync(join(folder, 'new.c'), after);
  const diff = spawnSync('git', ['-c', 'core.autocrlf=false', 'diff', '--no-index', '--text', 'old.c', 'new.c'], { cwd: folder, env: environment, encoding: 'latin1' }).stdout;
  // git names the two files; the patch is of one.
  return diff.replace(/^(diff --git a\/)old\.c b\/new\.c$/m, '$1old.c b/old.c').replace('+++ b/new.c', '+++ b/old.c');
}

function gitApply(base: string, patch: string): string | undefined {
  writeFileSync(join(folder, 'old.c'), base);
  try {
    execFileSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: folder, env: environment, input: Buffer.from(patch, 'latin1'), stdio: ['pipe', 'ignore', 'ignore'] });
  } catch {
    return undefined;
  }
  return readFileSync(join(folder, 'old.c'), 'utf8');
}

async function ourApply(base: string, patch: string): Promise<string | undefined> {
  try {
    const files = await applyPatches([{ name: 'p', text: patch }], (path) => Promise.resolve(path === 'old.c' ? base : undefined));
    return files.get('old.c')?.after ?? base;
  } catch {
    return undefined;
  }
}

describe('applying a diff that git made', () => {
  it('gives the text it was made for', async () => {
    await fc.assert(
      fc.asyncProperty(text, edits, async (before, changes) => {
        const after = edited(before, changes);
        fc.pre(before !== after && after !== '' && before !== '');
        const patch = gitDiff(before, after);
        expect(await ourApply(before, patch)).toBe(after);
      }),
      { numRuns: 300 },
    );
  });

  it('agrees with git apply on a text that moved on', async () => {
    let applied = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(text, edits, edits, async (start, changes, drift) => {
        // With line ends at all three ends: where only one lacks it, git apply 2.39 matches a line's beginning.
        const [after, base] = [`${edited(start, changes)}\n`, `${edited(start, drift)}\n`];
        const before = `${start}\n`;
        fc.pre(before !== after && after !== '' && before !== '' && base !== '');
        const patch = gitDiff(before, after);
        const theirs = gitApply(base, patch);
        expect(await ourApply(base, patch)).toBe(theirs);
        if (theirs === undefined) refused += 1;
        else applied += 1;
      }),
      { numRuns: 300 },
    );
    // Both outcomes have to occur, or the comparison says nothing.
    expect(applied).toBeGreaterThan(20);
    expect(refused).toBeGreaterThan(20);
  });
});
