/** `livepatch-studio index` as a program: threads, the file it leaves, the tree it leaves alone. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openIndex } from '../../server/src/host/indexFile';
import { usesOf } from '../../server/src/kernel/index/uses';
import { cli, listing, sample } from './program';

const cache = mkdtempSync(join(tmpdir(), 'livepatch-index-cli-'));
afterAll(() => { rmSync(cache, { recursive: true }); });
const env = { XDG_CACHE_HOME: cache };
const [file = ''] = [1, 2].map((jobs) => run('--jobs', String(jobs)).path);

function run(...args: readonly string[]): { readonly summary: string; readonly path: string } {
  const { status, stdout, stderr } = cli(['index', sample, ...args], { env });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const [summary = '', path = ''] = stdout.split('\n');
  return { summary, path };
}

function uses(name: string): string[] {
  const open = openIndex(file, sample);
  if (open === undefined) throw new Error('there is no index');
  const found = usesOf(open.index, name).map((use) => `${use.path} ${use.kind} ${use.name} ${use.how}`);
  open.close();
  return found;
}

it('the second run finds nothing to do, and the tree is as it was', () => {
  const before = listing(sample);
  expect(run().summary).toMatch(/^\d+ files in the index: 0 scanned, 0 gone$/);
  expect(listing(sample)).toEqual(before);
  expect(readdirSync(join(cache, 'livepatch-studio'))).toHaveLength(1);
});

it('one thread and several find the same', () => {
  const names = [...new Set(readFileSync(join(sample, 'kernel/parcel/core.c'), 'utf8').match(/\bparcel_\w+/g))];
  const answers = (): string[] => names.flatMap(uses);
  const [one, three] = [1, 3].map((jobs) => {
    rmSync(file);
    run('--jobs', String(jobs));
    return answers();
  });
  expect(one?.length).toBeGreaterThan(names.length);
  expect(three).toEqual(one);
});

it('a damaged one is built anew', () => {
  const whole = readFileSync(file);
  writeFileSync(file, whole.subarray(0, 1000));
  expect(run().summary).not.toContain(' 0 scanned');
});

it('check asks it where there is no git, and a walk would end too early', { timeout: 120_000 }, () => {
  const tree = mkdtempSync(join(tmpdir(), 'livepatch-index-check-'));
  try {
    const put = (path: string, text: string): void => {
      mkdirSync(join(tree, dirname(path)), { recursive: true });
      writeFileSync(join(tree, path), text);
    };
    put('Makefile', 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 192\n');
    put('Kbuild', 'obj-y += zone/\n');
    put('zone/Makefile', 'obj-y += user.o\n');
    put('include/linux/gate.h', 'static inline int gate_state(int gate)\n{\n\treturn gate & 1;\n}\n');
    put('zone/user.c', 'int gate_user(int gate)\n{\n\treturn gate_state(gate);\n}\n');
    for (let index = 0; index < 6200; index += 1) put(`drivers/d${index % 62}/f${index}.c`, `int f${index};\n`);
    put('edit.patch', '--- a/include/linux/gate.h\n+++ b/include/linux/gate.h\n@@ -1,4 +1,4 @@\n static inline int gate_state(int gate)\n {\n-\treturn gate & 1;\n+\treturn gate & 3;\n }\n');
    const verdict = (...jobs: readonly string[]): string => {
      const { stdout } = cli(['check', tree, '--patch', join(tree, 'edit.patch'), '--format', 'json', ...jobs], { env: { ...env, PATH: '/nowhere' } });
      const { verdict: said, objects } = JSON.parse(stdout) as { verdict: string; objects: { functions: { name: string }[] }[] };
      return `${said} ${objects.flatMap((object) => object.functions.map((one) => one.name)).join(' ')}`;
    };
    expect(verdict()).toContain('undecided');
    expect(cli(['index', tree], { env }).status).toBe(0);
    expect(verdict()).toBe('patchable gate_state gate_user');
    // Who came since is found without another `index`.
    put('zone/user.c', 'int gate_other(int gate)\n{\n\treturn gate_state(gate);\n}\n');
    expect(verdict()).toBe('patchable gate_state gate_other');
    for (const jobs of [1, 3]) {
      put('zone/user.c', `int gate_by_${jobs}(int gate)\n{\n\treturn gate_state(gate);\n}\n`);
      expect(verdict('--jobs', String(jobs))).toBe(`patchable gate_state gate_by_${jobs}`);
    }
  } finally {
    rmSync(tree, { recursive: true });
  }
});
