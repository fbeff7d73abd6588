/** The hybrid model's log, its versions, and what the operator can do to a transition. */
import { describe, expect, it } from 'vitest';
import { builtinMachine, simulate, type SimulationInput, type Step } from '../../server/src/simulate';
import { simulationLog } from '../../server/src/report/simulation-log';
import { expectGolden } from './golden';
import { forever, kthread, load, quietMachine, texts, user } from './machines';

const grammar = (direction: string, first: string[] = []): string[] => [
  ...first, `'lp': initializing ${direction} transition`, `'lp': starting ${direction} transition`,
  `'lp': completing ${direction} transition`, `'lp': ${direction} complete`,
];
const withoutVerdicts = (lines: string[]): string[] => lines.filter((line) => !line.startsWith('klp_try_switch_task'));

describe('the log, in the kernel\'s words and order', () => {
  const sleeper = user(9, 'cat', ['target_read'], forever(false), 'D');

  it('patching', () => {
    expect(withoutVerdicts(texts(load()))).toEqual(grammar('patching', ["enabling patch 'lp'"]));
  });

  it('unpatching', () => {
    expect(withoutVerdicts(texts(load({ direction: 'unpatch' })))).toEqual(grammar('unpatching'));
  });

  it('patching, then disabling', () => {
    const trace = load({ actions: [{ atMs: 10_000, kind: 'disable' }] });
    expect(withoutVerdicts(texts(trace))).toEqual([...grammar('patching', ["enabling patch 'lp'"]), ...grammar('unpatching')]);
    expect(trace.outcome).toBe('complete');
  });

  it.each(['reverse', 'disable'] as const)('%s in the middle has no second "initializing"', (kind) => {
    const trace = load({ functions: ['target_read'], machine: quietMachine([sleeper]), actions: [{ atMs: 3000, kind }] });
    expect(withoutVerdicts(texts(trace))).toEqual([
      "enabling patch 'lp'", "'lp': initializing patching transition", "'lp': starting patching transition",
      "'lp': reversing transition from patching to unpatching", "'lp': starting unpatching transition",
      "'lp': completing unpatching transition", "'lp': unpatching complete",
    ]);
  });

  it.each(['reverse', 'disable', 'force'] as const)('disabling has begun before anybody else comes at the same instant: %s', (kind) => {
    const trace = load({ actions: [{ atMs: 5000, kind: 'disable' }, { atMs: 5000, kind }] });
    const lines = texts(trace);
    const [disabled, then] = [lines.indexOf("'lp': initializing unpatching transition"), lines.findIndex((line) => /reversing|forcing/.test(line))];
    expect(disabled).toBeGreaterThan(0);
    expect(then === -1 || then > disabled).toBe(true);
    expect(trace.violations).toEqual([]);
  });

  it('forcing', () => {
    const trace = load({ functions: ['target_read'], machine: quietMachine([sleeper]), actions: [{ atMs: 3000, kind: 'force' }] });
    expect(withoutVerdicts(texts(trace)).slice(3)).toEqual([
      'forcing remaining tasks to the patched state', "'lp': completing patching transition", "'lp': patching complete",
    ]);
  });

  it('signals: says so once', () => {
    const trace = load({ functions: ['target_read'], machine: quietMachine([sleeper]) });
    expect(trace.signals).toHaveLength(4);
    expect(texts(trace).filter((line) => line === 'signaling remaining tasks')).toHaveLength(1);
  });

  it('names each blocker as the kernel does', () => {
    expect(texts(load({ functions: ['target_read'], machine: quietMachine([sleeper]) }))).toContain(
      'klp_try_switch_task: cat:9 is sleeping on function target_read',
    );
  });
});

describe('a frame keeps the version it was entered with', () => {
  const asleep = (trace: ReturnType<typeof load>, fromMs: number): unknown[] =>
    trace.passes.filter(({ atNs }) => atNs >= fromMs * 1e6).map(({ blockers }) => blockers.find(({ pid }) => pid === 9)?.reason);

  it('unpatching waits for sleepers in the new function', () => {
    const sleeper = user(9, 'cat', ['target_read'], { kind: 'sleep', interruptible: false, lasts: { kind: 'fixed', ms: 5500 } }, 'D');
    const trace = load({ direction: 'unpatch', functions: ['target_read'], machine: quietMachine([sleeper]) });
    expect(asleep(trace, 0).slice(0, 4)).toEqual(Array(4).fill('sleeping'));
    expect(trace.appliedMs).toBeGreaterThan(5500);
  });

  it('a task that was freed sleeps in the new function next, and blocks disabling', () => {
    const machine = quietMachine([user(9, 'cat', ['target_read'], forever(true))]);
    const trace = load({ functions: ['target_read'], machine, actions: [{ atMs: 2500, kind: 'poke', pid: 9 }, { atMs: 10_000, kind: 'disable' }] });
    expect(trace.outcome).toBe('complete');
    expect(asleep(trace, 10_000)).toHaveLength(17);
    expect(asleep(trace, 10_000).slice(0, 16)).toEqual(Array(16).fill('sleeping'));
  });

  it('a task that was forced still sleeps in the old function, which unpatching does not look for', () => {
    const machine = quietMachine([user(9, 'cat', ['target_read'], forever(false), 'D')]);
    const trace = load({ functions: ['target_read'], machine, actions: [{ atMs: 2500, kind: 'force' }, { atMs: 10_000, kind: 'disable' }] });
    expect(asleep(trace, 10_000)).toEqual([undefined, undefined]);
    expect(trace.log.at(-1)?.text).toBe("livepatch: 'lp': unpatching complete");
  });
});

describe('by kernel version', () => {
  const busyKthread = quietMachine([kthread(9, 'kspin', ['target_spin'], { kind: 'busy' }, 'R')]).tasks;
  const interruptible = quietMachine([user(9, 'cat', ['target_read'], forever(true))]).tasks;

  it.each([['4.12.0', 0], ['5.0.21', 0], ['5.1', 1], ['6.1.192', 1]])('%s sends signals by itself: %i', (kernelVersion, signals) => {
    expect(load({ functions: ['target_read'], machine: quietMachine([], { kernelVersion, tasks: interruptible }) }).signals).toHaveLength(signals);
  });

  it.each([['4.14', 'No such file or directory'], ['4.19', 'ok'], ['5.1', 'No such file or directory']])('%s has a signal file: %s', (kernelVersion, result) => {
    const trace = load({ functions: ['target_read'], machine: quietMachine([], { kernelVersion, tasks: interruptible }), actions: [{ atMs: 5000, kind: 'signal' }], giveUpAfterMs: 10_000 });
    expect(trace.actions).toMatchObject([{ kind: 'signal', result }]);
    expect(trace.outcome).toBe(result === 'ok' ? 'complete' : 'stuck');
  });

  it.each([['6.3', 'stuck'], ['6.4', 'complete'], ['6.15', 'complete'], ['6.16', 'stuck']])('%s with a busy kthread that calls cond_resched(): %s', (kernelVersion, outcome) => {
    expect(load({ machine: quietMachine([], { kernelVersion, tasks: busyKthread }) }).outcome).toBe(outcome);
  });

  it.each([['6.15', true, 'stuck'], ['6.16', true, 'complete'], ['6.16', false, 'stuck']])('%s with a kernel thread that works for hours and sleeps for an instant in between, freezable: %s: %s', (kernelVersion, freezable, outcome) => {
    const instant: Step = { sleep: { kind: 'fixed', ms: 0.01 }, freezable };
    const worker = kthread(9, 'kwork', ['kwork_main'], { kind: 'script', steps: [{ call: 'target_work', steps: [{ run: { kind: 'fixed', ms: 6000.5 } }] }, instant] }, 'R');
    const trace = load({ functions: ['target_work'], machine: quietMachine([], { kernelVersion, tasks: [worker] }), giveUpAfterMs: 30_000 });
    expect(trace.outcome).toBe(outcome);
    const causes = trace.lanes.find(({ pids }) => pids.includes(9))?.switches.map(({ cause }) => cause);
    expect(causes).toEqual(outcome === 'complete' ? ['freezable sleep'] : []);
  });

  it('4.14 has no force file and another notice', () => {
    const trace = load({ machine: quietMachine([], { kernelVersion: '4.14' }), actions: [{ atMs: 100, kind: 'force' }] });
    expect(trace.actions).toMatchObject([{ result: 'No such file or directory' }]);
    expect(texts(trace)).toContain("'lp': patching...");
  });

  it('before 5.16 a pass does not wake idle CPUs: they switch when background work wakes them', () => {
    const never = { idleWakeMeanNs: 1e18 };
    expect(load({ machine: quietMachine([], { kernelVersion: '5.15' }), costs: never }).outcome).toBe('stuck');
    expect(load({ machine: quietMachine([], { kernelVersion: '5.16' }), costs: never }).outcome).toBe('complete');
  });
});

describe('what cannot be judged is never called safe', () => {
  const hidden = { ...user(9, 'cat', ['target_read'], forever(false), 'D'), stack: ['target_read', 'do_syscall_64'], hidden: true };

  it('a scheduler function, when the stack came from /proc', () => {
    const trace = load({ functions: ['io_schedule'], machine: quietMachine([hidden]) });
    expect(trace.passes.at(-1)?.blockers).toEqual([{ pid: 9, comm: 'cat', reason: 'unknown', function: 'io_schedule' }]);
  });

  it('a sleeping task whose stack is not known at all', () => {
    const trace = load({ machine: quietMachine([{ ...hidden, stack: [] }]) });
    expect(trace.passes.at(-1)?.blockers).toEqual([{ pid: 9, comm: 'cat', reason: 'unknown' }]);
  });

  it('a stack of 100 entries', () => {
    const deep = { ...hidden, stack: Array<string>(100).fill('f') };
    expect(load({ machine: quietMachine([deep]) }).passes.at(-1)?.blockers).toEqual([{ pid: 9, comm: 'cat', reason: 'unreliable' }]);
    expect(load({ machine: quietMachine([{ ...deep, stack: deep.stack.slice(1) }]) }).outcome).toBe('complete');
  });

  it('an architecture without reliable stacks: sleepers never switch, and the kernel warns', () => {
    const trace = load({ machine: quietMachine([], { reliableStacks: false }) });
    expect(trace.outcome).toBe('stuck');
    expect(texts(trace)[0]).toBe("This architecture doesn't have support for the livepatch consistency model.");
  });
});

describe('bad input gets one sentence', () => {
  const good: SimulationInput = { model: 'livepatch', patch: { name: 'lp', functions: [{ name: 'f', object: 'vmlinux' }] }, machine: builtinMachine(), seed: 1 };
  const machine = (change: object): SimulationInput => ({ ...good, machine: { ...good.machine, ...change } });

  it.each([
    [{ ...good, model: 'nosuch' } as unknown as SimulationInput, 'There is no model "nosuch"; available: livepatch, livepatch-4.0, kgraft, kpatch, ksplice, kernelcare, checkpoint-restart, kexec, reboot.'],
    [machine({ kernelVersion: 'six' }), '"six" is not a kernel version; give it as X.Y or X.Y.Z.'],
    [machine({ kernelVersion: '4.11' }), 'The livepatch model began with 4.12; the machine runs 4.11.'],
    [machine({ cpus: 0 }), 'A machine has 1 to 8192 CPUs, not 0.'],
    [machine({ hz: 50 }), 'HZ is one of 100, 250, 300 and 1000, not 50.'],
    [{ ...good, seed: 0.5 }, 'The seed is a whole number, not 0.5.'],
    [{ ...good, patch: { name: 'lp', functions: [] } }, 'Patch "lp" replaces no function.'],
    [{ ...good, actions: [{ atMs: 1, kind: 'poke', pid: 99_999 }] }, 'No task has pid 99999 to be poked.'],
  ] satisfies [SimulationInput, string][])('%#', (input, message) => {
    expect(simulate(input)).toEqual({ ok: false, cancelled: false, message });
  });

  it('stops when asked to', () => {
    expect(simulate({ ...good, patch: { name: 'lp', functions: [{ name: 'worker_thread', object: 'vmlinux' }] } }, { shouldStop: () => true })).toMatchObject({ ok: false, cancelled: true });
  });
});

describe('golden', () => {
  const cases = { quiet: 'cmdline_proc_show', select: 'do_select', worker: 'worker_thread' };

  it.each(Object.entries(cases))('%s', (name, fn) => {
    const trace = load({ functions: [fn], machine: builtinMachine(), seed: 7, giveUpAfterMs: 20_000 });
    expectGolden(`${name}.log`, simulationLog(trace));
    expectGolden(`${name}.json`, `${JSON.stringify({ ...trace, log: trace.log.length, lanes: trace.lanes.map((l) => JSON.stringify(l)), passes: trace.passes.map((p) => JSON.stringify(p)) }, null, 1)}\n`);
  });
});
