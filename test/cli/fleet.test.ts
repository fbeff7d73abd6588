/** `simulate --fleet N` as a user runs it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { afterEach, expect, it } from 'vitest';
import { Folder } from '../host/repository';
import { cli, sample } from './program';

const schema = JSON.parse(readFileSync(fileURLToPath(new URL('../../docs/schemas/fleet.schema.json', import.meta.url)), 'utf8')) as object;
const validate = new Ajv({ strict: true, strictTypes: false }).compile(schema);
const folder = new Folder({ 'plan.json': '{"workloads": {"idle": 2, "nfs-client": 1}, "versions": {"6.1.192": 3, "4.4": 1}, "specimens": 4}', 'bad.json': '{"waves": 1}', 'text.json': 'plan' });
afterEach(() => { folder.remove(); });
const fleet = (...more: readonly string[]) => cli(['simulate', sample, '--functions', 'vfs_read', '--fleet', '500', ...more], { cwd: folder.path });

it('the command line', () => {
  const [one, three] = ['1', '3'].map((jobs) => fleet('--rollout', 'plan.json', '--format', 'json', '--jobs', jobs));
  expect(one).toEqual(three);
  expect(one).toMatchObject({ status: 0, stderr: '' });
  const document = JSON.parse(one?.stdout ?? '') as { ways: { way: string; ends: { protected: number; hand: number; skipped: number } }[] };
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  expect(document.ways.map(({ way }) => way)).toEqual(['livepatch', 'kexec', 'reboot']);
  for (const { ends } of document.ways) expect(ends.protected + ends.hand + ends.skipped).toBe(500);
  expect(document.ways[0]?.ends.skipped).toBeGreaterThan(0);

  expect(fleet('--rollout', 'plan.json', '--model', 'kpatch').stdout).toMatch(/^kpatch /m);
  const refusals: [string[], string][] = [
    [['--rollout', 'none.json'], '--rollout "none.json": there is no such file'],
    [['--rollout', 'bad.json'], '--rollout "bad.json": waves is a list of 1 to 1000 shares, not 1'],
    [['--rollout', 'text.json'], '--rollout "text.json": it is no JSON'],
    [['--fleet', '0'], '--fleet is a whole number from 1 to 1000000, not "0"'],
    [['--cpus', '4'], 'a fleet brings its own machines: leave --cpus out, --rollout FILE says what they are'],
    [['--format', 'svg'], '--format is one of human, json, not "svg"'],
  ];
  for (const [args, message] of refusals) expect(fleet(...args)).toEqual({ status: 2, stdout: '', stderr: `livepatch-studio: ${message}\n` });
  expect(cli(['simulate', sample, '--rollout', join(folder.path, 'plan.json')]).stderr).toBe('livepatch-studio: --rollout is the plan of a fleet: say how large, with --fleet N\n');
});
