/** The schema of `.klpsim.json` files: it knows what the simulator knows, and what is no scenario is told in one sentence, by its place. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import schema from '../../docs/schemas/klpsim.schema.json';
import { rehearsalOf, whoOf } from '../../server/src/scenario/rehearsal';
import { checkedMachine, checkedScenario, parsed } from '../../server/src/scenario/schema';
import { MODEL_NAMES, MODELS, parseAction, parseFunctions, SCENARIOS, simulate, WORKLOADS, type ScenarioFile } from '../../server/src/simulate';

const { functions, systems, workload, actions } = schema.properties;

const reader = { pid: 9, comm: 'cat', stack: ['schedule', 'f', 'do_syscall_64'] };
const full: ScenarioFile = {
  functions: ['f', 'ext4:ext4_sync_file'], systems: ['livepatch', 'kpatch'], machine: { tasks: [reader] }, kernelVersion: '6.1.192-1-amd64', cpus: 2, hz: 1000, preemption: 'none', unwinder: 'orc', reliableStacks: true,
  seed: 3, actions: ['poke:9@500ms', 'replace:f, m:g@1.5s'], relations: [{ kind: 'together', functions: ['f', 'g'] }, { kind: 'call', caller: 'f', callee: 'g' }, { kind: 'pair', first: 'f', then: 'g', by: 'task' }], giveUpAfterMs: 1000,
};

describe('the schema is in step with the simulator', () => {
  it('systems, in the order of the models, each with a description', () => {
    expect(systems.items.enum).toEqual(MODEL_NAMES);
    expect(systems.items.enumDescriptions).toHaveLength(MODELS.length);
  });

  it('workloads', () => {
    expect(workload.enum).toEqual(WORKLOADS.map(({ name }) => name));
    expect(workload.enumDescriptions).toEqual(WORKLOADS.map(({ title }) => title));
  });

  it('actions are those that are read, whatever the text', () => {
    const pattern = new RegExp(actions.items.pattern, 'u');
    const part = fc.constantFrom('signal', 'force', 'reverse', 'disable', 'patch', 'replace', 'load-module', 'unload-module', 'poke', ':', '@', ',', ' ', 'f', 'm:f', '9f', '0', '17', '12345678901', '1.5', '1.', 'ms', 's', '-', '_x.part.0', '\n', 'é');
    const action = fc.tuple(fc.constantFrom('signal', 'poke:17', 'poke:0', 'patch:f,g', 'replace: m:f ,g', 'patch:f,', 'load-module:nf-x', 'load-module:n x', 'kill'), fc.constantFrom('@'), fc.constantFrom('30s', '1.25ms', '1234567890s', '3m', '-1s', '')).map((parts) => parts.join(''));
    fc.assert(fc.property(fc.oneof(action, fc.array(part, { maxLength: 8 }).map((parts) => parts.join(''))), (text) => {
      expect([text, pattern.test(text)]).toEqual([text, !('problem' in parseAction(text))]);
    }), { numRuns: 3000 });
  });

  it('functions likewise', () => {
    const pattern = new RegExp(functions.items.pattern, 'u');
    for (const text of ['f', 'm:f', 'nf-x:f.part.0', '9f', '', 'm:', 'a:b:c', 'a b']) expect([text, pattern.test(text)]).toEqual([text, !('problem' in parseFunctions(text))]);
  });

  it.each(SCENARIOS.map(({ name, input }) => [name, input] as const))('%s can be written down', async (_, { machine, patch }) => {
    const relations = patch.relations ?? [];
    expect(await checkedScenario({ machine, relations })).toEqual({ value: { machine, relations } });
  });
});

it('takes all that a scenario can say, and what was completed again', async () => {
  expect(await checkedScenario({ $schema: './klpsim.schema.json', ...full })).toEqual({ value: full });
  for (const scenario of [full, {}, { workload: 'idle' }, { tasks: 200, actions: ['force@1s'] }] as ScenarioFile[]) {
    const who = await whoOf(scenario, () => Promise.reject(new Error('nothing is read')));
    const subject = { functions: [{ name: 'f' }], sleepers: [] };
    const rehearsal = rehearsalOf(scenario, who, subject, { kernelVersion: '6.6', hz: 100, cpus: 3, seed: 5 });
    const again = await checkedScenario(JSON.parse(JSON.stringify(rehearsal.scenario)));
    expect(again).toEqual({ value: rehearsal.scenario });
    // And it means the same.
    expect(rehearsalOf(rehearsal.scenario, await whoOf(rehearsal.scenario, () => Promise.reject(new Error('nothing is read'))), subject, {}).input).toEqual(rehearsal.input);
    expect(simulate({ model: 'livepatch', ...rehearsal.input }).ok).toBe(true);
  }
});

it('what nobody says is the place\'s where it is run, then the usual', async () => {
  const run = async (scenario: ScenarioFile, usual: Parameters<typeof rehearsalOf>[3]): Promise<ScenarioFile> => {
    const { scenario: done } = rehearsalOf(scenario, await whoOf(scenario, () => Promise.resolve(undefined)), { functions: [{ name: 'f' }], sleepers: [] }, usual);
    return done;
  };
  expect(await run({}, {})).toEqual({ systems: ['livepatch'], workload: 'mixed', kernelVersion: '6.1.192', cpus: 4, hz: 250, preemption: 'dynamic', unwinder: 'orc', reliableStacks: true, seed: 1 });
  expect(await run({}, { cpus: 16, hz: 100, kernelVersion: '6.6', seed: 9 })).toMatchObject({ cpus: 16, hz: 100, kernelVersion: '6.6', seed: 9 });
  // A named workload brings the CPUs it usually has; a machine says all of itself.
  expect(await run({ workload: 'web' }, { cpus: 16 })).toMatchObject({ workload: 'web', cpus: 8 });
  expect(await run({ machine: { cpus: 2, hz: 1000, tasks: [reader] } }, { cpus: 16, hz: 100, kernelVersion: '6.6' })).toMatchObject({ cpus: 2, hz: 1000, kernelVersion: '6.6' });
  expect(await run({ machine: { cpus: 2, hz: 1000, tasks: [reader] }, cpus: 3 }, {})).toMatchObject({ cpus: 3, hz: 1000 });
});

describe('what is no scenario is told by its place', () => {
  it.each<[unknown, string]>([
    [[], 'the scenario must be object'],
    [{ cpu: 4 }, 'the scenario must NOT have additional properties (cpu)'],
    [{ cpus: 0 }, '/cpus must be >= 1, not 0'],
    [{ hz: 128 }, '/hz must be equal to one of the allowed values (100, 250, 300, 1000), not 128'],
    [{ seed: 0.5 }, '/seed must be integer, not 0.5'],
    [{ kernelVersion: 'six' }, '/kernelVersion, "six", is none: A kernel\'s version is X.Y or X.Y.Z'],
    [{ systems: ['livepatch', 'livepatch'] }, '/systems must NOT have duplicate items (items ## 0 and 1 are identical)'],
    [{ functions: ['f', 'a b'] }, '/functions/1, "a b", is none: A function is NAME, or MODULE:NAME for one of a module'],
    [{ actions: ['force@1s', 'poke@3s'] }, '/actions/1 poke needs a PID: poke:PID@TIME'],
    [{ workload: 'idle', snapshot: 'x' }, 'the scenario cannot be so: Only one of workload, machine and snapshot says who runs'],
    [{ machine: { tasks: [] }, snapshot: 'x' }, 'the scenario cannot be so: Only one of workload, machine and snapshot says who runs'],
    [{ tasks: 5, snapshot: 'x' }, 'the scenario cannot be so: Only a workload has as many tasks as one likes: a machine and a snapshot bring their own'],
    [{ machine: { tasks: [{ pid: 1 }] } }, '/machine/tasks/0 must have required property \'comm\''],
    [{ relations: [{ kind: 'together' }] }, '/relations/0 must have required property \'functions\''],
    [{ relations: [{ kind: 'near' }] }, '/relations/0/kind must be equal to one of the allowed values (together, call, pair), not "near"'],
  ])('%j', async (value, problem) => {
    expect(await checkedScenario(value)).toEqual({ problem });
  });

  it('a written machine, and text that is no JSON', async () => {
    expect(await checkedMachine({ hz: 7, tasks: [] })).toEqual({ problem: '/hz must be equal to one of the allowed values (100, 250, 300, 1000), not 7' });
    expect(await parsed('{ "cpus": ', checkedScenario)).toEqual({ problem: expect.stringMatching(/^is no JSON: /) as string });
    await expect(whoOf({ machine: { tasks: [reader, { ...reader, comm: 'dog' }] } }, () => Promise.resolve(undefined))).rejects.toThrow('/machine: two tasks, "cat" and "dog", have the pid 9');
  });

  it('a snapshot that is not there, or none', async () => {
    await expect(whoOf({ snapshot: 'a.txt' }, () => Promise.resolve(undefined))).rejects.toThrow('/snapshot "a.txt": there is no such file');
    await expect(whoOf({ snapshot: 'a.txt' }, () => Promise.resolve(new Uint8Array(10)))).rejects.toThrow('/snapshot "a.txt": is in no known format: docs/snapshots.md lists them');
  });
});
