/** What must hold for every model, on every machine, for every patch and every seed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MODELS, simulate, type Action, type Behavior, type Interrupt, type Machine, type ModelName, type SimulatedPatch, type Step, type Task, type Trace } from '../../server/src/simulate';

const FUNCTIONS = ['f', 'g', 'h', 'schedule', 'do_syscall_64', 'worker_main'];
const PATCHED = ['f', 'g', 'h', 'worker_main'];
const duration = fc.integer({ min: 1, max: 9000 }).map((ms) => ({ kind: 'exponential' as const, meanMs: ms }));
const name = fc.constantFrom(...PATCHED, 'other');
const leaf: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ sleep: duration, interruptible: fc.boolean() }),
  fc.integer({ min: 1, max: 50 }).map((ms): Step => ({ run: { kind: 'fixed', ms } })),
  name.map((call): Step => ({ call })),
);
const call: fc.Arbitrary<Step> = fc.record({ call: name, steps: fc.array(leaf, { minLength: 1, maxLength: 3 }) });
const behavior: fc.Arbitrary<Behavior> = fc.oneof(
  fc.record({ kind: fc.constant('sleep' as const), interruptible: fc.boolean(), lasts: duration }),
  fc.record({ kind: fc.constant('sleep' as const), interruptible: fc.boolean() }),
  fc.constant<Behavior>({ kind: 'busy', syscallEveryUs: 100 }),
  fc.record({ kind: fc.constant('fork' as const), every: duration.map(({ meanMs }) => ({ kind: 'exponential' as const, meanMs: meanMs + 50 })), child: fc.record({ comm: fc.constant('child'), stack: fc.subarray(FUNCTIONS, { minLength: 1 }), lives: duration }) }),
  fc.record({ kind: fc.constant('script' as const), steps: fc.array(call, { minLength: 1, maxLength: 3 }) }),
);
const task: fc.Arbitrary<Omit<Task, 'pid'>> = fc.record({
  comm: fc.constantFrom('a', 'b'), kind: fc.constantFrom('user' as const, 'kthread' as const), state: fc.constantFrom('S' as const, 'D' as const),
  stack: fc.subarray(FUNCTIONS, { minLength: 1 }), behavior,
});
const interrupt: fc.Arbitrary<Interrupt> = fc.record({
  name: fc.constant('irq'), context: fc.constantFrom('irq' as const, 'softirq' as const), every: fc.integer({ min: 20, max: 900 }).map((ms) => ({ kind: 'exponential' as const, meanMs: ms })),
  calls: fc.array(fc.record({ call: name }), { minLength: 1, maxLength: 2 }),
});
const machine: fc.Arbitrary<Machine> = fc.record({
  tasks: fc.array(task, { maxLength: 8 }).map((tasks) => tasks.map((each, i) => ({ ...each, pid: i + 1 }))),
  interrupts: fc.array(interrupt, { maxLength: 2 }),
  cpus: fc.integer({ min: 1, max: 4 }), hz: fc.constantFrom(100, 250, 1000), kernelVersion: fc.constantFrom('4.14', '5.4', '6.1.192', '6.6', '6.18'),
  preemption: fc.constantFrom('none' as const, 'full' as const), unwinder: fc.constantFrom('orc' as const, 'frame-pointer' as const), reliableStacks: fc.constant(true),
});
const functions = fc.subarray(PATCHED, { minLength: 1 }).map((names) => names.map((each) => ({ name: each, object: 'vmlinux' })));
const patch: fc.Arbitrary<SimulatedPatch> = fc.record({ name: fc.constant('lp'), functions });
const second: fc.Arbitrary<SimulatedPatch> = fc.record({ name: fc.constant('second'), functions, replace: fc.boolean() });
const at = fc.integer({ min: 0, max: 15_000 });
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ atMs: at, kind: fc.constantFrom('reverse' as const, 'disable' as const) }),
  fc.record({ atMs: at, kind: fc.constant('enable' as const), patch: second }),
);

interface Case { readonly machine: Machine; readonly patch: SimulatedPatch; readonly seed: number; readonly actions: readonly Action[] }
const anyCase: fc.Arbitrary<Case> = fc.record({ machine, patch, seed: fc.integer(), actions: fc.array(action, { maxLength: 3 }) });
const untouched = anyCase.map((each) => ({ ...each, actions: [] }));

function run(model: ModelName, each: Case): Trace {
  const result = simulate({ model, ...each, giveUpAfterMs: model === 'reboot' || model === 'kexec' ? 200_000 : 20_000, watchAfterMs: 500 });
  if (!result.ok) throw new Error(result.message);
  return result.trace;
}

const check = (arbitrary: fc.Arbitrary<Case>, numRuns: number, property: (each: Case) => void): void => { fc.assert(fc.property(arbitrary, property), { numRuns }); };

describe.each(MODELS.map((model) => [model.name, model] as const))('%s', (model, { promises, what }) => {
  it('gives the same bytes for the same input', () => {
    check(anyCase, 15, (each) => { expect(JSON.stringify(run(model, each))).toBe(JSON.stringify(run(model, each))); });
  });

  it('keeps every promise as long as nobody forces it', () => {
    check(anyCase, 60, (each) => { expect(run(model, each).violations).toEqual([]); });
  });

  it('tells nothing of what it promises as unpromised', () => {
    check(anyCase, 20, (each) => { for (const { invariant } of run(model, each).unpromised) expect(promises).not.toContain(invariant); });
  });

  it('switches a task at most once without a reversal, and nobody before the load', () => {
    check(untouched, 40, (each) => {
      for (const lane of run(model, each).lanes) {
        expect(lane.switches.length).toBeLessThanOrEqual(1);
        for (const { atNs } of lane.switches) expect(atNs).toBeGreaterThanOrEqual(0);
      }
    });
  });

  it('has no event before its cause', () => {
    check(anyCase, 40, (each) => {
      const { log, passes, pauses, signals, actions, lanes, endNs, appliedMs, completeMs } = run(model, each);
      const inOrder = (times: readonly number[]): void => { expect(times).toEqual([...times].sort((a, b) => a - b)); };
      for (const list of [log, passes, signals, actions]) inOrder(list.map(({ atNs }) => atNs));
      inOrder(pauses.flatMap(({ fromNs, toNs }) => [fromNs, toNs]));
      expect(passes.every(({ atNs }) => atNs <= endNs)).toBe(true);
      for (const { segments } of lanes) segments.slice(1).forEach((segment, i) => { expect(segment.fromNs).toBe(segments[i]?.toNs); });
      if (completeMs !== null) expect(appliedMs).toBeLessThanOrEqual(completeMs);
      // Nothing happens while the machine is stopped.
      for (const { switches } of lanes) for (const { atNs } of switches) expect(pauses.some(({ fromNs, toNs }) => what !== 'kernel' && fromNs < atNs && atNs < toNs)).toBe(false);
    });
  });

  if (what === 'kernel') {
    it('never lets old code be entered beside new (I1)', () => {
      check(anyCase, 60, (each) => {
        const { violations, unpromised } = run(model, each);
        expect([...violations, ...unpromised].filter(({ invariant }) => invariant === 'I1')).toEqual([]);
      });
    });
  }
});

it('kGraft runs a system call in one version from beginning to end (I2)', () => {
  check(anyCase, 60, (each) => {
    const kthreads = new Set(each.machine.tasks.filter(({ kind }) => kind === 'kthread').map(({ comm, pid }) => `${comm}:${pid}`));
    for (const { invariant, task: who } of run('kgraft', each).unpromised) if (invariant === 'I2' && !who.startsWith('child')) expect(kthreads).toContain(who);
  });
});

it('only systems that switch the whole kernel promise I1', () => {
  for (const { promises, what } of MODELS) expect(promises.includes('I1')).toBe(what === 'kernel');
});

/** Runs whenever anybody looks, so that no transition ends by itself. */
const inTheWay: Task = { pid: 99, comm: 'spin', kind: 'kthread', state: 'R', stack: ['kthread', 'ret_from_fork'], behavior: { kind: 'busy' } };
const forceable = fc.record({ each: untouched, version: fc.constantFrom('4.19', '5.0', '5.4', '6.1.192', '6.3', '6.18'), forcedAway: fc.boolean() });

it('a patch that was forced away stays pinned, and one that was not does not', () => {
  let [pinned, free] = [0, 0];
  fc.assert(fc.property(forceable, ({ each, version, forcedAway }) => {
    const machine = { ...each.machine, kernelVersion: version, tasks: [...each.machine.tasks, inTheWay], cpus: 2 };
    const actions: Action[] = [
      { atMs: 3000, kind: 'force' }, { atMs: 8000, kind: 'disable' },
      // Without a force the one in the way holds up the way back, and the patch with it.
      ...(forcedAway ? [{ atMs: 11_000, kind: 'force' as const }] : []), { atMs: 18_000, kind: 'unload module', module: 'lp' },
    ];
    const { actions: results, notes } = run('livepatch', { ...each, machine, actions });
    const of = (kind: Action['kind'], last = false): string | undefined => (last ? results.filter((one) => one.kind === kind).at(-1) : results.find((one) => one.kind === kind))?.result;
    // Where the transition was over before (the one in the way was off its CPU), there is nothing to force.
    fc.pre(of('disable') === 'ok');
    const wasForcedAway = notes.some((note) => note.includes('pinned'));
    // Or the command before still waits for tasks to leave the old code, which the one in the way never does.
    if (wasForcedAway) expect(['Device or resource busy', 'hangs']).toContain(of('unload module'));
    if (wasForcedAway) pinned += 1;
    else free += 1;
    if (!forcedAway) expect(wasForcedAway).toBe(false);
  }), { numRuns: 60 });
  expect(pinned).toBeGreaterThan(5);
  expect(free).toBeGreaterThan(5);
});
