/** The same situation in every format gives the same tasks, as far as the format tells them, and the same blockers. */
import { describe, expect, it } from 'vitest';
import { simulate, type Blocker } from '../../../server/src/simulate';
import { machineOfSnapshot, parseSnapshot, type AskedFunction, type Snapshot } from '../../../server/src/simulate/snapshots';
import * as print from './formats';
import { situation } from './situation';

const read = (text: string): Snapshot => {
  const snapshot = parseSnapshot(text);
  if (snapshot === undefined) throw new Error(`not recognized: ${text.slice(0, 200)}`);
  return snapshot;
};

/** Who could not be switched at the first pass, idle CPUs left out. */
function blockers(snapshot: Snapshot, functions: readonly AskedFunction[]): Pick<Blocker, 'pid' | 'reason' | 'function'>[] {
  const made = machineOfSnapshot(snapshot, functions, { cpus: 2, hz: 250, kernelVersion: '6.1.192' });
  const result = simulate({ model: 'livepatch', patch: { name: 'lp', functions: made.functions }, machine: made.machine, seed: 1, giveUpAfterMs: 3000 });
  if (!result.ok) throw new Error(result.message);
  const first = result.trace.passes[0]?.blockers ?? [];
  return first.filter(({ pid }) => pid !== 0).map((blocker) => ({ pid: blocker.pid, reason: blocker.reason, ...(blocker.function === undefined ? {} : { function: blocker.function }) }));
}

const full: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(print.SYSRQ_HEADERS).map(([name, header]) => [`sysrq-t ${name}`, print.sysrq(situation, header, undefined, !/^[35]/.test(name))])),
  ...Object.fromEntries(Object.entries(print.LOG_PREFIXES).map(([name, prefix]) => [`sysrq-t 6.1 in ${name}`, print.sysrq(situation, (task) => print.SYSRQ_HEADERS['6.1']?.(task) ?? '', prefix)])),
  'crash foreach bt': print.crash(situation),
  'perf script': print.perf(situation),
  'bpftrace map': print.bpftraceMap(situation),
  'bpftrace printf': print.bpftracePrintf(situation),
};
const hidden: Readonly<Record<string, string>> = {
  collector: print.collector(situation),
  ...Object.fromEntries(Object.entries(print.PROC_FORMS).map(([name, form]) => [`/proc, ${name}`, form(situation)])),
};
const all = { ...full, ...hidden };

describe.each(Object.entries(all))('%s', (_, text) => {
  const snapshot = read(text);

  it('loses no task and no line', () => {
    expect(snapshot.malformed.count).toBe(0);
    expect(snapshot.tasks.map(({ pid }) => pid)).toEqual(situation.map(({ pid }) => pid));
  });

  it('tells kernel threads from the others', () => {
    expect(snapshot.tasks.map(({ kind }) => kind === 'kthread')).toEqual(situation.map(({ kthread }) => kthread));
  });

  it('has every frame, apart from those /proc leaves out', () => {
    for (const [i, { stack, hidden: left = [] }] of situation.entries()) {
      const wanted = stack.map((frame) => frame.split(' [')[0]).filter((name) => !(snapshot.tasks[i]?.hidden === true && left.includes(name ?? '')));
      expect(snapshot.tasks[i]?.frames.map(({ symbol }) => symbol)).toEqual(wanted);
    }
  });

  it.each<[string, readonly AskedFunction[], readonly [number, string][]]>([
    ['a function nobody is in', [{ name: 'cmdline_proc_show' }], []],
    ['a function some are in', [{ name: 'do_epoll_wait' }, { name: 'vfs_read' }], [[1, 'do_epoll_wait'], [1202, 'vfs_read']]],
    ['one whose symbol has a suffix', [{ name: 'do_pselect' }], [[1301, 'do_pselect']]],
    ['a symbol with its suffix', [{ name: 'do_pselect.constprop.0' }], [[1301, 'do_pselect.constprop.0']]],
    ['a symbol with another suffix', [{ name: 'do_pselect.isra.0' }], []],
    ['what kernel threads are in', [{ name: 'kthread' }], [[17, 'kthread'], [834, 'kthread']]],
    ['a module\'s function, the module not named', [{ name: 'svc_recv' }], [[834, 'svc_recv']]],
    ['a module\'s function', [{ name: 'svc_recv', object: 'sunrpc' }], [[834, 'svc_recv']]],
  ])('%s: the same blockers', (_name, functions, expected) => {
    expect(blockers(snapshot, functions)).toEqual(expected.map(([pid, name]) => ({ pid, reason: 'sleeping', function: name })));
  });
});

describe.each(Object.entries(hidden))('%s', (_, text) => {
  it('cannot tell who sleeps in a scheduler function, and does not call anybody clean', () => {
    expect(blockers(read(text), [{ name: 'do_nanosleep' }])).toEqual(situation.map(({ pid }) => ({ pid, reason: 'unknown', function: 'do_nanosleep' })));
  });
});

describe.each(Object.entries(full))('%s', (_, text) => {
  it('tells who sleeps in a scheduler function', () => {
    expect(blockers(read(text), [{ name: 'do_nanosleep' }])).toEqual([{ pid: 1300, reason: 'sleeping', function: 'do_nanosleep' }]);
  });
});

it('tells a module\'s function from one of the same name elsewhere, where modules are told', () => {
  const asked = [{ name: 'svc_recv', object: 'vmlinux' }];
  for (const [name, text] of Object.entries(all)) expect(blockers(read(text), asked), name).toHaveLength(name.startsWith('bpftrace') ? 1 : 0);
});

describe('states that the format does not tell', () => {
  it.each(Object.entries(all))('%s: a signal frees nobody it would not free', (_, text) => {
    for (const [i, { state, stateInferred }] of read(text).tasks.entries()) {
      const real = situation[i]?.state;
      if (stateInferred === true) expect(state === 'S' && real !== 'S').toBe(false);
      else expect(state).toBe(real);
    }
  });
});
