// npm run rehearse:qemu -- [F[,G...] ...] [--animals A,B] [--cpus N] [--seconds N] [--keep DIR]: live patches a real kernel, and compares it with the simulation. docs/simulator/rehearsal.md
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { withBundle } from './bundle.mjs';
import { rehearsalParts } from './rehearsal.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const ANIMALS = 'poll,select,nanosleep,pause,epoll,futex,pipe,wait4,vfork,stopped';
/** Nobody sleeps in it, somebody does, and somebody does whom no signal frees. */
const PATCHES = ['cmdline_proc_show', 'do_sys_poll', 'kernel_clone'];

function fail(message) {
  process.stderr.write(`${message}\nusage: npm run rehearse:qemu -- [FUNCTION[,FUNCTION...] ...] [--animals NAME,...] [--cpus N] [--seconds N] [--keep DIR]\n`);
  process.exit(2);
}

let given;
try {
  given = parseArgs({ allowPositionals: true, options: { animals: { type: 'string', default: ANIMALS }, cpus: { type: 'string', default: '2' }, seconds: { type: 'string', default: '20' }, keep: { type: 'string', default: '' } } });
} catch (error) {
  fail(error.message);
}
const { values, positionals } = given;
const patches = (positionals.length > 0 ? positionals : PATCHES).map((names) => names.split(','));
if (!patches.flat().every((name) => /^[A-Za-z_][\w.]*$/.test(name)) || patches.some((names) => names.length > 4)) fail('a patch is up to four functions with commas between them');
const [cpus, seconds] = [Number(values.cpus), Number(values.seconds)];
if (!(Number.isInteger(cpus) && cpus >= 1 && cpus <= 16)) fail('--cpus is a number from 1 to 16');
if (!(Number.isInteger(seconds) && seconds >= 1 && seconds <= 600)) fail('--seconds is a number from 1 to 600');

try {
  const parts = rehearsalParts((line) => process.stderr.write(`${line}\n`));
  process.stderr.write(`Linux ${parts.release} in QEMU, ${cpus} CPUs, ${patches.length} patches: about a minute for each\n`);
  const order = { parts, plan: { patches, animals: values.animals.split(','), cpus, seconds }, root, keep: values.keep === '' ? '' : resolve(values.keep) };
  process.exitCode = await withBundle('test/rehearsal/rehearse.ts', (script) => spawnSync(process.execPath, [script, JSON.stringify(order)], { stdio: 'inherit' }).status ?? 2);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
