/** The situations on which the systems differ: what each model makes of them is data beside the scenario. */
import { describe, expect, it } from 'vitest';
import { expectGolden } from './golden';
import { scenariosPage } from './scenariosPage';
import { MODEL_NAMES, SCENARIOS, simulate, type ModelName, type Scenario, type ScenarioVerdict, type Trace } from '../../server/src/simulate';

const verdicts: Record<Trace['outcome'], ScenarioVerdict> = { complete: 'applied', unsafe: 'broken', failed: 'not applied', stuck: 'not applied' };

function play({ input }: Scenario, model: ModelName): Trace {
  const result = simulate({ model, ...input });
  if (!result.ok) throw new Error(result.message);
  return result.trace;
}

function scenario(name: string): Scenario {
  const found = SCENARIOS.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no scenario ${name}`);
  return found;
}

it('there are nine, and each says what it expects of every model', () => {
  expect(SCENARIOS).toHaveLength(9);
  expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(9);
  for (const { expected } of SCENARIOS) expect(Object.keys(expected).sort()).toEqual([...MODEL_NAMES].sort());
});

it('the page of the manual is up to date (UPDATE_GOLDEN=1 writes it)', () => {
  expectGolden('../../../docs/simulator/scenarios.md', scenariosPage());
});

describe.each(SCENARIOS.map((each) => [each.name, each] as const))('%s', (_, each) => {
  it.each(MODEL_NAMES)('%s', (model) => {
    const trace = play(each, model);
    const { verdict, invariants = [] } = each.expected[model];
    expect(verdicts[trace.outcome]).toBe(verdict);
    const seen = (verdict === 'broken' ? trace.violations : trace.unpromised).map(({ invariant }) => invariant);
    for (const invariant of invariants) expect(seen).toContain(invariant);
    if (verdict === 'applied') expect(trace.violations).toEqual([]);
    if (verdict === 'broken') expect(new Set(seen)).toEqual(new Set(invariants));
  });
});

describe('what is told about a breach', () => {
  const of = (name: string, model: ModelName): Trace['violations'] => play(scenario(name), model).violations;

  it('the task, the time and the two functions', () => {
    const [first] = of('lock-order', 'livepatch');
    expect(first).toMatchObject({ invariant: 'I1', task: 'flusher:102', functions: ['flush', 'update'] });
    expect(first?.atNs).toBeGreaterThan(0);
  });

  it('where an interrupt was', () => {
    expect(of('interrupt-handler', 'livepatch')[0]?.text).toMatch(/ handler in irq on CPU \d while /);
  });

  it('a copy of an inlined function is looked for where it is', () => {
    const trace = play(scenario('inlined-function'), 'livepatch');
    expect(trace.passes[0]?.blockers).toContainEqual({ pid: 101, comm: 'app', reason: 'sleeping', function: 'caller' });
  });
});
