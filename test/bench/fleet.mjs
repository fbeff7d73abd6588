// What rolling a patch over a fleet costs: its classes simulated in threads, then every machine's way through the waves.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';

const RUNS = 3;
const REACH = { machines: 10_000, wallS: 10 };
/** A function nobody is in. */
const PATCHED = 'cmdline_proc_show';

/** Smallest of three runs: what else the machine does can only add. @returns {Promise<{ machines: number, jobs: number, wallS: number, cpuS: number, met: Record<string, boolean> }>} */
export async function fleets({ root, log }) {
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'livepatch-bench-'));
  try {
    const [outfile, worker] = [join(folder, 'fleet.mjs'), join(folder, 'batchWorker.js')];
    const contents = `
      export { runBatch } from './server/src/host/batch.ts';
      export { DEFAULT_PLAN, fleetOf } from './server/src/simulate/fleet/index.ts';`;
    buildSync({ stdin: { contents, resolveDir: root, loader: 'ts' }, outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'silent' });
    buildSync({ entryPoints: [join(root, 'server/src/host/batchWorker.ts')], outfile: worker, bundle: true, platform: 'node', format: 'cjs', logLevel: 'silent' });
    const { runBatch, DEFAULT_PLAN, fleetOf } = await import(pathToFileURL(outfile).href);
    const order = { kind: 'fleet', plan: DEFAULT_PLAN, ways: ['livepatch', 'kexec', 'reboot'], seed: 1, patch: { name: 'bench', functions: [{ name: PATCHED, object: 'vmlinux' }] } };
    const jobs = availableParallelism();
    let best = { wallS: Infinity, cpuS: Infinity };
    for (let run = 0; run < RUNS; run += 1) {
      const [began, beganCpu] = [performance.now(), process.cpuUsage()];
      const { ways } = fleetOf(order, REACH.machines, await runBatch(order, { jobs, worker }));
      const { user, system } = process.cpuUsage(beganCpu);
      if (ways.length !== order.ways.length) throw new Error('not every way was rolled out');
      const [wallS, cpuS] = [performance.now() - began, (user + system) / 1000].map((ms) => Math.round(ms / 10) / 100);
      best = { wallS: Math.min(best.wallS, wallS), cpuS: Math.min(best.cpuS, cpuS) };
    }
    const met = { [`fleet of ${REACH.machines}: under ${REACH.wallS} s`]: best.wallS < REACH.wallS };
    log(`fleet of ${REACH.machines} machines, ${jobs} threads, the least of ${RUNS} runs: ${best.wallS} s, ${best.cpuS} CPU-s (reach ${REACH.wallS} s: ${best.wallS < REACH.wallS ? 'met' : 'MISSED'})`);
    return { machines: REACH.machines, jobs, ...best, met };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
