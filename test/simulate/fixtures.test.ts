/** The situations S0 to S10 that were measured on Debian 6.1.192 (4 CPUs, 250 Hz), each with its outcome. */
import { describe, expect, it } from 'vitest';
import type { Trace } from '../../server/src/simulate';
import { forever, kthread, load, quietMachine, texts, user } from './machines';

const SEEDS = [1, 2, 3, 4, 5, 6];
/** More than 0.75 s and at most 1.75 s, one bucket of the wheel later at most, 20 ms of loading before. */
const FIRST_MS = { from: 750, to: 1750 + 32 + 21 };
const BUCKET_MS = 32;

const lane = (trace: Trace, comm: string): Trace['lanes'][number] => {
  const found = trace.lanes.find((l) => l.comm === comm);
  if (found === undefined) throw new Error(`no lane ${comm}`);
  return found;
};

const completingNs = (trace: Trace, what: string): number => trace.log.find(({ text }) => text.includes(`completing ${what}`))?.atNs ?? NaN;

describe.each(SEEDS)('seed %i', (seed) => {
  it('S0 nobody in the patch: pass 0 fails on idle CPUs only, pass 1 completes', () => {
    const trace = load({ seed });
    expect(trace.passes).toHaveLength(2);
    expect(trace.passes[0]?.blockers.map(({ comm, reason }) => `${comm.split('/')[0] ?? ''} ${reason}`)).toEqual(Array(3).fill('swapper running'));
    expect(trace.appliedMs).toBeGreaterThan(FIRST_MS.from);
    expect(trace.appliedMs).toBeLessThanOrEqual(FIRST_MS.to);
  });

  it('S1 interruptible user sleeper: freed by the signal of pass 15, complete at pass 16', () => {
    const trace = load({ seed, functions: ['target_read'], machine: quietMachine([user(9, 'cat', ['target_read', 'vfs_read'], forever(true))]) });
    expect(trace.passes).toHaveLength(17);
    expect(trace.signals.map(({ atNs }) => atNs - (trace.passes[15]?.atNs ?? 0))).toEqual([expect.closeTo(0, -5)]);
    expect(lane(trace, 'cat').switches.map(({ cause }) => cause)).toEqual(['exit to user']);
    expect(trace.outcome).toBe('complete');
  });

  it('S2 uninterruptible user sleeper for 24 s: the signal is useless, completes at the first pass after it wakes', () => {
    const sleeper = user(9, 'cat', ['target_read'], { kind: 'sleep', interruptible: false, lasts: { kind: 'fixed', ms: 24_000 } }, 'D');
    const trace = load({ seed, functions: ['target_read'], machine: quietMachine([sleeper]) });
    expect(trace.signals).toHaveLength(1);
    expect(trace.appliedMs).toBeGreaterThan(24_000);
    expect(trace.appliedMs).toBeLessThanOrEqual(25_000 + BUCKET_MS);
  });

  it('S3 kthread that loops in the patch: signals are useless; a reversal completes at the queued tick', () => {
    const sleeper = kthread(9, 'klp_kwait', ['target_kwait'], forever(true));
    const machine = quietMachine([sleeper], { uptimeMs: 71_286 });
    expect(load({ seed, functions: ['target_kwait'], machine })).toMatchObject({ outcome: 'stuck', appliedMs: null, signals: [{}, {}, {}, {}] });
    const reversed = load({ seed, functions: ['target_kwait'], machine, actions: [{ atMs: 43_065, kind: 'reverse' }] });
    expect(reversed).toMatchObject({ outcome: 'failed', appliedMs: null });
    const completing = completingNs(reversed, 'unpatching');
    expect(completing / 1e6).toBeGreaterThan(43_065);
    expect(completing / 1e6).toBeLessThanOrEqual(44_065 + BUCKET_MS);
  });

  it.each([['S4 patched', 'target_spin'], ['S5 unrelated', 'cmdline_proc_show']])('%s busy kthread: is running at every pass; after the reversal unpatching never ends', (_, name) => {
    const spin = kthread(9, 'klp_kspin', ['target_spin'], { kind: 'busy' }, 'R');
    const trace = load({ seed, functions: [name], machine: quietMachine([spin]), actions: [{ atMs: 31_000, kind: 'reverse' }] });
    const before = trace.passes.filter(({ atNs }) => atNs < 31e9);
    expect(before.length).toBeGreaterThan(29);
    for (const pass of before) expect(pass.blockers).toContainEqual({ pid: 9, comm: 'klp_kspin', reason: 'running' });
    expect(texts(trace).at(-1)).toBe("'lp': completing unpatching transition");
    expect(trace.outcome).toBe('stuck');
    expect(trace.notes.join()).toContain('synchronize_rcu_tasks');
  });

  it('S6 force: completes at the next tick, and disabling works afterwards', () => {
    const machine = quietMachine([kthread(9, 'klp_kwait', ['target_kwait'], { kind: 'sleep', interruptible: true, lasts: { kind: 'fixed', ms: 500 } })]);
    const trace = load({ seed, functions: ['target_kwait'], machine, actions: [{ atMs: 3_035, kind: 'force' }] });
    expect(trace.outcome).toBe('unsafe');
    expect(trace.appliedMs).toBeLessThanOrEqual(4_035 + BUCKET_MS);
    expect(trace.violations).toMatchObject([{ invariant: 'I3', task: 'klp_kwait:9' }]);
  });

  it('S7 eight busy user tasks on four CPUs: three are running at pass 0, pass 1 completes', () => {
    const hogs = Array.from({ length: 8 }, (_, i) => user(10 + i, 'sh', [], { kind: 'busy' }, 'R'));
    const trace = load({ seed, machine: quietMachine(hogs) });
    expect(trace.passes[0]?.blockers).toMatchObject(Array(3).fill({ comm: 'sh', reason: 'running' }));
    expect(trace.passes).toHaveLength(2);
  });

  it('S8 a child forked while its parent is in the old universe starts there', () => {
    const parent = kthread(9, 'kthreadd2', ['kthreadd'], { kind: 'fork', every: { kind: 'fixed', ms: 300 }, child: { comm: 'kid', stack: ['__schedule', 'schedule', 'kthread', 'ret_from_fork'], lives: { kind: 'fixed', ms: 2000 } } });
    const trace = load({ seed, functions: ['kthreadd'], machine: quietMachine([parent]), giveUpAfterMs: 5000 });
    const kids = trace.lanes.filter(({ comm }) => comm === 'kid');
    expect(kids.flatMap(({ pids }) => pids).length).toBeGreaterThan(10);
    expect(kids[0]?.segments[0]?.state).toBe('pending');
    expect(trace.violations).toEqual([]);
  });

  it('S9 SIGSTOP and SIGCONT free the sleeper; completes at the next tick', () => {
    const machine = quietMachine([user(9, 'cat', ['target_read'], forever(true))]);
    const trace = load({ seed, functions: ['target_read'], machine, actions: [{ atMs: 4_100, kind: 'poke', pid: 9 }] });
    expect(lane(trace, 'cat').switches).toMatchObject([{ cause: 'exit to user', atNs: 4_100_000_000 }]);
    expect(trace.appliedMs).toBeLessThanOrEqual(5_100 + BUCKET_MS);
    expect(trace.signals).toEqual([]);
  });

  it('S10 reversal while an uninterruptible sleeper blocks: completes at the next tick', () => {
    const machine = quietMachine([user(9, 'cat', ['target_read'], forever(false), 'D')], { uptimeMs: 42_977 });
    const trace = load({ seed, functions: ['target_read'], machine, actions: [{ atMs: 3_077, kind: 'reverse' }] });
    expect(trace.outcome).toBe('failed');
    expect(completingNs(trace, 'unpatching') / 1e6).toBeLessThanOrEqual(4_077 + BUCKET_MS);
    // It never left the old universe, so turning back has nothing to do for it.
    expect(lane(trace, 'cat').switches).toEqual([]);
  });
});
