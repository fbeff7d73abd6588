/** `livepatch-studio index` as a program: threads, the file it leaves, the tree it leaves alone. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
