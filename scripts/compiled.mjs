// npm run compiled -- BEFORE AFTER BUILD [--config FILE] [--units 60] [--seed 1] [--only PATH]: holds the plans of files in which two kernel trees differ against what gcc makes of them. Ends with 1 below the target.
//
// BUILD is a folder for a build of AFTER (kbuild's O=), outside the trees; made where it is missing: from FILE, or x86-64's defconfig with FUNCTION_TRACER and LIVEPATCH, without
// which gcc optimizes across functions as it may not in a kernel that is patched. Only the files drawn are compiled, one at a time.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { shuffled } from '../test/syntax/accuracy/sample.mjs';
import { withBundle } from './bundle.mjs';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { config: { type: 'string' }, units: { type: 'string', default: '60' }, seed: { type: 'string', default: '1' }, only: { type: 'string' } } });
const isTree = (path) => statSync(join(path, 'Makefile'), { throwIfNoEntry: false })?.isFile() === true;
if (positionals.length !== 3 || !positionals.slice(0, 2).every(isTree)) {
  process.stderr.write('usage: npm run compiled -- TREE-BEFORE TREE-AFTER BUILD [--config FILE] [--units N] [--seed N] [--only PATH]\n');
  process.exit(2);
}
const [before, after] = positionals.slice(0, 2).map((path) => realpathSync(path));
const output = positionals[2];
mkdirSync(output, { recursive: true });

function make(...targets) {
  return spawnSync('make', ['-s', '-k', `O=${realpathSync(output)}`, ...targets], { cwd: after, encoding: 'utf8', maxBuffer: 2 ** 28 });
}

if (!existsSync(join(output, 'include/generated/autoconf.h'))) {
  if (values.config !== undefined) copyFileSync(values.config, join(output, '.config'));
  else {
    make('defconfig');
    spawnSync('scripts/config', ['--file', join(realpathSync(output), '.config'), '-e', 'FUNCTION_TRACER', '-e', 'LIVEPATCH', '-e', 'KALLSYMS_ALL'], { cwd: after });
  }
  make('olddefconfig');
  const { status, stderr } = make('prepare');
  if (status !== 0) throw new Error(`make prepare failed in ${output}: ${stderr.trim().split('\n').slice(0, 3).join('; ')}`);
}

await withBundle('test/corpus/compiled.ts', (script) => {
  const paths = values.only === undefined ? drawn(script) : [values.only];
  const missing = paths.map((path) => path.replace(/\.c$/, '.o')).filter((path) => !existsSync(join(output, path)));
  // -k: what one cannot do is no loss to the others. Debugging information changes no code, and takes half the time.
  if (missing.length > 0) make('KCFLAGS=-g0', ...missing);
  const { status } = spawnSync(process.execPath, [script, 'compare', before, after, realpathSync(output), values.units, ...paths.filter((path) => existsSync(join(output, path.replace(/\.c$/, '.o'))))], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
});

/** Some more than asked for: the older text of a few needs the older headers. */
function drawn(script) {
  const { stdout, status } = spawnSync(process.execPath, [script, 'list', before, after, realpathSync(output)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (status !== 0) throw new Error('the files could not be listed');
  const paths = stdout.trim().split('\n');
  process.stderr.write(`${paths.length} .c files differ and are built\n`);
  return shuffled(paths, Math.ceil(Number(values.units) * 1.15), Number(values.seed));
}
