/** `simulate --repeat N` as a user runs it. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import type { JsonRepeat } from '../../server/src/report/repeat';
import { bundle, cli, sample } from './program';

const root = fileURLToPath(new URL('../..', import.meta.url));
const validate = new Ajv({ strict: true, strictTypes: false }).compile(JSON.parse(readFileSync(join(root, 'docs/schemas/simulate.schema.json'), 'utf8')) as object);
const args = (...more: readonly string[]): string[] => ['simulate', '--functions', 'hrtimer_nanosleep', '--model', 'livepatch,kpatch', ...more];

it('the same bytes whatever the number of threads, valid by the schema', () => {
  const [one, three] = ['1', '3'].map((jobs) => cli(args('--repeat', '20', '--seed', '7', '--format', 'json', '--jobs', jobs)));
  expect(one).toEqual(three);
  const document = JSON.parse(one?.stdout ?? '') as { repeat: JsonRepeat };
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  expect(document.repeat).toMatchObject({ asked: 20, runs: 20, distributions: [{ model: 'livepatch' }, { model: 'kpatch' }] });
});

it('the first run is the document without --repeat', () => {
  const document = (...more: readonly string[]) => JSON.parse(cli(args('--format', 'json', ...more)).stdout) as Record<string, unknown>;
  const { repeat, ...first } = document('--repeat', '2');
  expect(repeat).toBeDefined();
  expect(first).toEqual(document());
});

it('exit status 1 when one of the runs did not complete', () => {
  const of = (model: string): [number | null, string] => {
    const { status, stdout } = cli(['simulate', '--functions', 'hrtimer_nanosleep', '--model', model, '--repeat', '20']);
    return [status, stdout.split('\n')[3]?.split(/ {2,}/)[1] ?? ''];
  };
  expect(of('livepatch')).toEqual([0, '100%']);
  const [status, complete] = of('kpatch');
  expect(status).toBe(1);
  expect(complete).not.toBe('100%');
});

it('a model that cannot be simulated is left out with a note', () => {
  const { stdout, stderr } = cli(args('--repeat', '2', '--kernel-version', '4.4'));
  expect(stderr).toContain('note: left out: The livepatch model began with 4.12');
  expect(stdout).toMatch(/^kpatch/m);
  expect(stdout).not.toMatch(/^livepatch/m);
});

it('Ctrl-C ends with what is done, and says so', async () => {
  // Whether the program has begun to simulate after so long, and any run is done, is up to the machine: if not, it gets longer.
  for (let delay = 1000; ; delay *= 2) {
    const { status, stdout, stderr } = await interrupted(delay);
    if (status === null || stderr === 'livepatch-studio: cancelled before the first run was done\n') continue;
    expect(status).toBe(2);
    const [, runs = ''] = /^livepatch-studio: cancelled: the result is that of the first (\d+) of 1000000 seeds\n$/.exec(stderr) ?? [];
    const { repeat } = JSON.parse(stdout) as { repeat: JsonRepeat };
    expect(repeat).toMatchObject({ asked: 1_000_000, runs: Number(runs) });
    expect(repeat.distributions[0]?.complete_ms_by_seed).toHaveLength(Number(runs));
    return;
  }
});

/** Sends SIGINT so long after the program was started. */
async function interrupted(delay: number): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [bundle, ...args('--repeat', '1000000', '--format', 'json')], { cwd: sample, stdio: ['ignore', 'pipe', 'pipe'] });
  const read = async (stream: AsyncIterable<Buffer>): Promise<string> => {
    const pieces: Buffer[] = [];
    for await (const piece of stream) pieces.push(piece);
    return Buffer.concat(pieces).toString();
  };
  const ended = new Promise<number | null>((resolve) => { child.once('exit', resolve); });
  const output = Promise.all([ended, read(child.stdout), read(child.stderr)]);
  await sleep(delay);
  child.kill('SIGINT');
  const [status, stdout, stderr] = await output;
  return { status, stdout, stderr };
}
