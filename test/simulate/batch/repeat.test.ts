/** Many seeds: each run is the one its seed alone gives, and the distribution counts them all. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { builtinMachine, simulate, type ModelName, type SimulationInput, type Task } from '../../../server/src/simulate';
import { batchOf, distributions, type RunOutline } from '../../../server/src/simulate/batch';
import { repeatJson } from '../../../server/src/report/repeat';
import { simulationJson } from '../../../server/src/report/simulation';
import { repeatText } from '../../../server/src/report/repeat-text';
import { expectGolden } from '../golden';
import { forever, quietMachine, user } from '../machines';

const validate = new Ajv({ strict: true, strictTypes: false }).compile(JSON.parse(readFileSync(new URL('../../../docs/schemas/simulate.schema.json', import.meta.url), 'utf8')) as object);

/** Half of its time in `visited`: four of them leave kpatch's attempts one chance in sixteen each. */
const visitor = (pid: number): Task => ({
  pid, comm: 'visitor', kind: 'user', state: 'S', stack: [],
  behavior: { kind: 'script', steps: ['visited', 'other'].map((call) => ({ call, steps: [{ sleep: { kind: 'uniform', minMs: 0, maxMs: 1000 }, interruptible: true }] })) },
});
const machine = quietMachine([101, 102, 103, 104].map(visitor));
const input: Omit<SimulationInput, 'model'> = { patch: { name: 'lp', functions: [{ name: 'visited', object: 'vmlinux' }] }, machine, seed: 5 };
const models: readonly ModelName[] = ['livepatch', 'kpatch', 'kexec'];
const go = (): boolean => false;

function runs(repeat: number): (readonly RunOutline[])[] {
  const batch = batchOf({ kind: 'repeat', models, input, repeat });
  return Array.from({ length: batch.count }, (_, index) => batch.run(index, go) ?? []);
}

it('repetition i is what seed + i gives', () => {
  for (const [index, item] of runs(4).entries()) {
    expect(item.map(({ model }) => model)).toEqual(models);
    for (const { model, seed, outcome, completeMs, pauseMs, passes } of item) {
      expect(seed).toBe(5 + index);
      const alone = simulate({ ...input, model, seed });
      expect(alone).toMatchObject({ ok: true, trace: { outcome, completeMs, pauseMs, passes: { length: passes } } });
    }
  }
});

it('is nothing when it was told to stop', () => {
  const long = { ...input, patch: { name: 'lp', functions: [{ name: 'kswapd', object: 'vmlinux' }] }, machine: builtinMachine() };
  expect(batchOf({ kind: 'repeat', models, input: long, repeat: 1 }).run(0, () => true)).toBeUndefined();
});

it('fails on what cannot be simulated, rather than counting it', () => {
  expect(() => batchOf({ kind: 'repeat', models, input: { ...input, machine: { ...builtinMachine(), hz: 7 } }, repeat: 1 }).run(0, go)).toThrow('HZ is one of');
});

describe('a distribution', () => {
  const found = distributions(runs(30));
  const of = (model: ModelName) => found.find((each) => each.model === model);

  it('has every run of its model', () => {
    for (const { model, runs: all, outcomes } of found) {
      expect(all.map((run) => [run.model, run.seed])).toEqual(Array.from({ length: 30 }, (_, i) => [model, 5 + i]));
      expect(Object.values(outcomes).reduce((sum, each) => sum + each, 0)).toBe(30);
    }
  });

  it('tells who was in the way, and which seed to look at', () => {
    const kpatch = of('kpatch');
    const failed = kpatch?.runs.filter(({ outcome }) => outcome === 'failed') ?? [];
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.length).toBeLessThan(30);
    expect(kpatch?.outcomes.failed).toBe(failed.length);
    expect(kpatch?.seeds.stuck).toBe(failed[0]?.seed);
    expect(kpatch?.left).toEqual([{ comm: 'visitor', reason: 'sleeping', function: 'visited', runs: failed.length, tasks: failed.length }]);
    expect(of('kexec')).toMatchObject({ left: [], completeMs: { min: 30_000, max: 30_000 }, pauseMs: { median: 30_000 } });
  });

  it('reads well', () => {
    const trace = simulate({ ...input, model: 'kexec' });
    if (!trace.ok) throw new Error(trace.message);
    expectGolden('repeat.txt', repeatText(found, trace.trace.machine, 40));
  });

  it('marks imagined tasks that were left, validly', () => {
    const imagined: Task = { ...user(105, '?visited', ['visited'], forever(false), 'D'), hypothetical: 'imagined' };
    const asked = { ...input, machine: quietMachine([imagined]) };
    const item = batchOf({ kind: 'repeat', models: ['ksplice'], input: asked, repeat: 1 }).run(0, go) ?? [];
    const result = simulate({ ...asked, model: 'ksplice' });
    if (!result.ok) throw new Error(result.message);
    const document = { ...simulationJson([result.trace]), repeat: repeatJson(distributions([item]), 1) };
    expect(document.repeat.distributions[0]?.left).toMatchObject([{ comm: '?visited', hypothetical: true }]);
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  });

  it('is JSON by seed', () => {
    const json = repeatJson(found, 40);
    expect(json).toMatchObject({ asked: 40, runs: 30 });
    expect(json.distributions[0]?.complete_ms_by_seed).toEqual(found[0]?.runs.map(({ completeMs }) => completeMs));
  });
});
