/** Batches in threads: the same results whatever the number of threads; what ends early is the beginning of the whole. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { afterAll, expect, it } from 'vitest';
import { runBatch } from '../../server/src/host/batch';
import { builtinMachine } from '../../server/src/simulate';
import { batchOf, type BatchOrder } from '../../server/src/simulate/batch';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, 'node_modules', '.cache', 'livepatch-studio', `batch-${process.pid}`);
const worker = join(folder, 'batchWorker.js');
buildSync({ entryPoints: [join(root, 'server/src/host/batchWorker.ts')], outfile: worker, bundle: true, platform: 'node', format: 'cjs', logLevel: 'silent' });
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

const order = (repeat: number, hz = 250): BatchOrder => ({
  kind: 'repeat', models: ['livepatch', 'ksplice'], repeat,
  input: { patch: { name: 'lp', functions: [{ name: 'do_nanosleep', object: 'vmlinux' }] }, machine: builtinMachine({ hz }), seed: 1 },
});

const whole = (asked: BatchOrder): unknown[] => {
  const batch = batchOf(asked);
  return Array.from({ length: batch.count }, (_, index) => batch.run(index, () => false));
};

it.each([1, 2, 5])('%i threads', async (jobs) => {
  expect(await runBatch(order(12), { jobs, worker })).toEqual(whole(order(12)));
});

it('what is done when it is cancelled is the beginning of the whole', async () => {
  const abort = new AbortController();
  const done = await runBatch(order(1_000_000), { jobs: 2, worker, signal: abort.signal, progress: (items) => { if (items > 5) abort.abort(); } });
  expect(done.length).toBeGreaterThan(0);
  expect(done.length).toBeLessThan(1_000_000);
  expect(done.slice(0, 20)).toEqual(whole(order(Math.min(20, done.length))));
});

it('cancelled before it begins: nothing', async () => {
  expect(await runBatch(order(3), { jobs: 1, worker, signal: AbortSignal.abort() })).toEqual([]);
});

it('a thread that fails fails the batch', async () => {
  await expect(runBatch(order(1000, 7), { jobs: 2, worker })).rejects.toThrow('HZ is one of');
});
