/** What must hold on every machine, for every patch and every seed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtinMachine, convergence, type Action, type Behavior, type Machine, type Task, type Trace } from '../../server/src/simulate';
import { load } from './machines';

const FUNCTIONS = ['f', 'g', 'h', 'schedule', 'do_syscall_64', 'kthread'];
const duration = fc.integer({ min: 1, max: 30_000 }).map((ms) => ({ kind: 'exponential' as const, meanMs: ms }));
const behavior: fc.Arbitrary<Behavior> = fc.oneof(
  fc.record({ kind: fc.constant('sleep' as const), interruptible: fc.boolean() }),
  fc.record({ kind: fc.constant('sleep' as const), interruptible: fc.boolean(), lasts: duration }),
  fc.constant<Behavior>({ kind: 'busy' }),
  fc.constant<Behavior>({ kind: 'busy', syscallEveryUs: 50 }),
  fc.record({
    kind: fc.constant('fork' as const),
    every: duration,
    child: fc.record({ comm: fc.constant('child'), stack: fc.subarray(FUNCTIONS, { minLength: 1 }), lives: duration }),
  }),
);
const task: fc.Arbitrary<Omit<Task, 'pid'>> = fc.record({
  comm: fc.constantFrom('a', 'b', 'c'),
  kind: fc.constantFrom('user' as const, 'kthread' as const),
  state: fc.constantFrom('S' as const, 'D' as const, 'T' as const),
  stack: fc.subarray(FUNCTIONS, { minLength: 1 }),
  hidden: fc.boolean(),
  behavior,
});
const machine: fc.Arbitrary<Machine> = fc.record({
  tasks: fc.array(task, { maxLength: 12 }).map((tasks) => tasks.map((t, i) => ({ ...t, pid: i + 1 }))),
  cpus: fc.integer({ min: 1, max: 5 }),
  offlineCpus: fc.integer({ min: 0, max: 2 }),
  hz: fc.constantFrom(100, 250, 300, 1000),
  kernelVersion: fc.constantFrom('4.12', '4.19', '5.4', '5.15', '6.1.192', '6.6', '6.18'),
  preemption: fc.constantFrom('none' as const, 'voluntary' as const, 'full' as const, 'dynamic' as const),
  unwinder: fc.constantFrom('orc' as const, 'frame-pointer' as const),
  reliableStacks: fc.constant(true),
});
const reversals = fc.array(fc.record({ atMs: fc.integer({ min: 0, max: 20_000 }), kind: fc.constantFrom('reverse' as const, 'disable' as const) }), { maxLength: 3 });

interface Case { readonly machine: Machine; readonly functions: readonly string[]; readonly seed: number; readonly actions: readonly Action[] }
const anyCase: fc.Arbitrary<Case> = fc.record({ machine, functions: fc.subarray(FUNCTIONS, { minLength: 1 }), seed: fc.integer(), actions: reversals });
const run = (c: Case): Trace => load({ ...c, giveUpAfterMs: 25_000 });

describe('every simulation', () => {
  it('gives the same bytes for the same input', () => {
    fc.assert(fc.property(anyCase, (c) => { expect(JSON.stringify(run(c))).toBe(JSON.stringify(run(c))); }), { numRuns: 60 });
  });

  it('switches no task twice in one direction, lets children inherit, forces nothing by itself (I5, I6, I3)', () => {
    fc.assert(fc.property(anyCase, (c) => { expect(run(c).violations).toEqual([]); }), { numRuns: 200 });
  });

  it('without a reversal, a task is pending, then patched, and nothing else', () => {
    fc.assert(fc.property(anyCase, (c) => {
      for (const lane of run({ ...c, actions: [] }).lanes) {
        const states = lane.segments.map(({ state }) => state).join(' ');
        expect(states).toMatch(/^(undefined ?)?(unpatched ?)?(pending ?)?(patched ?)?(undefined)?$/);
        expect(lane.switches.length).toBeLessThanOrEqual(1);
      }
    }), { numRuns: 200 });
  });

  it('never switches by a stack check a task that could only be asleep in the patch', () => {
    fc.assert(fc.property(anyCase, (c) => {
      const stuck = c.machine.tasks.filter((t) => t.behavior.kind === 'sleep' && t.behavior.lasts === undefined && t.stack.some((f) => c.functions.includes(f)));
      const trace = run({ ...c, actions: [] });
      for (const { pid, kind } of stuck) {
        const causes = trace.lanes.find(({ pids }) => pids.includes(pid))?.switches.map(({ cause }) => cause);
        expect(causes).toEqual(kind === 'kthread' ? [] : causes?.filter((cause) => cause === 'exit to user'));
      }
    }), { numRuns: 200 });
  });

  it('has lanes whose segments touch, and which end as the outcome says', () => {
    fc.assert(fc.property(anyCase, (c) => {
      const trace = run(c);
      const alive = trace.lanes.filter(({ segments }) => segments.at(-1)?.toNs === trace.endNs);
      for (const { segments } of trace.lanes) segments.slice(1).forEach((s, i) => { expect(s.fromNs).toBe(segments[i]?.toNs); });
      if (trace.outcome === 'complete') for (const { segments } of alive) expect(segments.at(-1)?.state).not.toBe('pending');
      expect(trace.appliedMs === null).toBe(trace.log.every(({ text }) => !text.includes('completing patching')));
    }), { numRuns: 200 });
  });

  it('completes exactly after a pass that leaves nobody', () => {
    fc.assert(fc.property(anyCase, (c) => {
      const trace = run(c);
      const clean = trace.passes.filter(({ blockers }) => blockers.length === 0).length;
      expect(clean).toBe(trace.log.filter(({ text }) => text.includes(': completing ')).length);
    }), { numRuns: 200 });
  });

  it('has a convergence curve that stays between nobody and everybody', () => {
    fc.assert(fc.property(anyCase, (c) => {
      for (const { switched, total } of convergence(run(c))) {
        expect(switched).toBeGreaterThanOrEqual(0);
        expect(switched).toBeLessThanOrEqual(total);
      }
    }), { numRuns: 100 });
  });
});

it('the built-in machine has about 90 tasks, each with a stack or at work', () => {
  const { tasks } = builtinMachine();
  expect(tasks.length).toBeGreaterThanOrEqual(85);
  expect(tasks.length).toBeLessThanOrEqual(105);
  for (const t of tasks) expect(t.stack.length > 0).toBe(t.behavior.kind !== 'busy');
});
