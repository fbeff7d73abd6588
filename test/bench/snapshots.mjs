// Reading snapshots: 100,000 tasks in each format, and beside it the least that any reader does, splitting the text into lines.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { median } from './statistics.mjs';

const TASKS = 100_000;
const RUNS = 5;

/** @returns {Promise<{ tasks: number, formats: Record<string, { megabytes: number, cpuMs: number, ratio: number }> }>} medians; `ratio` is to splitting */
export async function snapshots({ root, log }) {
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'livepatch-bench-'));
  try {
    const outfile = join(folder, 'snapshots.mjs');
    const contents = `
      export * as print from './test/simulate/snapshots/formats.ts';
      export { situation } from './test/simulate/snapshots/situation.ts';
      export { parseSnapshot } from './server/src/simulate/snapshots/index.ts';`;
    buildSync({ stdin: { contents, resolveDir: root, loader: 'ts' }, outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'silent' });
    const { print, situation, parseSnapshot } = await import(pathToFileURL(outfile).href);
    const tasks = Array.from({ length: TASKS }, (_, i) => ({ ...situation[i % situation.length], pid: i + 3 }));
    const printers = {
      collector: print.collector,
      'sysrq-t in dmesg, 6.1': (all) => print.sysrq(all, print.SYSRQ_HEADERS['6.1'], print.LOG_PREFIXES.dmesg),
      'sysrq-t in journalctl, 5.4': (all) => print.sysrq(all, print.SYSRQ_HEADERS['5.4'], print.LOG_PREFIXES.journalctl, false),
      'crash foreach bt': print.crash,
      'perf script': print.perf,
      'bpftrace map': print.bpftraceMap,
      '/proc by tail': print.PROC_FORMS['tail -n +1'],
      '/proc by grep': print.PROC_FORMS.grep,
    };
    const formats = {};
    for (const [name, printed] of Object.entries(printers)) {
      const text = printed(tasks);
      const read = cpuMs(() => {
        if (parseSnapshot(text)?.tasks.length !== TASKS) throw new Error(`${name}: not every task was read`);
      });
      formats[name] = { megabytes: Math.round(text.length / 1e6), cpuMs: read, ratio: Math.round((read / cpuMs(() => text.split('\n'))) * 10) / 10 };
      log(`  ${name}: ${formats[name].megabytes} MB in ${read} CPU-ms, ${formats[name].ratio} times splitting it into lines`);
    }
    return { tasks: TASKS, formats };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** User and system time of all threads, the garbage collector's included: what else the machine does is not in it. */
function cpuMs(work) {
  const once = () => {
    const began = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1000;
  };
  once();
  return Math.round(median(Array.from({ length: RUNS }, once)));
}
