// npm run layouts [-- --every N] [--only NAME,...] [--show N]: the layouts of the kernel's structs, from its text alone, against the type information of Debian's own build. Ends with 1 when one is wrong.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { kernelImage } from './rehearsal.mjs';
import { kernelSource, setUp } from './setup.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({ options: { every: { type: 'string', default: '1' }, only: { type: 'string' }, show: { type: 'string', default: '20' } } });
const log = (line) => process.stderr.write(`${line}\n`);
const folder = join(root, 'node_modules', '.cache', 'livepatch-studio', `layouts-${process.pid}`);
try {
  setUp(log);
  const { kernel, config } = kernelImage(log);
  mkdirSync(folder, { recursive: true });
  const vmlinux = join(folder, 'vmlinux');
  writeFileSync(vmlinux, execFileSync(join(kernelSource, 'scripts/extract-vmlinux'), [kernel], { maxBuffer: 1 << 30, stdio: ['ignore', 'pipe', 'ignore'] }));
  const script = join(folder, 'layouts.cjs');
  await build({ entryPoints: [join(root, 'test/kernel/layout-accuracy.ts')], outfile: script, bundle: true, platform: 'node', target: 'node20', format: 'cjs', external: ['tree-sitter', 'tree-sitter-c'], logLevel: 'warning' });
  const env = { ...process.env, EVERY: values.every, SHOW: values.show, ...(values.only !== undefined && { ONLY: values.only }) };
  process.exitCode = spawnSync(process.execPath, [script, kernelSource, config, vmlinux], { stdio: 'inherit', env }).status ?? 2;
} catch (error) {
  log(error.message);
  process.exitCode = 2;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
