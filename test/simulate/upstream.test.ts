/** What upstream's livepatch has besides transitions, and how it changed by version: sysfs, ftrace's switch, module parameters, callbacks by state. */
import { describe, expect, it } from 'vitest';
import { simulate, type Action, type ModelName, type SimulatedPatch } from '../../server/src/simulate';
import { kthread, forever, lines, loadBy, quietMachine, texts, user, type Options } from './machines';

const patch: SimulatedPatch = { name: 'lp', functions: [{ name: 'f', object: 'vmlinux', prints: ['new f'] }, { name: 't', object: 'target' }] };
const results = (trace: ReturnType<typeof loadBy>): string[] => trace.actions.map(({ result }) => result);
const run = (options: Options, kernelVersion = '6.1.192', changes: Partial<SimulatedPatch> = {}) =>
  loadBy('livepatch', { patch: { ...patch, ...changes }, machine: quietMachine([], { kernelVersion, modules: [] }), ...options });
const look = (path: string, atMs = 5000): Action => ({ atMs, kind: 'sysfs', path });
const ftrace = (atMs: number, enabled: boolean): Action => ({ atMs, kind: 'ftrace', enabled });
const call = (atMs: number): Action => ({ atMs, kind: 'call', function: 'f' });

describe('sysfs', () => {
  it.each([
    ['lp', '4.12', 'drwxr-xr-x'], ['lp/enabled', '4.12', '-rw-r--r-- 1'], ['lp/transition', '4.12', '-r--r--r-- 0'],
    ['lp/force', '4.15', 'No such file or directory'], ['lp/force', '4.16', '--w-------'],
    ['lp/signal', '4.16', '--w-------'], ['lp/signal', '5.1', 'No such file or directory'],
    ['lp/vmlinux/patched', '6.0', 'No such file or directory'], ['lp/vmlinux/patched', '6.1', '-r--r--r-- 1'], ['lp/target/patched', '6.1', '-r--r--r-- 0'],
    ['lp/replace', '6.10', 'No such file or directory'], ['lp/replace', '6.11', '-r--r--r-- 0'],
    ['lp/stack_order', '6.13', 'No such file or directory'], ['lp/stack_order', '6.14', '-r--r--r-- 1'],
    ['lp/vmlinux/f,1', '4.12', 'drwxr-xr-x'], ['lp/nothing', '6.1', 'No such file or directory'], ['other', '6.1', 'No such file or directory'],
  ])('%s in %s: %s', (path, version, result) => {
    expect(results(run({ actions: [look(path)] }, version))).toEqual([result]);
  });

  it('a patch in transition says so', () => {
    const machine = quietMachine([user(9, 'cat', ['f'], { kind: 'sleep', interruptible: false, lasts: { kind: 'fixed', ms: 4000 }, once: true }, 'D')], { modules: [] });
    const trace = loadBy('livepatch', { patch, machine, actions: [look('lp/transition', 2500), look('lp/transition', 8000)] });
    expect(results(trace)).toEqual(['-r--r--r-- 1', '-r--r--r-- 0']);
  });

  it('one that is gone has no directory; before 5.1 it stays until its module goes', () => {
    const actions: Action[] = [{ atMs: 5000, kind: 'disable' }, look('lp', 10_000), look('lp/enabled', 10_000)];
    expect(results(run({ actions }))).toEqual(['ok', 'No such file or directory', 'No such file or directory']);
    expect(results(run({ actions }, '5.0'))).toEqual(['ok', 'drwxr-xr-x', '-rw-r--r-- 0']);
  });
});

describe('kernel.ftrace_enabled', () => {
  it('from 5.5 on it stays on while a patch is there, and without it none is loaded', () => {
    expect(results(run({ actions: [ftrace(5000, false)] }, '5.5'))).toEqual(['Device or resource busy']);
    const trace = run({ loadAtMs: 2000, actions: [ftrace(1000, false)] }, '5.5');
    expect(texts(trace)).toContain("failed to register ftrace handler for function 'f' (-16)");
    expect(trace.outcome).toBe('failed');
  });

  it('before, it takes all patches away without a word', () => {
    const trace = run({ actions: [call(4000), ftrace(5000, false), call(6000), ftrace(7000, true), call(8000)] }, '5.4');
    expect(results(trace)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok']);
    expect(trace.log.filter(({ text }) => text === 'new f').map(({ atNs }) => atNs / 1e6)).toEqual([4000, 8000]);
    expect(trace.notes.some((note) => note.includes('ftrace_enabled'))).toBe(true);
  });
});

describe('without reliable stacks', () => {
  const echoed = (kernelVersion: string, changes: Partial<SimulatedPatch> = {}) =>
    loadBy('livepatch', { patch: { ...patch, ...changes }, machine: quietMachine([], { kernelVersion, modules: [], reliableStacks: false }), echo: true, giveUpAfterMs: 4000 });
  const first = "livepatch: This architecture doesn't have support for the livepatch consistency model.";

  it.each([['4.12', 'Function not implemented'], ['5.1', 'Operation not supported']])('%s refuses the patch: %s', (version, error) => {
    const trace = echoed(version);
    expect(lines(trace)).toEqual(['% modprobe lp', first, `modprobe: ERROR: could not insert 'lp': ${error}`]);
    expect(trace.outcome).toBe('failed');
  });

  it('from 5.2 on it only warns; an immediate patch never needed them', () => {
    expect(lines(echoed('5.2')).slice(1, 4)).toEqual([first, 'livepatch: The livepatch transition may never complete.', "livepatch: enabling patch 'lp'"]);
    expect(lines(echoed('4.12', { immediate: true }))[1]).toBe("livepatch: enabling patch 'lp'");
  });
});

describe('a call by a process that just began', () => {
  it('runs the new code during the transition, and the old when it goes back', () => {
    const machine = quietMachine([user(9, 'cat', ['f'], forever(false), 'D')], { modules: [] });
    const trace = loadBy('livepatch', { patch, machine, actions: [call(3000), { atMs: 4000, kind: 'reverse' }, call(4000)] });
    expect(lines(trace).filter((line) => line === 'new f')).toHaveLength(1);
  });

  it('of a function that a replacing patch gave back runs the original', () => {
    const trace = run({ actions: [{ atMs: 5000, kind: 'replace', patch: { name: 'all', functions: [{ name: 'g', object: 'vmlinux' }] } }, call(9000)] });
    expect(lines(trace)).not.toContain('new f');
  });
});

describe('a function that something else holds', () => {
  const hold = (atMs: number): Action => ({ atMs, kind: 'load module', module: 'probe', holds: ['f'] });

  it('cannot be patched until it is let go', () => {
    const again = { ...patch, name: 'again' };
    const trace = run({ loadAtMs: 2000, actions: [hold(1000), { atMs: 4000, kind: 'unload module', module: 'probe' }, { atMs: 5000, kind: 'enable', patch: again }] });
    expect(results(trace)).toEqual(['ok', 'ok', 'ok']);
    expect(texts(trace)).toEqual(expect.arrayContaining(["failed to enable patch 'lp'", "'again': patching complete"]));
  });

  it('cannot be held once it is patched', () => {
    expect(results(run({ actions: [hold(5000)] }))).toEqual(['Device or resource busy']);
  });
});

describe('callbacks', () => {
  const states = [{ id: 7, version: 1 }];
  const spoken = { object: 'vmlinux', postUnpatch: { prints: [{ state: 7, found: 'kept', absent: 'freed' }] } };

  it('find the state of a patch below, until it is gone', () => {
    const below = { ...patch, states };
    const above = { name: 'b', functions: [], callbacks: [spoken], states };
    const trace = loadBy('livepatch', { patch: below, machine: quietMachine([], { modules: [] }), actions: [{ atMs: 5000, kind: 'enable', patch: above }, { atMs: 10_000, kind: 'disable', patch: 'b' }] });
    expect(lines(trace)).toContain('kept');
    const alone = loadBy('livepatch', { patch: above, machine: quietMachine([], { modules: [] }), actions: [{ atMs: 5000, kind: 'disable' }] });
    expect(lines(alone)).toContain('freed');
  });

  it('a module that comes is left alone by a patch that is disabled but still there (before 5.1)', () => {
    const trace = run({ actions: [{ atMs: 5000, kind: 'disable' }, { atMs: 10_000, kind: 'load module', module: 'target', prints: ['target_init'] }, { atMs: 11_000, kind: 'unload module', module: 'target' }] }, '5.0');
    expect(lines(trace).at(-1)).toBe('target_init');
  });
});

describe('the operator\'s shell', () => {
  const failing: SimulatedPatch = { ...patch, callbacks: [{ object: 'vmlinux', prePatch: { returns: { parameter: 'ret' } } }] };

  it('shows each command and what came back, and nothing unless asked for', () => {
    const actions: Action[] = [
      { atMs: 4000, kind: 'enable', patch: { ...failing, name: 'b', parameters: 'ret=-19' } }, { atMs: 5000, kind: 'force' }, { atMs: 6000, kind: 'unload module', module: 'lp' },
      { atMs: 7000, kind: 'disable' }, { atMs: 10_000, kind: 'unload module', module: 'lp' },
    ];
    const shell = lines(run({ actions, echo: true })).filter((line) => !line.startsWith('livepatch:'));
    expect(shell).toEqual([
      '% modprobe lp', '% modprobe b ret=-19', "modprobe: ERROR: could not insert 'b': No such device", '% echo 1 > /sys/kernel/livepatch/lp/force', 'bash: echo: write error: Invalid argument',
      '% rmmod lp', 'rmmod: ERROR: Module lp is in use', '% echo 0 > /sys/kernel/livepatch/lp/enabled', '% rmmod lp',
    ]);
    expect(lines(run({ actions })).filter((line) => !line.startsWith('livepatch:'))).toEqual([]);
  });
});

it('writes the opposite of what was written last to turn a transition around', () => {
  const machine = quietMachine([user(9, 'cat', ['f'], forever(false), 'D')], { modules: [] });
  const trace = loadBy('livepatch', { patch, machine, echo: true, actions: [{ atMs: 300, kind: 'reverse' }, { atMs: 400, kind: 'reverse' }], giveUpAfterMs: 3000 });
  expect(lines(trace).filter((line) => /^%|reversing/.test(line))).toEqual([
    '% modprobe lp', '% echo 0 > /sys/kernel/livepatch/lp/enabled', "livepatch: 'lp': reversing transition from patching to unpatching",
    '% echo 1 > /sys/kernel/livepatch/lp/enabled', "livepatch: 'lp': reversing transition from unpatching to patching",
  ]);
});

describe('other systems', () => {
  it.each<ModelName>(['ksplice', 'kpatch', 'kgraft', 'kernelcare', 'livepatch-4.0'])('%s has no such things', (model) => {
    const machine = quietMachine([kthread(9, 'k', ['g'], forever(true))]);
    expect(results(loadBy(model, { patch, machine, actions: [ftrace(100, false), call(200), look('lp', 300)] }))).toEqual(['not simulated', 'not simulated', 'not simulated']);
    expect(simulate({ model, patch, machine, seed: 1, loadAtMs: 1000 })).toMatchObject({ ok: false, message: 'Only livepatch can be loaded later than at the beginning.' });
  });
});
