/** Tasks that have switched and enter no function of the patch are left asleep. Where there are CPUs enough, nobody else may notice. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Behavior, Task, Trace } from '../../server/src/simulate';
import { load, loadBy, quietMachine, type Options } from './machines';

const duration = fc.integer({ min: 1, max: 4000 }).map((ms) => ({ kind: 'exponential' as const, meanMs: ms }));
const behavior: fc.Arbitrary<Behavior> = fc.oneof(
  fc.record({ kind: fc.constant('sleep' as const), interruptible: fc.boolean(), lasts: duration }),
  fc.record({ kind: fc.constant('fork' as const), every: duration, child: fc.record({ comm: fc.constant('child'), stack: fc.subarray(['f', 'g', 'other'], { minLength: 1 }), lives: duration }) }),
  fc.constant<Behavior>({ kind: 'busy' }),
  fc.constant<Behavior>({ kind: 'script', steps: [{ call: 'g', steps: [{ sleep: { kind: 'exponential', meanMs: 300 } }] }, { run: { kind: 'fixed', ms: 3 } }] }),
);
const tasks = fc.array(fc.record({
  comm: fc.constant('t'), kind: fc.constantFrom('user' as const, 'kthread' as const), state: fc.constant('S' as const),
  stack: fc.subarray(['f', 'g', 'other', 'do_syscall_64'], { minLength: 1 }), behavior,
}), { minLength: 1, maxLength: 8 }).map((all) => all.map((each, i): Task => ({ ...each, pid: 10 + i })));

/** What an operator does who only looks, later than anything else: as long as he is to come, nobody is left asleep. */
const LOOK = { atMs: 19_999, kind: 'sysfs', path: 'lp/enabled' } as const;

describe('being left asleep', () => {
  it('changes nothing for those who are not', () => {
    fc.assert(fc.property(tasks, fc.integer(), (some, seed) => {
      const options: Options = { functions: ['f', 'g'], machine: { ...quietMachine(some), cpus: 32 }, seed, giveUpAfterMs: 20_000 };
      const [left, awake] = [load(options), load({ ...options, actions: [LOOK] })];
      const of = ({ passes, signals, log, appliedMs, completeMs, violations }: Trace): object => ({ passes, signals, log, appliedMs, completeMs, violations });
      expect(of(left)).toEqual(of(awake));
    }), { numRuns: 150 });
  });

  it('spares events: a large machine at rest costs what its blockers cost', () => {
    const sleeper = (pid: number, name: string): Task => ({ pid, comm: name, kind: 'user', state: 'S', stack: [name], behavior: { kind: 'sleep', interruptible: false, lasts: { kind: 'exponential', meanMs: 1 } } });
    const machine = quietMachine([...Array.from({ length: 5000 }, (_, i) => sleeper(100 + i, 'other')), { ...sleeper(10, 'f'), kind: 'kthread', behavior: { kind: 'sleep', interruptible: false } }]);
    // 5,000 tasks that wake a thousand times a second for 75 s would be 375 million wake-ups.
    for (const model of ['livepatch', 'kgraft', 'kpatch'] as const) expect(loadBy(model, { functions: ['f'], machine }).completeMs).toBe(null);
  });
});
