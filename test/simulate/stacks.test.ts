/** Several patches over time in the hybrid model: stacking, atomic replace, callbacks, states, modules that come and go. */
import { describe, expect, it } from 'vitest';
import type { Action, SimulatedPatch } from '../../server/src/simulate';
import { forever, kthread, lines, load, loadBy, quietMachine, texts, user } from './machines';

const patch = (name: string, functions: readonly string[], more: Partial<SimulatedPatch> = {}): SimulatedPatch => ({
  name, functions: functions.map((fn) => ({ name: fn, object: 'vmlinux' })), ...more,
});
const spoken = (trace: ReturnType<typeof load>): string[] => texts(trace).filter((line) => !line.startsWith('klp_try_switch_task'));
const results = (trace: ReturnType<typeof load>): string[] => trace.actions.map(({ result }) => result);
const transition = (name: string, direction: string): string[] => [
  ...(direction === 'patching' ? [`enabling patch '${name}'`] : []), `'${name}': initializing ${direction} transition`,
  `'${name}': starting ${direction} transition`, `'${name}': completing ${direction} transition`, `'${name}': ${direction} complete`,
];
const enable = (atMs: number, what: SimulatedPatch): Action => ({ atMs, kind: 'enable', patch: what });
const steps = (name: string, ms: number) => quietMachine([user(9, 'cat', [], { kind: 'script', steps: [{ call: name, steps: [{ sleep: { kind: 'fixed', ms } }] }] })]);

describe('one transition at a time', () => {
  it('a second load meanwhile is refused, and nothing is said', () => {
    const trace = load({ functions: ['target_read'], machine: quietMachine([user(9, 'cat', ['target_read'], forever(false), 'D')]), actions: [enable(3000, patch('b', ['f']))], giveUpAfterMs: 5000 });
    expect(results(trace)).toEqual(['Device or resource busy']);
    expect(spoken(trace)).toEqual(transition('lp', 'patching').slice(0, 3));
  });

  it('afterwards it is stacked', () => {
    const trace = load({ actions: [enable(5000, patch('b', ['cmdline_proc_show'])), { atMs: 10_000, kind: 'disable', patch: 'b' }, { atMs: 15_000, kind: 'disable', patch: 'lp' }] });
    expect(spoken(trace)).toEqual([...transition('lp', 'patching'), ...transition('b', 'patching'), ...transition('b', 'unpatching'), ...transition('lp', 'unpatching')]);
    expect(trace.outcome).toBe('complete');
  });

  it('a disabled patch cannot be enabled again from 5.1 on; before, it can, and only the top of the stack moves', () => {
    const again: Action[] = [{ atMs: 5000, kind: 'disable' }, { atMs: 10_000, kind: 'enable', patch: 'lp' }];
    expect(results(load({ actions: again }))).toEqual(['ok', 'Invalid argument']);
    expect(results(load({ machine: quietMachine([], { kernelVersion: '4.19' }), actions: again }))).toEqual(['ok', 'ok']);
    const below: Action[] = [enable(5000, patch('b', ['g'])), { atMs: 10_000, kind: 'disable', patch: 'lp' }];
    expect(results(load({ actions: below }))).toEqual(['ok', 'ok']);
    expect(results(load({ machine: quietMachine([], { kernelVersion: '4.19' }), actions: below }))).toEqual(['ok', 'Device or resource busy']);
  });
});

describe('which version blocks', () => {
  it('a second patch of a function looks for the code of the first', () => {
    // Asleep in the original when the first is loaded, in the first from 4 s on.
    const trace = load({ functions: ['target_read'], machine: steps('target_read', 4000), actions: [enable(6000, patch('b', ['target_read']))] });
    expect(trace.passes.filter(({ atNs }) => atNs > 6e9).slice(0, 2).map(({ blockers }) => blockers.some(({ pid }) => pid === 9))).toEqual([true, true]);
    expect(trace).toMatchObject({ outcome: 'complete', violations: [] });
  });

  it('a task that the first was forced on sleeps in the original, which the second does not look for', () => {
    const trace = load({
      functions: ['target_read'], machine: quietMachine([user(9, 'cat', ['target_read'], forever(false), 'D')]),
      actions: [{ atMs: 1500, kind: 'force' }, enable(6000, patch('b', ['target_read']))],
    });
    expect(results(trace)).toEqual(['ok', 'ok']);
    expect(trace.outcome).toBe('unsafe');
    expect(trace.violations.map(({ invariant }) => invariant)).toEqual(['I3', 'I3']);
  });
});

describe('atomic replace', () => {
  const cumulative = patch('all', ['g'], { replace: true });

  it('one transition, and the old patch is gone without a word', () => {
    const trace = load({ actions: [{ atMs: 5000, kind: 'replace', patch: cumulative }, { atMs: 10_000, kind: 'disable', patch: 'lp' }, { atMs: 11_000, kind: 'disable', patch: 'all' }] });
    expect(spoken(trace)).toEqual([...transition('lp', 'patching'), ...transition('all', 'patching'), ...transition('all', 'unpatching')]);
    expect(results(trace)).toEqual(['ok', 'Invalid argument', 'ok']);
  });

  it('a function that only the old patch had goes back to the original, and its sleepers block', () => {
    const trace = load({ functions: ['target_read'], machine: steps('target_read', 4000), actions: [enable(6000, cumulative)] });
    expect(trace.passes.find(({ atNs }) => atNs > 6e9)?.blockers).toContainEqual({ pid: 9, comm: 'cat', reason: 'sleeping', function: 'target_read' });
    expect(trace.outcome).toBe('complete');
  });

  it('forced, it pins the patches it replaced', () => {
    const machine = steps('target_read', 4000);
    const trace = load({ functions: ['target_read'], machine, actions: [enable(6000, cumulative), { atMs: 6500, kind: 'force' }] });
    expect(trace.notes.some((note) => note.includes('pinned'))).toBe(true);
    expect(trace.violations.map(({ invariant }) => invariant)).toEqual(['I3']);
  });

  it('is an ordinary patch before 5.1', () => {
    const trace = load({ machine: quietMachine([], { kernelVersion: '4.19' }), actions: [enable(5000, cumulative), { atMs: 10_000, kind: 'disable', patch: 'all' }, { atMs: 15_000, kind: 'disable', patch: 'lp' }] });
    expect(results(trace)).toEqual(['ok', 'ok', 'ok']);
  });
});

describe('states', () => {
  const with1 = (version: number, more: Partial<SimulatedPatch> = {}) => patch('b', ['g'], { states: [{ id: 1, version }], ...more });
  const first = patch('lp', ['f'], { states: [{ id: 1, version: 2 }] });

  it.each([
    ['a newer version', with1(3), 'ok'], ['an older version', with1(1), 'Invalid argument'], ['a patch without it', patch('b', ['g']), 'ok'],
    ['one that replaces without it', patch('b', ['g'], { replace: true }), 'Invalid argument'], ['one that replaces with it', with1(2, { replace: true }), 'ok'],
  ])('%s', (_, second, result) => {
    const trace = loadBy('livepatch', { patch: first, actions: [enable(5000, second)] });
    expect(results(trace)).toEqual([result]);
    expect(texts(trace).includes('Livepatch patch (b) is not compatible with the already installed livepatches.')).toBe(result !== 'ok');
  });
});

describe('callbacks', () => {
  const prints = (line: string) => ({ prints: [line] });
  const callbacks = [{ object: 'vmlinux', prePatch: prints('pre_patch'), postPatch: prints('post_patch'), preUnpatch: prints('pre_unpatch'), postUnpatch: prints('post_unpatch') }];
  const said = (trace: ReturnType<typeof load>): string[] => lines(trace).filter((line) => !line.includes('klp_try')).map((line) => line.replace(/^livepatch: ('lp': )?/, ''));

  it('stand between the lines they belong to', () => {
    expect(said(loadBy('livepatch', { patch: patch('lp', ['f'], { callbacks }), actions: [{ atMs: 5000, kind: 'disable' }] }))).toEqual([
      "enabling patch 'lp'", 'initializing patching transition', 'pre_patch', 'starting patching transition', 'completing patching transition', 'post_patch', 'patching complete',
      'initializing unpatching transition', 'pre_unpatch', 'starting unpatching transition', 'completing unpatching transition', 'post_unpatch', 'unpatching complete',
    ]);
  });

  it('a reversal runs no pre_unpatch', () => {
    const machine = quietMachine([user(9, 'cat', ['f'], forever(false), 'D')]);
    const trace = loadBy('livepatch', { patch: patch('lp', ['f'], { callbacks }), machine, actions: [{ atMs: 3000, kind: 'disable' }] });
    expect(said(trace).filter((line) => /^p\w+_/.test(line))).toEqual(['pre_patch', 'post_unpatch']);
  });

  it('one that fails cancels the patch', () => {
    const failing = [{ object: 'vmlinux', prePatch: { prints: ['pre_patch'], returns: -19 }, postUnpatch: prints('post_unpatch') }];
    expect(said(loadBy('livepatch', { patch: patch('lp', ['f'], { callbacks: failing }) }))).toEqual([
      "enabling patch 'lp'", 'initializing patching transition', 'pre_patch', "pre-patch callback failed for object 'vmlinux'", "failed to enable patch 'lp'",
      'canceling patching transition, going to unpatch', 'completing unpatching transition', 'unpatching complete',
    ]);
  });
});

describe('modules', () => {
  const target = { name: 'lp', functions: [{ name: 'f', object: 'vmlinux' }, { name: 't', object: 'target' }], callbacks: [{ object: 'target', prePatch: { prints: ['pre'] }, postPatch: { prints: ['post'] }, preUnpatch: { prints: ['pre_un'] }, postUnpatch: { prints: ['post_un'] } }] };
  const coming: Action = { atMs: 5000, kind: 'load module', module: 'target', prints: ['target_init'] };
  const going: Action = { atMs: 8000, kind: 'unload module', module: 'target', prints: ['target_exit'] };
  const heard = (trace: ReturnType<typeof load>): string[] => lines(trace).filter((line) => !/klp_try|transition|enabling|complete/.test(line));

  it('are patched as they come, and unpatched as they go', () => {
    expect(heard(loadBy('livepatch', { patch: target, actions: [coming, going] }))).toEqual([
      "livepatch: applying patch 'lp' to loading module 'target'", 'pre', 'post', 'target_init',
      'target_exit', 'pre_un', "livepatch: reverting patch 'lp' on unloading module 'target'", 'post_un',
    ]);
  });

  it('during a transition: no post_patch as they come, no pre_unpatch as they go', () => {
    const machine = quietMachine([user(9, 'cat', ['f'], forever(false), 'D')]);
    expect(heard(loadBy('livepatch', { patch: target, machine, actions: [coming, going], giveUpAfterMs: 10_000 }))).toEqual([
      "livepatch: applying patch 'lp' to loading module 'target'", 'pre', 'target_init', 'target_exit', "livepatch: reverting patch 'lp' on unloading module 'target'", 'post_un',
    ]);
  });

  it('are refused when the callback fails', () => {
    const failing = { ...target, callbacks: [{ object: 'target', prePatch: { returns: -19 } }] };
    const trace = loadBy('livepatch', { patch: failing, actions: [coming] });
    expect(results(trace)).toEqual(['No such device']);
    expect(heard(trace).slice(1)).toEqual(["livepatch: pre-patch callback failed for object 'target'", "livepatch: patch 'lp' failed for module 'target', refusing to load module 'target'"]);
  });

  it('of a patch stay as long as it is in use', () => {
    const remove = (atMs: number): Action => ({ atMs, kind: 'unload module', module: 'lp' });
    expect(results(load({ actions: [remove(5000), { atMs: 6000, kind: 'disable' }, remove(6100), remove(20_000)] }))).toEqual(['Device or resource busy', 'ok', 'Device or resource busy', 'ok']);
  });
});

describe('what the kernel refuses', () => {
  it.each([
    [{ ftraceError: -16 }, "failed to register ftrace handler for function 'f' (-16)"],
    [{ noFtrace: true }, "failed to find location for function 'f'"],
  ])('%o', (flaw, line) => {
    const trace = loadBy('livepatch', { patch: { name: 'lp', functions: [{ name: 'f', object: 'vmlinux', ...flaw }] } });
    expect(texts(trace).slice(2)).toEqual([
      line, "failed to patch object 'vmlinux'", "failed to enable patch 'lp'", "'lp': canceling patching transition, going to unpatch",
      "'lp': completing unpatching transition", "'lp': unpatching complete",
    ]);
    expect(trace.outcome).toBe('failed');
  });
});

it('a kernel thread that was forced stays in its old main function for ever', () => {
  const machine = quietMachine([kthread(9, 'kloop', ['kloop_main'], { kind: 'sleep', interruptible: false, lasts: { kind: 'fixed', ms: 700 } })]);
  const trace = load({ functions: ['kloop_main'], machine, actions: [{ atMs: 3000, kind: 'force' }, { atMs: 10_000, kind: 'disable' }] });
  expect(results(trace)).toEqual(['ok', 'ok']);
  // Unpatching finds it in the original, where it always was.
  expect(trace.passes.filter(({ atNs }) => atNs > 10e9).flatMap(({ blockers }) => blockers.map(({ pid }) => pid))).not.toContain(9);
});
