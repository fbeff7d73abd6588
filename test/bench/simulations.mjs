// What simulating costs: every system on one machine, and how the hybrid model's cost grows with the tasks. Each in a process of its own, so that its peak memory is its own.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';

const CPUS = 256;
const RUNS = 3;
const SEED = 1;
/** A function nobody is in: every task is looked at and switches. */
const PATCHED = 'cmdline_proc_show';
/** Tasks that never sleep; a machine has about as many as CPUs, however many others it has. */
const BUSY = 200;
/** What to reach: CPU-seconds and megabytes. */
const REACH = { allModels: { tasks: 10_000, cpuS: 1 }, hybrid: { tasks: 1_000_000, cpuS: 5, peakMB: 1000 }, growth: 1.3 };
const SIZES = [10_000, 100_000, REACH.hybrid.tasks];

/**
 * Smallest of three runs each: what else the machine does can only add. CPU time is that of all threads, the garbage collector's included.
 *
 * @returns {{ cpus: number, models: Record<string, number>, allCpuS: number, sizes: { tasks: number, cpuS: number, usPerTask: number, peakMB: number }[], growth: number, met: Record<string, boolean> }}
 *   `models` in CPU-ms; `growth` is how much more a task costs on the largest machine than on the one a tenth as large
 */
export function simulations({ root, log }) {
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'livepatch-bench-'));
  try {
    const engine = join(folder, 'simulate.mjs');
    buildSync({ entryPoints: [join(root, 'server/src/simulate/index.ts')], outfile: engine, bundle: true, platform: 'node', format: 'esm', logLevel: 'silent' });
    const best = (tasks, models) => Array.from({ length: RUNS }, () => once(engine, tasks, models)).reduce((a, b) => (b.cpuMs < a.cpuMs ? b : a));

    log(`every system, ${REACH.allModels.tasks} tasks, ${CPUS} CPUs, the least of ${RUNS} runs:`);
    const every = best(REACH.allModels.tasks, 'all');
    for (const { model, outcome, cpuMs } of every.runs) log(`  ${model}: ${outcome}, ${Math.round(cpuMs)} CPU-ms`);
    const allCpuS = seconds(every.cpuMs);
    log(`  together: ${allCpuS} CPU-s, ${every.peakMB} MB (reach ${REACH.allModels.cpuS} CPU-s)`);

    log(`hybrid model, ${CPUS} CPUs, the least of ${RUNS} runs:`);
    const sizes = SIZES.map((tasks) => {
      const { cpuMs, peakMB } = best(tasks, 'livepatch');
      const row = { tasks, cpuS: seconds(cpuMs), usPerTask: Math.round((cpuMs / tasks) * 10_000) / 10, peakMB };
      log(`  ${tasks} tasks: ${row.cpuS} CPU-s, ${row.usPerTask} us a task, ${peakMB} MB${tasks === REACH.hybrid.tasks ? ` (reach ${REACH.hybrid.cpuS} CPU-s, ${REACH.hybrid.peakMB} MB)` : ''}`);
      return row;
    });
    const [, before, largest] = sizes;
    const growth = Math.round((largest.usPerTask / before.usPerTask) * 100) / 100;
    log(`  a task of ${largest.tasks} costs ${growth} times one of ${before.tasks} (reach ${REACH.growth})`);
    const met = {
      [`every system, ${REACH.allModels.tasks} tasks: under ${REACH.allModels.cpuS} CPU-s together`]: allCpuS < REACH.allModels.cpuS,
      [`hybrid, ${REACH.hybrid.tasks} tasks: under ${REACH.hybrid.cpuS} CPU-s and ${REACH.hybrid.peakMB} MB`]: largest.cpuS < REACH.hybrid.cpuS && largest.peakMB < REACH.hybrid.peakMB,
      [`linear in tasks: at most ${REACH.growth} times as much a task`]: growth <= REACH.growth,
    };
    for (const [target, isMet] of Object.entries(met)) log(`  ${target}: ${isMet ? 'met' : 'MISSED'}`);
    return { cpus: CPUS, models: Object.fromEntries(every.runs.map(({ model, cpuMs }) => [model, Math.round(cpuMs)])), allCpuS, sizes, growth, met };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const seconds = (ms) => Math.round(ms / 10) / 100;

function once(engine, tasks, models) {
  const program = `import { measure } from ${JSON.stringify(import.meta.url)}; measure(${JSON.stringify(engine)}, ${tasks}, ${JSON.stringify(models)});`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`simulating ${tasks} tasks ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

/** In the process of its own: simulates, prints what it cost. The machine's making is not counted. */
export async function measure(engine, count, models) {
  const { builtinMachine, MODEL_NAMES, simulate } = await import(pathToFileURL(engine).href);
  const machine = machineOf(builtinMachine({ cpus: CPUS }), count);
  const runs = (models === 'all' ? MODEL_NAMES : [models]).map((model) => {
    const began = process.cpuUsage();
    const result = simulate({ model, patch: { name: 'bench', functions: [{ name: PATCHED, object: 'vmlinux' }] }, machine, seed: SEED });
    const { user, system } = process.cpuUsage(began);
    if (!result.ok) throw new Error(result.message);
    return { model, outcome: result.trace.outcome, cpuMs: (user + system) / 1000 };
  });
  process.stdout.write(JSON.stringify({ runs, cpuMs: runs.reduce((sum, { cpuMs }) => sum + cpuMs, 0), peakMB: Math.round(process.resourceUsage().maxRSS / 1024) }));
}

/** The tasks of the built-in machine over and over. Beyond the first few, those that never sleep wait for something instead. */
function machineOf(base, count) {
  const waiting = base.tasks.find(({ comm }) => comm === 'dbus-daemon');
  const tasks = Array.from({ length: count }, (_, i) => {
    const task = base.tasks[i % base.tasks.length];
    return task.behavior.kind === 'busy' && i >= BUSY ? { ...waiting, pid: i + 1 } : { ...task, pid: i + 1 };
  });
  return { ...base, tasks };
}
