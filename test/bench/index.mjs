// The whole-tree index: what making it, asking it and bringing it up to date cost, beside ctags and cscope.
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, copyFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { costOf } from './commands.mjs';

/** In the whole of the kernel: few callers, few with a common word for a name, 4,346, and, through 200 macros, 31,277: hardly anything has more. */
const NAMES = ['vfs_read', 'try_to_wake_up', 'free_pages', 'kmalloc', 'dev_err'];
/** Files that differ between two neighboring stable releases. */
const CHANGED = 1500;
/** Two: one run takes 10 CPU-s and more. */
const RUNS = 2;

/**
 * @param {{ cli: string, root: string, tree: string, seed: number, log: (line: string) => void }} options
 * @returns medians, and ratios to the rivals that are installed
 */
export async function wholeIndex({ cli, root, tree, seed, log }) {
  // Beside the tree: hard links reach no other file system.
  const scratch = mkdtempSync(join(dirname(tree), 'bench-index-'));
  try {
    const copy = join(scratch, 'tree');
    execFileSync('cp', ['-al', tree, copy]);
    rmSync(join(copy, '.git'), { recursive: true, force: true });
    const cache = join(scratch, 'cache');
    const env = { ...process.env, XDG_CACHE_HOME: cache };
    const fresh = { cwd: copy, env, runs: RUNS, before: () => { rmSync(cache, { recursive: true, force: true }); } };
    const index = (jobs, options) => costOf(process.execPath, [cli, 'index', copy, '--jobs', String(jobs)], options);
    const rows = {};
    const row = (name, cost) => { rows[name] = cost; log(`  ${name}: ${cost.wallS} s, ${cost.cpuS} CPU-s, ${cost.peakMB} MB`); };

    row('index, one job', index(1, fresh));
    row('index, two jobs', index(2, fresh));
    row('index, nothing changed', index(1, { cwd: copy, env, runs: RUNS }));
    const callers = await ask(root, scratch, copy, env);
    for (const [name, { ms, cpuMs, callers: count }] of Object.entries(callers)) log(`  open and ${count} callers of ${name}: ${ms} ms (${cpuMs} ms of the processor)`);
    const paths = execFileSync('find', ['.', '-name', '*.c', '-type', 'f'], { cwd: copy, encoding: 'utf8', maxBuffer: 1 << 28 }).trim().split('\n').sort();
    const generator = xoroshiro128plus(seed);
    const changed = new Set();
    while (changed.size < CHANGED) changed.add(paths[uniformInt(generator, 0, paths.length - 1)]);
    row(`index, ${CHANGED} files changed`, index(2, { cwd: copy, env, runs: RUNS, before: () => { for (const path of changed) rewrite(join(copy, path)); } }));

    const has = (command, argument) => spawnSync(command, [argument]).error === undefined;
    if (has('ctags', '--version')) row('ctags -R', costOf('ctags', ['-R', '--languages=C', '-f', join(scratch, 'tags'), '.'], { cwd: copy, runs: 1 }));
    if (has('cscope', '-V')) {
      const list = join(scratch, 'cscope.files');
      writeFileSync(list, execFileSync('find', ['.', '-name', '*.[ch]', '-type', 'f'], { cwd: copy, maxBuffer: 1 << 28 }));
      const database = ['-k', '-q', '-i', list, '-f', join(scratch, 'cscope.out')];
      row('cscope -b -q -k', costOf('cscope', ['-b', ...database], { cwd: copy, runs: 1 }));
      for (const name of NAMES) row(`cscope, callers of ${name}`, costOf('cscope', ['-d', '-L3', name, ...database], { cwd: copy, runs: RUNS }));
    }
    return { unit: { wallS: 's', cpuS: 's', peakMB: 'MB' }, rows, callers, ratios: ratiosOf(rows, callers) };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** The middle of five new processes each, from opening the file to the answer: milliseconds that pass, and of the processor (more, as the engine compiles beside). */
async function ask(root, scratch, tree, env) {
  const script = join(scratch, 'ask.cjs');
  await build({
    stdin: {
      resolveDir: join(root, 'server/src'), loader: 'ts', contents: `
        import { indexPathOf, openIndex } from './host/indexFile';
        import { callersOf, inIndex } from './kernel/index/callers';
        const [tree = '', name = ''] = process.argv.slice(2);
        const [begin, used] = [performance.now(), process.cpuUsage()];
        const { index } = openIndex(indexPathOf(tree), tree)!;
        void callersOf(name, inIndex(index)).then(({ callers }) => {
          const { user, system } = process.cpuUsage(used);
          console.log(JSON.stringify({ ms: Math.round(performance.now() - begin), cpuMs: Math.round((user + system) / 1000), callers: callers.length }));
        });`,
    },
    outfile: script, bundle: true, minify: true, platform: 'node', format: 'cjs', logLevel: 'warning',
  });
  const once = (name) => JSON.parse(execFileSync(process.execPath, [script, tree, name], { env, encoding: 'utf8' }));
  return Object.fromEntries(NAMES.map((name) => [name, Array.from({ length: 5 }, () => once(name)).sort((a, b) => a.ms - b.ms)[2]]));
}

/** The file is a hard link to one that nothing may write to: a changed copy takes its place. */
function rewrite(path) {
  copyFileSync(path, `${path}.new`);
  appendFileSync(`${path}.new`, '/* changed */\n');
  renameSync(`${path}.new`, path);
}

function ratiosOf(rows, callers) {
  const ratio = (one, other) => Math.round((one / other) * 1000) / 1000;
  const found = { 'two jobs, times faster': ratio(rows['index, one job'].wallS, rows['index, two jobs'].wallS) };
  for (const rival of ['ctags -R', 'cscope -b -q -k']) if (rows[rival] !== undefined) found[`index, CPU time / ${rival}`] = ratio(rows['index, one job'].cpuS, rows[rival].cpuS);
  for (const name of NAMES) {
    const rival = rows[`cscope, callers of ${name}`];
    // The clock of /usr/bin/time ticks a hundred times a second.
    if (rival?.cpuS > 0) found[`callers of ${name}, CPU time / cscope`] = ratio(callers[name].cpuMs / 1000, rival.cpuS);
  }
  return found;
}
