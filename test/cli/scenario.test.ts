/** `simulate --scenario FILE.klpsim.json`, as a user runs it. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli, sample, sampleEdits } from './program';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'livepatch-scenario-'));
  mkdirSync(join(folder, 'machines'));
  copyFileSync(join(sample, '../../simulate/snapshots/fixtures/collector.klpsnap'), join(folder, 'machines/a.klpsnap'));
});
afterAll(() => { rmSync(folder, { recursive: true }); });

const path = (): string => join(folder, 'x.klpsim.json');

function simulate(scenario: unknown, ...options: string[]): ReturnType<typeof cli> {
  writeFileSync(path(), typeof scenario === 'string' ? scenario : JSON.stringify(scenario));
  return cli(['simulate', '--scenario', path(), ...options], { cwd: sample });
}

const json = (run: ReturnType<typeof cli>): unknown => JSON.parse(run.stdout);
const reader = { pid: 9, comm: 'cat', stack: ['schedule', 'f', 'do_syscall_64', 'entry_SYSCALL_64_after_hwframe'] };

it('runs what the file says', () => {
  const run = simulate({ functions: ['f'], systems: ['kpatch', 'livepatch'], machine: { cpus: 2, hz: 1000, tasks: [reader] }, seed: 7, actions: ['signal@1s', 'reverse@2s'], giveUpAfterMs: 4000 }, '--format', 'json');
  expect(run).toMatchObject({ status: 1, stderr: '' });
  expect(json(run)).toMatchObject({ seed: 7, machine: { cpus: 2, hz: 1000, tasks: 1 }, runs: [{ model: 'kpatch' }, { model: 'livepatch', actions: [{ at_ms: 1000 }, { at_ms: 2000, action: 'reverse' }] }] });
});

it('is what the same options give', () => {
  const options = ['--functions', 'do_select', '--workload', 'web', '--seed', '5', '--action', 'force@3s', '--format', 'json'];
  expect(simulate({ functions: ['do_select'], workload: 'web', seed: 5, actions: ['force@3s'] }, '--format', 'json').stdout).toBe(cli(['simulate', ...options]).stdout);
});

it('options count for more than the file', () => {
  const scenario = { functions: ['f'], systems: ['kpatch'], workload: 'web', tasks: 300, cpus: 2, seed: 7, actions: ['force@1s'] };
  expect(json(simulate(scenario, '--model', 'livepatch', '--cpus', '3', '--seed', '8', '--tasks', '250', '--action', 'poke:1@2s', '--format', 'json'))).toMatchObject({ seed: 8, machine: { workload: 'web', cpus: 3, tasks: 250 }, runs: [{ model: 'livepatch', actions: [{ action: 'poke' }] }] });
  expect(json(simulate(scenario, '--workload', 'idle', '--format', 'json'))).toMatchObject({ machine: { workload: 'idle', cpus: 2 } });
  const named = { ...scenario, machine: { tasks: [reader] }, workload: undefined, tasks: undefined };
  expect([simulate(named).status, simulate(named, '--functions', 'g').status]).toEqual([1, 0]);
});

it('without functions, the edit is what is patched; an edit that is named counts for more than functions', () => {
  const patch = join(sampleEdits, 'clean.patch');
  const run = simulate({ seed: 7, cpus: 2 }, '--patch', patch, '--format', 'json');
  expect(run.stdout).toBe(cli(['simulate', '--patch', patch, '--seed', '7', '--cpus', '2', '--format', 'json']).stdout);
  expect(simulate({ functions: ['f'], seed: 7, cpus: 2 }, '--patch', patch, '--format', 'json').stdout).toBe(run.stdout);
});

it("a snapshot's path counts from the file's folder", () => {
  const run = simulate({ functions: ['do_sys_poll'], snapshot: 'machines/a.klpsnap' }, '--format', 'json');
  const direct = cli(['simulate', '--functions', 'do_sys_poll', '--snapshot', join(folder, 'machines/a.klpsnap'), '--format', 'json']);
  expect(run.stdout).toBe(direct.stdout);
  expect(run.stderr).toBe(direct.stderr.replaceAll(join(folder, 'machines/a.klpsnap'), 'machines/a.klpsnap'));
  expect(simulate({ functions: ['do_sys_poll'], snapshot: join(folder, 'machines/a.klpsnap') }, '--format', 'json').stdout).toBe(direct.stdout);
});

it('a relation that cannot be kept makes a run unsafe', () => {
  const scenario = {
    functions: ['f', 'g'], systems: ['livepatch', 'kpatch'],
    machine: { cpus: 2, tasks: ['f', 'g'].map((call, i) => ({ pid: 10 + i, comm: call, behavior: { kind: 'script', steps: [{ call, steps: [{ sleep: { kind: 'fixed', ms: 300 + 400 * i } }] }] } })) },
  };
  const outcomes = (run: ReturnType<typeof cli>): string[] => (json(run) as { runs: { outcome: string }[] }).runs.map(({ outcome }) => outcome);
  expect(outcomes(simulate({ ...scenario, relations: [{ kind: 'together', functions: ['f', 'g'] }] }, '--format', 'json'))[0]).toBe('unsafe');
  expect(outcomes(simulate(scenario, '--format', 'json'))[0]).toBe('complete');
});

it('is a report for a change request', () => {
  const { status, stdout } = cli(['simulate', '--patch', join(sampleEdits, 'clean.patch'), '--model', 'livepatch,kpatch', '--format', 'markdown']);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^# Live patch of `\w+`\n\n- \*\*patchable\*\*: /);
  expect(stdout).toMatch(/\n\| `kpatch` \| applied \| /);
  expect(stdout).toMatch(/\nMade by livepatch-studio \d+\.\d+\.\d+\.\n$/);
  expect(cli(['simulate', '--functions', 'f', '--repeat', '3', '--format', 'markdown']).stderr).toContain('--format markdown is of one run');
});

describe('is refused with one line that names the file and the place', () => {
  it.each<[unknown, readonly string[], string]>([
    ['{', [], 'is no JSON: '],
    [{ cpus: 0 }, [], '/cpus must be >= 1, not 0'],
    [{ functions: ['f'], snapshot: 'none.txt' }, [], '/snapshot "none.txt": there is no such file'],
    [{ functions: ['f'], snapshot: 'x.klpsim.json' }, [], '/snapshot "x.klpsim.json": is in no known format: docs/snapshots.md lists them'],
    [{ functions: ['f'], actions: ['force@never'] }, [], '/actions/0 is KIND@TIME, as in '],
  ])('%j', (scenario, options, problem) => {
    const { status, stdout, stderr } = simulate(scenario, ...options);
    expect({ status, stdout, lines: stderr.trim().split('\n').length }).toEqual({ status: 2, stdout: '', lines: 1 });
    expect(stderr).toContain(`--scenario ${JSON.stringify(path())}: ${problem}`);
  });

  it('and options that contradict it', () => {
    expect(simulate({ functions: ['f'], machine: { tasks: [reader] } }, '--tasks', '5').stderr).toContain("the scenario's machine brings its own tasks: leave --tasks out");
    expect(cli(['simulate', '--scenario', './none.klpsim.json']).stderr).toContain('--scenario "./none.klpsim.json": there is no such file');
  });
});
