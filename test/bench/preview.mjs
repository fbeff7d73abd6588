// How smoothly the preview follows the hand: the built view in a plain page, fed by the engine as the extension would feed it, with a machine of 10,000 tasks.
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { chromium } from 'playwright-core';
import { animate, fakeVsCode } from './hand.mjs';
import { median } from './statistics.mjs';

const TASKS = 10_000;
const FRAMES = 120;
/** Functions that many of the tasks sleep in, so that lanes, passes and blockers are many. */
const PATCHED = ['do_sys_poll', 'ep_poll', 'futex_wait', 'pipe_read'];
/** As the server draws for a view. */
const ROOM = { columns: 1000, lanes: 200 };
const BUNDLE_KB = 120;

/**
 * Frame times come in whole screen refreshes (16.7 ms at 60 Hz): 1 says that every frame was ready in time, 2 that every second one came.
 * Between them lies what a median can be when about half of the frames are late, so this asks that most are in time.
 */
export const MOST_RATIO = 1.5;

/**
 * @param {{ root: string, log: (line: string) => void }} options the view must have been built (npm run build or package)
 * @returns {Promise<{ tasks: number, frameMs: Record<string, number>, workMs: Record<string, number>, ratios: Record<string, number>, bundleKB: number, met: Record<string, boolean> }>}
 *   medians of 120 frames: `frameMs` from one frame to the next, `workMs` of the page's main thread in it, `ratios` of the frame to an empty one
 */
export async function preview({ root, log }) {
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'livepatch-bench-'));
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const engine = join(folder, 'engine.mjs');
    buildSync({ entryPoints: [join(root, 'server/src/simulate/index.ts')], outfile: engine, bundle: true, platform: 'node', format: 'esm', logLevel: 'silent' });
    const host = hostOf(await import(pathToFileURL(engine).href));
    const page = await browser.newPage({ viewport: { width: 1000, height: 1000 } });
    const faults = [];
    page.on('pageerror', (error) => faults.push(error));
    await page.exposeFunction('received', host);
    await page.setContent('<main id="preview"></main>');
    await page.addStyleTag({ path: join(root, 'dist/webview/preview.css') });
    await page.evaluate(fakeVsCode);
    await page.addScriptTag({ path: join(root, 'dist/webview/preview.js') });
    await page.locator('.timeline').waitFor();

    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Performance.enable');
    const work = async () => (await devtools.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration').value * 1000;
    const [frameMs, workMs] = [{}, {}];
    for (const kind of ['empty', 'scrub', 'zoom']) {
      const before = await work();
      const { times, redrawn } = await page.evaluate(animate, { kind, frames: FRAMES });
      frameMs[kind] = round(median(times));
      workMs[kind] = round(((await work()) - before) / FRAMES);
      // A view that does not answer would be the smoothest of all.
      if (kind !== 'empty' && redrawn < FRAMES / 2) throw new Error(`${kind}: the preview was drawn anew in only ${redrawn} of ${FRAMES} frames`);
    }
    if (faults.length > 0) throw faults[0];
    const ratios = { scrub: round(frameMs.scrub / frameMs.empty), zoom: round(frameMs.zoom / frameMs.empty) };
    const bundleKB = round(statSync(join(root, 'dist/webview/preview.js')).size / 1024);
    const met = {
      ...Object.fromEntries(Object.entries(ratios).map(([kind, ratio]) => [`preview of ${TASKS} tasks, ${kind}: a frame at most ${MOST_RATIO} empty ones`, ratio <= MOST_RATIO])),
      [`preview's script at most ${BUNDLE_KB} KB`]: bundleKB <= BUNDLE_KB,
    };
    log(`preview of ${TASKS} tasks, medians of ${FRAMES} frames: empty ${frameMs.empty} ms`);
    for (const [kind, ratio] of Object.entries(ratios)) log(`  ${kind}: ${frameMs[kind]} ms, ${ratio} of an empty one (reach ${MOST_RATIO}); ${workMs[kind]} ms of work in each`);
    log(`  script: ${bundleKB} KB (reach ${BUNDLE_KB})`);
    return { tasks: TASKS, frameMs, workMs, ratios, bundleKB, met };
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const round = (value) => Math.round(value * 100) / 100;

/** The extension's side: answers a message of the view, as text. One run of each system that can be simulated is made beforehand. */
function hostOf({ MODEL_NAMES, simulate, systemView, viewOf, workloadNamed, WORKLOADS }) {
  const machine = workloadNamed('web').machine({ cpus: 64, tasks: TASKS });
  const patch = { name: 'bench', functions: PATCHED.map((name) => ({ name, object: 'vmlinux' })) };
  const runs = MODEL_NAMES.map((model) => ({ model, result: simulate({ model, patch, machine, seed: 1 }) }));
  const traces = runs.flatMap(({ result }) => (result.ok ? [result.trace] : []));
  const refused = runs.flatMap(({ model, result }) => (result.ok ? [] : [{ model, why: result.message }]));
  const { cpus, hz, kernelVersion } = machine;
  const scenario = { systems: traces.map(({ model }) => model), workload: 'web', tasks: TASKS, cpus, hz, kernelVersion, seed: 1 };
  const offers = { models: MODEL_NAMES, workloads: WORKLOADS.map(({ name, title, defaults }) => ({ name, title, ...defaults })), hz: [250], mostCpus: 8192 };
  const shared = { systems: traces.map(systemView), refused, verdict: 'patchable', scenario, offers };
  return (text) => {
    const { type, detail = {} } = JSON.parse(text);
    if (type !== 'ready' && type !== 'detail') return null;
    const { system = 'livepatch', window, filter } = detail;
    const trace = viewOf(traces.find(({ model }) => model === system), { ...ROOM, ...(window && { window }), ...(filter && { filter }) }, machine.tasks);
    return JSON.stringify({ kind: 'simulation', request: {}, view: { id: 'bench', trace, ...shared } });
  };
}
