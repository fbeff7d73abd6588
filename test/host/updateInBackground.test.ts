/** An update in a thread: it answers like one in this thread, leaves this one free, and tells of what goes wrong. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { openIndex } from '../../server/src/host/indexFile';
import { updateInBackground } from '../../server/src/host/updateInBackground';
import { usesOf } from '../../server/src/kernel/index/uses';

const scratch = mkdtempSync(join(tmpdir(), 'livepatch-background-'));
afterAll(() => { rmSync(scratch, { recursive: true }); });
const root = join(scratch, 'tree');
const worker = join(scratch, 'indexWorker.js');
buildSync({ entryPoints: [fileURLToPath(new URL('../../server/src/host/indexWorker.ts', import.meta.url))], outfile: worker, bundle: true, platform: 'node', target: 'node20', format: 'cjs', logLevel: 'silent' });

/** More than a thread can scan before its first file was seen to be done. */
const FILES = 3000;
mkdirSync(root);
const body = 'x += turn(x);\n'.repeat(400);
for (let file = 0; file < FILES; file += 1) writeFileSync(join(root, `${file}.c`), `int f${file}(int x) {\n${body}return x;\n}\n`);
const path = join(scratch, 'index/it.lpsx');
beforeEach(() => { rmSync(path, { force: true }); });

function callers(): number {
  const open = openIndex(path, root);
  const found = open === undefined ? 0 : usesOf(open.index, 'turn').length;
  open?.close();
  return found;
}

it.each([1, 2])('makes the index with %i jobs, says how far it is, and this thread goes on meanwhile', async (jobs) => {
  let turns = 0;
  const timer = setInterval(() => { turns += 1; }, 1);
  const told: { done: number; total: number }[] = [];
  expect(await updateInBackground(root, path, { jobs, worker, progress: (done, total) => { told.push({ done, total }); } })).toEqual({ files: FILES, scanned: FILES, removed: 0 });
  clearInterval(timer);
  expect(turns).toBeGreaterThan(10);
  expect(told.every(({ done, total }, index) => done <= FILES && [0, FILES].includes(total) && done >= (told[index - 1]?.done ?? 0))).toBe(true);
  expect(callers()).toBe(FILES);
  expect(await updateInBackground(root, path, { jobs, worker })).toEqual({ files: FILES, scanned: 0, removed: 0 });
});

it('a cap of memory changes nothing in the answers', async () => {
  await updateInBackground(root, path, { jobs: 1, memory: 1, worker });
  expect(callers()).toBe(FILES);
});

it.each([1, 2])('is cancelled with the signal\'s reason, and leaves no index where none was (%i jobs)', async (jobs) => {
  const abort = new AbortController();
  setTimeout(() => { abort.abort(new Error('the server ends')); }, 1);
  await expect(updateInBackground(root, path, { jobs, worker, signal: abort.signal })).rejects.toThrow('the server ends');
  expect(callers()).toBe(0);
  await expect(updateInBackground(root, path, { jobs, worker, signal: abort.signal })).rejects.toThrow('the server ends');
});

it('tells why an index cannot be written', async () => {
  const file = join(scratch, 'no-folder');
  writeFileSync(file, '');
  await expect(updateInBackground(root, join(file, 'it.lpsx'), { jobs: 1, worker })).rejects.toThrow(/ENOTDIR|EEXIST/);
});

it.each([
  ['throws', 'throw new Error("out of luck")', 'out of luck'],
  ['ends', 'process.exit(3)', 'ended with 3'],
  ['is not there', undefined, 'Cannot find module'],
])('a thread that %s is an error', async (_, code, message) => {
  const broken = join(scratch, 'broken.js');
  rmSync(broken, { force: true });
  if (code !== undefined) writeFileSync(broken, code);
  await expect(updateInBackground(root, path, { jobs: 1, worker: broken })).rejects.toThrow(message);
});
