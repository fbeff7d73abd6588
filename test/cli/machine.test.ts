/** `simulate --machine FILE.json`, as a user runs it: every workload's machine can be written down and read again, and what is no machine is told by its place. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCENARIOS, WORKLOADS } from '../../server/src/simulate';
import { cli, sample } from './program';

let folder = '';
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'livepatch-machine-')); });
afterAll(() => { rmSync(folder, { recursive: true }); });

function simulate(machine: unknown, ...options: string[]): ReturnType<typeof cli> {
  writeFileSync(join(folder, 'm.json'), typeof machine === 'string' ? machine : JSON.stringify(machine));
  return cli(['simulate', '--functions', 'f', '--machine', join(folder, 'm.json'), ...options], { cwd: sample });
}

const reader = { pid: 9, comm: 'cat', stack: ['__schedule', 'schedule', 'f', 'do_syscall_64', 'entry_SYSCALL_64_after_hwframe'] };

it('takes the tasks as written, and the usual for what is left out', () => {
  const { status, stdout } = simulate({ $schema: './machine.schema.json', tasks: [reader, { ...reader, pid: 10, state: 'D' }] }, '--format', 'json');
  const document = JSON.parse(stdout) as { machine: object; runs: { outcome: string; blocked: { last: { pid: number }[] } }[] };
  expect(status).toBe(1);
  expect(document.machine).toMatchObject({ cpus: 4, hz: 250, preemption: 'dynamic', unwinder: 'orc', reliableStacks: true, tasks: 2 });
  expect(document.machine).not.toHaveProperty('$schema');
  expect(document.runs[0]).toMatchObject({ outcome: 'stuck', blocked: { last: [{ pid: 10 }] } });
});

it('options count for more than the file', () => {
  const machine = { cpus: 2, hz: 1000, kernelVersion: '5.10', tasks: [reader] };
  expect(JSON.parse(simulate(machine, '--format', 'json').stdout)).toMatchObject({ machine: { cpus: 2, hz: 1000, kernelVersion: '5.10' } });
  expect(JSON.parse(simulate(machine, '--cpus', '16', '--hz', '100', '--kernel-version', '6.6', '--format', 'json').stdout)).toMatchObject({ machine: { cpus: 16, hz: 100, kernelVersion: '6.6' } });
});

it('the schema knows every machine of the workloads and scenarios', () => {
  const validate = new Ajv({ strict: true, strictTypes: false, strictRequired: false }).compile(JSON.parse(readFileSync(join(import.meta.dirname, '../../docs/schemas/machine.schema.json'), 'utf8')) as object);
  const machines = [...WORKLOADS.map((each) => each.machine({ tasks: 200 })), ...SCENARIOS.map((each) => each.input.machine)];
  for (const machine of machines) expect(validate(machine), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
});

describe('what is no machine is told in one line, by its place', () => {
  it.each<[string, unknown, RegExp]>([
    ['no JSON', '{ "tasks": [', /is no JSON: /],
    ['a list', [], /: the machine must be object/],
    ['no tasks', {}, /: the machine must have required property 'tasks'/],
    ['a misspelt key', { tasks: [], cpu: 4 }, /: the machine must NOT have additional properties \(cpu\)/],
    ['no such HZ', { hz: 128, tasks: [] }, /: \/hz must be equal to one of the allowed values/],
    ['a task without a name', { tasks: [{ pid: 3 }] }, /: \/tasks\/0 must have required property 'comm'/],
    ['two tasks of one pid', { tasks: [reader, { ...reader, comm: 'dog' }] }, /two tasks, "cat" and "dog", have the pid 9/],
    ['a behavior there is none of', { tasks: [{ ...reader, behavior: { kind: 'dance' } }] }, /\/tasks\/0\/behavior\/kind must be equal to one of the allowed values/],
    ['a step that is two', { tasks: [{ ...reader, behavior: { kind: 'script', steps: [{ sleep: { kind: 'fixed', ms: 1 }, run: { kind: 'fixed', ms: 1 } }] } }] }, /\/tasks\/0\/behavior\/steps\/0 must/],
    ['a negative time', { tasks: [{ ...reader, behavior: { kind: 'sleep', interruptible: true, lasts: { kind: 'fixed', ms: -1 } } }] }, /\/lasts\/ms must be >= 0/],
  ])('%s', (_, machine, message) => {
    const { status, stdout, stderr } = simulate(machine);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(message);
  });
});
