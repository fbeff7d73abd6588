// npm run bench: how long a person and a CI job wait. One JSON object to standard output, lines for people to standard error.
// npm run bench -- snapshots: only how long reading snapshots takes; npm run bench -- simulate: only what simulations cost. Both need nothing but npm packages.
// npm run bench -- preview: only how smoothly the built preview follows the hand (chromium).
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTwoFilesPatch } from 'diff';
import { clangdKeystrokes } from '../test/bench/clangd.mjs';
import { coldCallers } from '../test/bench/cold.mjs';
import { costOf } from '../test/bench/commands.mjs';
import { fleets } from '../test/bench/fleet.mjs';
import { wholeIndex } from '../test/bench/index.mjs';
import { describe, keystrokes } from '../test/bench/keystrokes.mjs';
import { memory } from '../test/bench/memory.mjs';
import { preview } from '../test/bench/preview.mjs';
import { simulations } from '../test/bench/simulations.mjs';
import { snapshots } from '../test/bench/snapshots.mjs';
import { files, largeFiles, repositoryOf } from '../test/bench/tree.mjs';
import { kernelSource, setUp } from './setup.mjs';
import { ensureCommands } from './vscode/apt.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const server = join(root, 'dist/server.js');
const cli = join(root, 'dist/cli.js');
const EDITS = 200;
/** An hour's editing. */
const REPLAYED = 2000;
const SEED = 1;
/** What to reach, quiet machine: milliseconds in a file of 300 KB (a person takes what comes within a frame or two for immediate) and in the largest; megabytes. */
const TARGETS = { file: 'kernel/sched/core.c', p50: 10, p95: 25, largeP95: 150, memoryMB: 350 };
/** 0 patchable, 1 unpatchable, 3 undecided: a verdict was reached. */
const VERDICTS = [0, 1, 3];

const log = (line) => process.stderr.write(`${line}\n`);

/** One edit of a function's body, and one of a header's inline helper that two functions elsewhere hold a copy of. */
const checks = {
  body: { file: 'kernel/sched/core.c', find: 'if (!p || p == current)\n\t\treturn 0;\n\n', replace: 'if (!p || p == current)\n\t\treturn 1;\n\n' },
  header: { file: 'include/linux/mmzone.h', find: 'mt < MIGRATE_PCPTYPES', replace: 'mt <= MIGRATE_PCPTYPES' },
};

/** What else the machine was doing: above 0 when it begins, times are longer than they need be. */
const begunUnder = Math.round(loadavg()[0] * 10) / 10;

if (process.argv.includes('snapshots')) {
  log('snapshots of 100,000 tasks, medians of 5 runs:');
  const measured = await snapshots({ root, log });
  const slowest = Math.max(...Object.values(measured.formats).map(({ cpuMs }) => cpuMs));
  log(`  under a CPU-second in every format: ${slowest < 1000 ? 'met' : 'MISSED'}`);
  process.stdout.write(`${JSON.stringify({ date: new Date().toISOString(), machine: { cpus: cpus().length, model: cpus()[0]?.model, load: begunUnder, node: process.version }, snapshots: measured }, null, 2)}\n`);
  process.exit(slowest < 1000 ? 0 : 1);
}

if (process.argv.includes('preview')) {
  const measured = await preview({ root, log });
  process.stdout.write(`${JSON.stringify({ date: new Date().toISOString(), machine: { cpus: cpus().length, model: cpus()[0]?.model, load: begunUnder, node: process.version }, preview: measured }, null, 2)}\n`);
  process.exit(Object.values(measured.met).every(Boolean) ? 0 : 1);
}

const simulate = simulations({ root, log });
const fleet = await fleets({ root, log });
if (process.argv.includes('simulate')) {
  process.stdout.write(`${JSON.stringify({ date: new Date().toISOString(), machine: { cpus: cpus().length, model: cpus()[0]?.model, load: begunUnder, node: process.version }, simulate, fleet }, null, 2)}\n`);
  process.exit(Object.values({ ...simulate.met, ...fleet.met }).every(Boolean) ? 0 : 1);
}

setUp(log);
ensureCommands({ '/usr/bin/time': 'time', ctags: 'universal-ctags', cscope: 'cscope' }, log);
const kernelBuild = join(kernelSource, '../kernel-build-6.1');
const tree = repositoryOf(kernelSource, log);

const cache = mkdtempSync(join(tmpdir(), 'livepatch-bench-cache-'));
process.on('exit', () => { rmSync(cache, { recursive: true, force: true }); });
execFileSync(process.execPath, [cli, 'index', tree], { env: { ...process.env, XDG_CACHE_HOME: cache }, stdio: 'ignore' });
const storage = join(cache, 'livepatch-studio');
log(`keystroke to diagnostics, ${EDITS} edits per file:`);
const typing = await keystrokes(server, tree, files, { count: EDITS, seed: SEED, storage, log });
log(`  all: ${describe(typing.all)}`);
const typingLarge = await keystrokes(server, tree, largeFiles, { count: EDITS, seed: SEED, storage, log });
const clangd = await clangdKeystrokes({ build: kernelBuild, tree: kernelSource, file: TARGETS.file, seed: SEED, log });
log(`server memory, ${REPLAYED} edits over 30 files:`);
const held = await memory(server, tree, { count: REPLAYED, seed: SEED, storage, log });
const met = {
  [`p50 < ${TARGETS.p50} ms in ${TARGETS.file}`]: typing.files[TARGETS.file].p50 < TARGETS.p50,
  [`p95 < ${TARGETS.p95} ms in ${TARGETS.file}`]: typing.files[TARGETS.file].p95 < TARGETS.p95,
  [`p95 < ${TARGETS.largeP95} ms in the largest files`]: largeFiles.every((file) => typingLarge.files[file].p95 < TARGETS.largeP95),
  [`memory < ${TARGETS.memoryMB} MB and flat`]: held.peakMB < TARGETS.memoryMB && held.flat,
};
for (const [target, isMet] of Object.entries(met)) log(`  ${target}: ${isMet ? 'met' : 'MISSED'}`);

log('index of the whole tree, beside it what builds an index, too:');
const index = await wholeIndex({ cli, root, tree, seed: SEED, log });

const shown = await preview({ root, log });

log('callers of a function while there is no index, medians of 5 runs:');
const cold = await coldCallers({ root, tree, log });

log('check of one edit in the whole tree, medians of 5 runs:');
const scratch = mkdtempSync(join(tmpdir(), 'livepatch-bench-'));
const check = {};
try {
  for (const [name, { file, find, replace }] of Object.entries(checks)) {
    const before = readFileSync(join(tree, file), 'utf8');
    const patch = join(scratch, `${name}.patch`);
    writeFileSync(patch, createTwoFilesPatch(`a/${file}`, `b/${file}`, before, before.replace(find, () => replace)));
    check[name] = costOf(process.execPath, [cli, 'check', tree, '--patch', patch, '--format', 'json'], { cwd: tree, statuses: VERDICTS });
    show(name, check[name]);
  }
} finally {
  rmSync(scratch, { recursive: true });
}

log('beside it:');
const rivals = {
  gitGrep: costOf('git', ['grep', '-lw', 'migratetype_is_mergeable', '--', '*.c', '*.h'], { cwd: tree }),
  ctags: costOf('ctags', ['-f', '-', '--kinds-C=f', ...files], { cwd: tree }),
};
for (const [name, cost] of Object.entries(rivals)) show(name, cost);
const sum = files.reduce((all, file) => all + typing.files[file].p50, 0);
const ratios = {
  // One look-up of a word's files is the least that a header edit takes.
  'check of a header edit / git grep -lw': ratio(check.header.wallS, rivals.gitGrep.wallS),
  'a keystroke in each file / ctags over the files': ratio(sum / 1000, rivals.ctags.wallS),
  ...(typeof clangd === 'string' ? {} : { [`a keystroke in ${TARGETS.file} / clangd's`]: ratio(typing.files[TARGETS.file].p50, clangd.p50) }),
};
for (const [name, value] of Object.entries({ ...index.ratios, ...ratios })) log(`  ${name}: ${value}`);
process.stdout.write(`${JSON.stringify({
  date: new Date().toISOString(),
  machine: { cpus: cpus().length, model: cpus()[0]?.model, memoryGB: Math.round(totalmem() / 2 ** 30), load: begunUnder, node: process.version },
  tree: { name: 'linux-source-6.1', git: true },
  targets: { ...met, ...simulate.met, ...fleet.met, ...shown.met },
  keystroke: { unit: 'ms', edits: EDITS, seed: SEED, ...typing, large: typingLarge },
  memory: { edits: REPLAYED, seed: SEED, ...held },
  index, cold, check, simulate, fleet, preview: shown, rivals: { ...rivals, clangd }, ratios,
}, null, 2)}\n`);

function show(name, { wallS, cpuS, peakMB }) {
  log(`  ${name}: ${wallS} s, ${cpuS} CPU-s, ${peakMB} MB`);
}

function ratio(ours, theirs) {
  return Math.round((ours / theirs) * 100) / 100;
}
