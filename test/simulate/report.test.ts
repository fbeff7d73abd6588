/** What a person and a script get to see of a trace. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { builtinMachine, MODEL_NAMES } from '../../server/src/simulate';
import { simulationJson } from '../../server/src/report/simulation';
import { simulationLog } from '../../server/src/report/simulation-log';
import { simulationText } from '../../server/src/report/simulation-text';
import { expectGolden } from './golden';
import { forever, load, loadBy, quietMachine, user } from './machines';

const schema = JSON.parse(readFileSync(new URL('../../docs/schemas/simulate.schema.json', import.meta.url), 'utf8')) as object;
const validate = new Ajv({ strict: true, strictTypes: false, allErrors: true }).compile(schema);

const machine = builtinMachine();
const traces = {
  complete: load({ functions: ['do_select'], machine, seed: 7 }),
  stuck: load({ functions: ['worker_thread', 'kthreadd'], machine, seed: 7, giveUpAfterMs: 20_000 }),
  unsafe: load({ functions: ['n_tty_read'], machine, seed: 7, actions: [{ atMs: 3000, kind: 'force' }] }),
  failed: load({ functions: ['kswapd'], machine, seed: 7, actions: [{ atMs: 3000, kind: 'reverse' }] }),
  unknown: load({ functions: ['io_schedule'], machine: quietMachine([{ ...user(9, 'cat', [], forever(false), 'D'), hidden: true }]), seed: 7 }),
};

describe.each(Object.entries(traces))('%s', (name, trace) => {
  it('is valid JSON by the schema', () => {
    expect(validate(simulationJson([trace])), JSON.stringify(validate.errors)).toBe(true);
  });

  it('reads well', () => {
    expectGolden(`${name}.txt`, simulationText([trace]));
  });
});

it('has the outcome each case is named after', () => {
  expect([traces.complete, traces.stuck, traces.unsafe, traces.failed].map(({ outcome }) => outcome)).toEqual(['complete', 'stuck', 'unsafe', 'failed']);
});

it('counts in the JSON what is in the trace', () => {
  const trace = traces.unsafe;
  const [run] = simulationJson([trace]).runs;
  expect(run).toMatchObject({
    model: 'livepatch', version: '6.1.192', outcome: 'unsafe', passes: trace.passes.length, signals: 0, pause_ms: 0, attempts: 1,
    blocked: { last: [] }, violations: [{ invariant: 'I3', at_ms: 3000 }],
  });
  expect(run?.log[0]).toBe("livepatch: enabling patch 'lp'");
  expect(run?.blocked.first).toContainEqual({ pid: expect.any(Number) as number, comm: 'agetty', reason: 'sleeping', function: 'n_tty_read' });
});

describe('several systems', () => {
  const all = MODEL_NAMES.map((model) => loadBy(model, { functions: ['do_select'], machine, seed: 7 }));

  it('are compared', () => {
    expectGolden('comparison.txt', simulationText(all));
  });

  it('are one valid document, in the order asked for', () => {
    const json = simulationJson(all);
    expect(validate(json), JSON.stringify(validate.errors)).toBe(true);
    expect(json.runs.map(({ model }) => model)).toEqual(MODEL_NAMES);
  });

  it('tell what they broke, and what they never promised', () => {
    const json = simulationJson(all);
    const of = (name: string) => json.runs.find(({ model }) => model === name)?.violations;
    expect(of('livepatch')).toEqual([]);
    expect(of('livepatch-4.0')).toMatchObject([{ invariant: 'I3', task: expect.stringContaining('rsyslogd') as string, text: expect.stringMatching(/do_select.*not promised/) as string }]);
  });
});

it('is refused by the schema with a field too many', () => {
  expect(validate({ ...simulationJson([traces.complete]), extra: 1 })).toBe(false);
});

it('puts several traces into one document and one table', () => {
  const both = [traces.complete, traces.failed];
  expect(simulationJson(both).runs).toHaveLength(2);
  expect(simulationText(both).split('\n').filter((line) => /^livepatch {2}/.test(line))).toHaveLength(2);
  expect(simulationText([])).toBe('');
  expect(() => simulationJson([])).toThrow(RangeError);
});

it('writes log lines as dmesg does, in order of time', () => {
  const lines = simulationLog({ ...traces.complete, machine: { ...traces.complete.machine, uptimeMs: 12_345.678 } }).trimEnd().split('\n');
  expect(lines[0]).toBe("[   12.345678] livepatch: enabling patch 'lp'");
  const times = lines.map((line) => Number(line.slice(1, 13)));
  expect(times).toEqual([...times].sort((a, b) => a - b));
});
