// npm run corpus -- A B [--profile P] [--config FILE] [--every N] [--only PATTERN]: judges each file in which two kernel trees differ as a patch of its own.
import { spawnSync } from 'node:child_process';
import { realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { withBundle } from './bundle.mjs';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { profile: { type: 'string', default: 'klp-build' }, config: { type: 'string', default: '' }, every: { type: 'string', default: '1' }, only: { type: 'string', default: '' } } });
const isTree = (path) => statSync(join(path, 'Makefile'), { throwIfNoEntry: false })?.isFile() === true;
if (positionals.length !== 2 || !positionals.every(isTree)) {
  process.stderr.write('usage: npm run corpus -- TREE-BEFORE TREE-AFTER [--profile klp-build|kpatch] [--config FILE] [--every N] [--only PATTERN]\nDebian keeps neighboring releases: apt-cache madison linux-source-6.1; dpkg-deb -x and tar -x unpack them.\n');
  process.exit(2);
}
const index = join(tmpdir(), `livepatch-corpus-${process.pid}.lpsx`);
const [before, after] = positionals.map((path) => realpathSync(path));
try {
  const { status } = await withBundle('test/corpus/corpus.ts', (script) => spawnSync(process.execPath, [script, before, after, index, values.profile, values.config, values.every, values.only], { stdio: 'inherit' }));
  process.exitCode = status ?? 1;
} finally {
  rmSync(index, { force: true });
}
