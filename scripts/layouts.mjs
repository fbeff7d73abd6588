// npm run layouts [-- --every N] [--only NAME,...] [--show N]: the layouts of the kernel's structs, from its text alone, against the type information of Debian's own build. Ends with 1 when one is wrong.
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { withBundle } from './bundle.mjs';
import { kernelImage } from './rehearsal.mjs';
import { kernelSource, setUp } from './setup.mjs';

const { values } = parseArgs({ options: { every: { type: 'string', default: '1' }, only: { type: 'string' }, show: { type: 'string', default: '20' } } });
const log = (line) => process.stderr.write(`${line}\n`);
try {
  setUp(log);
  const { kernel, config } = kernelImage(log);
  const env = { ...process.env, EVERY: values.every, SHOW: values.show, ...(values.only !== undefined && { ONLY: values.only }) };
  process.exitCode = await withBundle('test/kernel/layout-accuracy.ts', (script, folder) => {
    const vmlinux = join(folder, 'vmlinux');
    writeFileSync(vmlinux, execFileSync(join(kernelSource, 'scripts/extract-vmlinux'), [kernel], { maxBuffer: 1 << 30, stdio: ['ignore', 'pipe', 'ignore'] }));
    return spawnSync(process.execPath, [script, kernelSource, config, vmlinux], { stdio: 'inherit', env }).status ?? 2;
  });
} catch (error) {
  log(error.message);
  process.exitCode = 2;
}
