/** Each system's own rules, by what its source does: how often it tries, whom it names, what it says. */
import { describe, expect, it } from 'vitest';
import type { Task } from '../../server/src/simulate';
import { forever, kthread, lines, loadBy, quietMachine, user } from './machines';

const fixed = (ms: number) => ({ kind: 'fixed', ms }) as const;
const asleep = (pid: number, comm: string, changes: Partial<Task> = {}): Task => ({ ...user(pid, comm, ['target_read'], forever(true)), ...changes });
const inTarget = { functions: ['target_read'] };
const until = (ms: number): Task => user(9, 'cat', ['target_read'], { kind: 'sleep', interruptible: false, lasts: fixed(ms), once: false }, 'D');
const seconds = (ns: readonly { readonly atNs: number }[]): number[] => ns.map(({ atNs }) => Math.round(atNs / 1e9));

describe('ksplice', () => {
  const machine = quietMachine([asleep(9, 'cat'), asleep(10, 'dog')]);

  it('tries five times, a second apart, and gives up a second after the last', () => {
    const trace = loadBy('ksplice', { ...inTarget, machine });
    expect(seconds(trace.passes)).toEqual([0, 1, 2, 3, 4]);
    expect(trace).toMatchObject({ outcome: 'failed', attempts: 5, completeMs: null });
    expect(Math.round(trace.endNs / 1e9)).toBe(5);
    expect(trace.pauses).toHaveLength(5);
  });

  it('names every conflict, and the cause', () => {
    expect(lines(loadBy('ksplice', { ...inTarget, machine })).slice(1)).toEqual([
      'ksplice: cat 9 target_read', 'ksplice: dog 10 target_read',
      'ksplice: Aborted lp.  stack check: to-be-replaced code is busy.', 'ksplice: lp: abort_cause code_busy',
    ]);
  });

  it.each([{ stale: ['target_read'] }, { restart: 'target_read' }])('takes a stale word and a restart block for a frame: %o', (changes) => {
    const there = { ...user(9, 'cat', ['other'], forever(true)), ...changes };
    expect(loadBy('ksplice', { ...inTarget, machine: quietMachine([there]) }).outcome).toBe('failed');
    expect(loadBy('kpatch', { ...inTarget, machine: quietMachine([there]) }).outcome).toBe('complete');
  });

  it('does not look at the dead', () => {
    expect(loadBy('ksplice', { ...inTarget, machine: quietMachine([asleep(9, 'cat', { state: 'Z' })]) }).outcome).toBe('complete');
  });

  it('takes updates back in reverse order only', () => {
    const second = { name: 'second', functions: [{ name: 'target_read', object: 'vmlinux' }] };
    const trace = loadBy('ksplice', {
      ...inTarget,
      actions: [{ atMs: 10, kind: 'enable', patch: second }, { atMs: 20, kind: 'disable', patch: 'lp' }, { atMs: 30, kind: 'disable', patch: 'second' }, { atMs: 40, kind: 'disable' }],
    });
    expect(trace.actions.map(({ result }) => result)).toEqual(['ok', 'module_busy', 'ok', 'ok']);
    expect(lines(trace).filter((line) => line.includes('Atomic'))).toEqual(['insertion', 'insertion', 'removal', 'removal'].map((what, i) => `ksplice: Atomic patch ${what} for ${[0, 3].includes(i) ? 'lp' : 'second'} complete`));
  });

  it('does not patch what is not loaded', () => {
    const trace = loadBy('ksplice', { machine: quietMachine([], { modules: [] }), patch: { name: 'lp', functions: [{ name: 'f', object: 'nfsd' }] } });
    expect(lines(trace)).toEqual(['ksplice: lp: abort_cause target_not_loaded']);
  });
});

describe('kpatch', () => {
  it('tries five times, two seconds apart, and names only the first it meets', () => {
    const trace = loadBy('kpatch', { ...inTarget, machine: quietMachine([asleep(9, 'cat'), asleep(10, 'dog')]) });
    expect(seconds(trace.passes)).toEqual([0, 2, 4, 6, 8]);
    expect(trace).toMatchObject({ outcome: 'failed', attempts: 5 });
    for (const { blockers } of trace.passes) expect(blockers).toEqual([{ pid: 9, comm: 'cat', reason: 'sleeping', function: 'target_read' }]);
    expect(lines(trace).slice(0, 2)).toEqual(['kpatch: activeness safety check failed for target_read', 'PID: 9 Comm: cat']);
    expect(lines(trace).filter((line) => line === 'kpatch: retrying...')).toHaveLength(4);
    expect(lines(trace)).toContain('insmod: ERROR: could not insert module lp.ko: Device or resource busy');
    expect(lines(trace).at(-1)).toBe('kpatch: failed to load module lp');
  });

  it('is in as soon as an attempt finds nobody', () => {
    const trace = loadBy('kpatch', { ...inTarget, machine: quietMachine([user(9, 'cat', ['target_read'], { kind: 'sleep', interruptible: true, lasts: fixed(5000) }, 'S')]), actions: [] });
    // It sleeps in the function again and again: only the moments in between are free, and no attempt meets one.
    expect(trace.outcome).toBe('failed');
    expect(loadBy('kpatch', { ...inTarget, machine: quietMachine() })).toMatchObject({ outcome: 'complete', attempts: 1 });
  });

  it('does not see scheduler functions: what changes there is switched under those asleep in it', () => {
    const trace = loadBy('kpatch', { functions: ['io_schedule'], machine: quietMachine([user(9, 'cat', ['io_schedule', 'f'], forever(false), 'D')]) });
    expect(trace.outcome).toBe('unsafe');
    expect(trace.violations).toMatchObject([{ invariant: 'I3', task: 'cat:9' }]);
  });

  it('leaves out functions that are forced, and pins the module', () => {
    const patch = { name: 'lp', functions: [{ name: 'target_read', object: 'vmlinux', unchecked: true }] };
    const trace = loadBy('kpatch', { patch, machine: quietMachine([asleep(9, 'cat')]) });
    expect(trace).toMatchObject({ outcome: 'unsafe', attempts: 1, violations: [{ invariant: 'I3' }] });
  });

  it('is stopped by 64 frames that are no scheduler functions', () => {
    const deep = (n: number): Task => ({ ...asleep(9, 'cat'), stack: Array<string>(n).fill('f') });
    expect(loadBy('kpatch', { machine: quietMachine([deep(63)]) }).outcome).toBe('complete');
    const trace = loadBy('kpatch', { machine: quietMachine([deep(64)]) });
    expect(trace.passes[0]?.blockers).toEqual([{ pid: 9, comm: 'cat', reason: 'unreliable' }]);
    expect(lines(trace)[0]).toBe('kpatch: more than 64 trace entries!');
  });

  it('fails an update that a non-maskable interrupt meets half way, and keeps that interrupt in the old version', () => {
    const nmi = (meanMs: number) => quietMachine([], { interrupts: [{ name: 'watchdog', context: 'nmi', every: fixed(meanMs), calls: [{ call: 'target_read' }] }], costs: {} } as object);
    // The first stop begins 20 ms after the load; this interrupt comes 0.05 ms later.
    const trace = loadBy('kpatch', { ...inTarget, machine: nmi(20.05), giveUpAfterMs: 1000 });
    expect(lines(trace)[0]).toBe('kpatch: NMI activeness safety check failed');
    expect(trace.violations).toEqual([]);
    expect(loadBy('kpatch', { ...inTarget, machine: nmi(19), giveUpAfterMs: 1000 })).toMatchObject({ outcome: 'complete', attempts: 1 });
  });
});

describe('kgraft', () => {
  it('looks every two seconds, says so once, and never turns around', () => {
    const trace = loadBy('kgraft', { ...inTarget, machine: quietMachine([asleep(9, 'cat')]), actions: [{ atMs: 5000, kind: 'reverse' }, { atMs: 6000, kind: 'enable', patch: { name: 'b', functions: [{ name: 'f', object: 'vmlinux' }] } }], giveUpAfterMs: 21_000 });
    expect(trace.outcome).toBe('stuck');
    expect(seconds(trace.passes)).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18, 20]);
    expect(trace.actions.map(({ result }) => result)).toEqual(['Resource temporarily unavailable', 'Resource temporarily unavailable']);
    expect(lines(trace)).toEqual([
      "kgr: applying patch 'lp'", 'kgr still in progress after timeout, will keep trying every 2 seconds', "kgr: can't patch, another patching not yet finalized",
    ]);
  });

  it('waits for every sleeper, in the patch or not', () => {
    expect(loadBy('kgraft', { machine: quietMachine([asleep(9, 'cat')]) }).passes.at(-1)?.blockers.map(({ pid }) => pid)).toEqual([1, 9]);
  });

  it('is done when all were poked, and says so', () => {
    const trace = loadBy('kgraft', { actions: [{ atMs: 3000, kind: 'poke', pid: 1 }] });
    expect(trace).toMatchObject({ outcome: 'complete', passes: [{ index: 0 }, { index: 1, blockers: [] }] });
    expect(lines(trace).at(-1)).toBe('kgr succeeded');
  });

  it('needs a safe point in every kernel thread', () => {
    const spin = (annotated: boolean) => quietMachine([{ ...kthread(9, 'kspin', ['spin'], { kind: 'busy' }, 'R'), annotated }]).tasks.filter(({ pid }) => pid !== 1);
    expect(loadBy('kgraft', { machine: quietMachine([], { tasks: spin(true) }) }).outcome).toBe('complete');
    expect(loadBy('kgraft', { machine: quietMachine([], { tasks: spin(false) }) }).outcome).toBe('stuck');
  });

  it("switches a CPU's interrupts by work that runs there", () => {
    const calls = [{ call: 'target_read' }];
    const machine = quietMachine([], { tasks: [], interrupts: [{ name: 'eth0', context: 'irq', every: fixed(0.1), calls }] });
    const trace = loadBy('kgraft', { ...inTarget, machine, costs: { perCpuWorkNs: 50e6 } });
    expect(trace.unpromised).toMatchObject([{ invariant: 'I1', functions: ['target_read', 'target_read'] }]);
  });

  it('tells when the interrupts of each CPU went over, and back', () => {
    const trace = loadBy('kgraft', { machine: quietMachine([], { tasks: [], cpus: 4 }), actions: [{ atMs: 3000, kind: 'disable' }] });
    const { interrupts = [] } = trace;
    expect(interrupts.map(({ to }) => to)).toEqual(['new', 'new', 'new', 'new', 'old', 'old', 'old', 'old']);
    expect([interrupts.slice(0, 4), interrupts.slice(4)].map((wave) => wave.map(({ cpu }) => cpu).sort())).toEqual([[0, 1, 2, 3], [0, 1, 2, 3]]);
    // No task is asked before the last CPU's work has run, and the idle threads switch right behind it.
    const idle = trace.lanes.flatMap(({ kind, segments }) => (kind === 'idle' ? segments.filter(({ state }) => state === 'patched') : []));
    expect(new Set(idle.map(({ fromNs }) => fromNs))).toEqual(new Set([interrupts[3]?.atNs]));
    expect(loadBy('livepatch', { machine: quietMachine([]) })).not.toHaveProperty('interrupts');
  });
});

describe('livepatch-4.0', () => {
  it('redirects one function after the other, in order, and waits for nobody', () => {
    const trace = loadBy('livepatch-4.0', { functions: ['a', 'b', 'c'], machine: quietMachine([asleep(9, 'cat')]), costs: { registerFunctionNs: 7e6 } });
    expect(trace).toMatchObject({ outcome: 'complete', completeMs: 21, pauseMs: 0, passes: [] });
  });

  it('undoes what it did when a function has no entry', () => {
    const patch = { name: 'lp', functions: [{ name: 'a', object: 'vmlinux' }, { name: 'b', object: 'vmlinux', noFtrace: true }] };
    expect(lines(loadBy('livepatch-4.0', { patch })).at(-1)).toBe("livepatch: failed to set ftrace filter for function 'b' (-22)");
  });
});

describe('kernelcare', () => {
  it('waits until nobody is in the old code, however often', () => {
    const trace = loadBy('kernelcare', { ...inTarget, machine: quietMachine([{ ...until(1), behavior: { kind: 'script', steps: [{ call: 'target_read', steps: [{ sleep: fixed(2500) }] }, { call: 'other', steps: [{ sleep: fixed(60_000) }] }] }, stack: [] }]) });
    expect(trace).toMatchObject({ outcome: 'complete', attempts: 4 });
  });
});

describe('the other ways', () => {
  const costs = { serviceStopNs: 1e9, firmwareNs: 100e9, kernelBootNs: 10e9, userlandBootNs: 1000e9, warmUpNs: 5e9 };

  it('reboot and kexec differ by the firmware', () => {
    expect(loadBy('reboot', { costs })).toMatchObject({ outcome: 'complete', appliedMs: 111_000, completeMs: 1_116_000, pauseMs: 1_116_000 });
    expect(loadBy('kexec', { costs })).toMatchObject({ appliedMs: 11_000, completeMs: 1_016_000, pauseMs: 1_016_000 });
  });

  it('a checkpoint keeps the tasks, and takes as long as their memory', () => {
    const machine = quietMachine([asleep(9, 'cat')], { usedMemoryMib: 1000 });
    const trace = loadBy('checkpoint-restart', { ...inTarget, machine, costs: { ...costs, checkpointBaseNs: 0, checkpointPerMibNs: 1e6, restorePerMibNs: 2e6 } });
    expect(trace).toMatchObject({ outcome: 'complete', completeMs: 13_000, pauseMs: 13_000, violations: [] });
    expect(trace.lanes.find(({ pids }) => pids.includes(9))?.switches).toEqual([{ atNs: 13e9, cause: 'new kernel' }]);
  });

  it('a task that cannot be saved stops it', () => {
    const trace = loadBy('checkpoint-restart', { machine: quietMachine([asleep(9, 'qemu', { uncheckpointable: '/dev/kvm' })]) });
    expect(trace).toMatchObject({ outcome: 'failed', pauseMs: 0, passes: [{ blockers: [{ pid: 9, reason: 'unknown' }] }] });
    expect(lines(trace)).toEqual(['criu: Error: cannot dump qemu:9 (/dev/kvm)']);
  });

  it('no task outlives a reboot', () => {
    for (const { kind, segments } of loadBy('reboot').lanes) if (kind !== 'idle') expect(segments.at(-1)?.toNs).toBe(8e9);
  });
});
