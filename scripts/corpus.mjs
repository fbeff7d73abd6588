// npm run corpus -- A B [--profile P] [--config FILE] [--every N] [--only PATTERN]: judges each file in which two kernel trees differ as a patch of its own.
import { spawnSync } from 'node:child_process';
import { mkdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values, positionals } = parseArgs({ allowPositionals: true, options: { profile: { type: 'string', default: 'klp-build' }, config: { type: 'string', default: '' }, every: { type: 'string', default: '1' }, only: { type: 'string', default: '' } } });
const isTree = (path) => statSync(join(path, 'Makefile'), { throwIfNoEntry: false })?.isFile() === true;
if (positionals.length !== 2 || !positionals.every(isTree)) {
  process.stderr.write('usage: npm run corpus -- TREE-BEFORE TREE-AFTER [--profile klp-build|kpatch] [--config FILE] [--every N] [--only PATTERN]\nDebian keeps neighboring releases: apt-cache madison linux-source-6.1; dpkg-deb -x and tar -x unpack them.\n');
  process.exit(2);
}
const folder = join(root, 'node_modules', '.cache', 'livepatch-studio', `corpus-${process.pid}`);
mkdirSync(folder, { recursive: true });
const index = join(tmpdir(), `livepatch-corpus-${process.pid}.lpsx`);
try {
  const script = join(folder, 'corpus.cjs');
  await build({ entryPoints: [join(root, 'test/corpus/corpus.ts')], outfile: script, bundle: true, platform: 'node', target: 'node20', format: 'cjs', external: ['tree-sitter', 'tree-sitter-c'], logLevel: 'warning' });
  const [before, after] = positionals.map((path) => realpathSync(path));
  const { status } = spawnSync(process.execPath, [script, before, after, index, values.profile, values.config, values.every, values.only], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
  rmSync(index, { force: true });
}
