/** Level of detail: what is drawn of a trace is the same picture, and never more than there is room for. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtinMachine, simulate, switchedShares, viewOf, type Group, type Trace } from '../../server/src/simulate';
import { family } from '../../server/src/simulate/view/family';
import { sharesOf } from '../../server/src/simulate/view/shares';
import { all, lane, quick, signaled } from '../webview/traces';
import { forever, load, loadBy, quietMachine, user } from './machines';

const ROOM = { columns: 100, lanes: 40 };
const groups = (trace: Trace, folding: 'compact' | 'families'): readonly Group[] => viewOf(trace, ROOM).groups[folding];
const labels = (trace: Trace, folding: 'compact' | 'families'): string[] => groups(trace, folding).map(({ label, tasks }) => (tasks === 1 ? label : `${label} ×${tasks}`));
const tasksIn = (those: readonly Group[]): number => those.reduce((sum, { tasks }) => sum + tasks, 0);
const tasksOf = (trace: Trace): number => trace.lanes.reduce((sum, { pids }) => sum + pids.length, 0);

it.each([
  ['kworker/0:1H', 'kworker'], ['kworker/u8:0', 'kworker'], ['swapper/3', 'swapper'], ['systemd-udevd', 'systemd-udevd'], ['cc1', 'cc'], ['42', '42'], ['/bin/x', '/bin/x'],
])('family of %s', (comm, expected) => {
  expect(family(comm)).toBe(expected);
});

describe('folding', () => {
  it('who switched last comes first; tasks of a family that went the same way share a lane', () => {
    expect(labels(signaled, 'families')).toEqual(['z_poll', 'swapper/1', 'kworker ×3', 'swapper/0', 'systemd']);
  });

  it('a task that blocked is kept apart from its family', () => {
    const swappers = groups(signaled, 'families').filter((group) => group.label.startsWith('swapper'));
    expect(swappers.map(({ blocks }) => blocks)).toEqual([[{ fromPass: 0, toPass: 0, reason: 'running' }], []]);
  });

  it('without a sleeper, those that ran at the first look are the story', () => {
    expect(labels(quick, 'compact')[0]).toBe('swapper/1');
  });

  it('many quick families fold into one lane', () => {
    const names = ['agetty', 'bash', 'cron', 'dbus', 'exim', 'fish', 'gpg', 'httpd'];
    const crowd = { ...signaled, lanes: [...signaled.lanes.slice(0, 1), ...names.map((comm, at) => lane({ comm, pid: 100 + at, switches: 0.02 }, 16))] };
    expect(labels(crowd, 'compact')).toEqual(['z_poll', 'others ×8']);
    expect(labels(crowd, 'families')).toHaveLength(9);
  });

  it('tasks of one lane that stood in the way for different reasons are told apart', () => {
    const twins = { ...lane({ comm: 'twin', pid: 1, switches: 5 }, 16), pids: [1, 2, 3] };
    const blockers = [{ pid: 1, comm: 'twin', reason: 'sleeping', function: 'f' }, { pid: 2, comm: 'twin', reason: 'sleeping', function: 'g' }, { pid: 3, comm: 'twin', reason: 'sleeping', function: 'f' }] as const;
    const trace: Trace = { ...signaled, lanes: [twins], passes: [{ index: 0, atNs: 0, cpu: 0, switched: 0, blockers }] };
    expect(groups(trace, 'families').map(({ pids, blocks }) => [pids, blocks.map((block) => block.function)])).toEqual([[[1, 3], ['f']], [[2], ['g']]]);
  });

  it.each(Object.entries(all))('%s: every task is in exactly one group', (_name, trace) => {
    for (const folding of ['compact', 'families'] as const) expect(tasksIn(groups(trace, folding))).toBe(tasksOf(trace));
  });

  it('what there is no room for is the last lane', () => {
    const { families } = viewOf(signaled, { columns: 100, lanes: 3 }).groups;
    expect(families.map(({ label, tasks }) => [label, tasks])).toEqual([['z_poll', 1], ['swapper/1', 1], ['others', 5]]);
  });
});

describe('shares', () => {
  const whole = { fromNs: 0, toNs: 10e9 };
  const life = fc.record({ born: fc.integer({ min: 0, max: 5 }), switches: fc.integer({ min: 5, max: 9 }), tasks: fc.integer({ min: 1, max: 9 }) });
  const strands = fc.array(life, { minLength: 1, maxLength: 8 }).map((lives) => lives.map(({ tasks, ...each }) => ({ tasks, segments: lane({ comm: 'x', pid: 1, ...each }, 10).segments })));

  it('a task that switches later leaves its part pending', () => {
    const shares = sharesOf([1, 2].map((switches) => ({ tasks: 1, segments: lane({ comm: 'a', pid: 1, switches }, 4).segments })), { fromNs: 0, toNs: 4e9 }, 100);
    expect(shares.map(({ fromNs, counts }) => [fromNs / 1e9, counts.pending, counts.patched])).toEqual([[0, 2, 0], [1, 1, 1], [2, 0, 2]]);
  });

  it('cover every life, touch each other and count every living task', () => {
    fc.assert(fc.property(strands, (those) => {
      const shares = sharesOf(those, whole, 100);
      expect(shares.at(-1)?.toNs).toBe(10e9);
      shares.forEach((share, at) => {
        if (at > 0) expect(share.fromNs).toBe(shares[at - 1]?.toNs);
        const living = those.reduce((sum, { segments, tasks }) => sum + ((segments[0]?.fromNs ?? Infinity) < share.toNs ? tasks : 0), 0);
        expect(Object.values(share.counts).reduce((sum, n) => sum + n, 0)).toBe(living);
      });
    }));
  });

  it('where there are fewer columns than changes, each state keeps its task-seconds', () => {
    fc.assert(fc.property(strands, fc.integer({ min: 1, max: 6 }), (those, columns) => {
      const seconds = (shares: ReturnType<typeof sharesOf>, state: 'pending' | 'patched'): number => shares.reduce((sum, { fromNs, toNs, counts }) => sum + (counts[state] * (toNs - fromNs)) / 1e9, 0);
      const [exact, coarse] = [sharesOf(those, whole, 1000), sharesOf(those, whole, columns)];
      expect(coarse.length).toBeLessThanOrEqual(columns);
      // Shares of one state only are merged whatever their number of tasks.
      if (those.every(({ segments }) => segments[0]?.fromNs === 0)) for (const state of ['pending', 'patched'] as const) expect(seconds(coarse, state)).toBeCloseTo(seconds(exact, state), 5);
    }));
  });
});

it('a window has what is in it', () => {
  const view = viewOf(signaled, { ...ROOM, window: { fromNs: 10e9, toNs: 15.5e9 } });
  expect(view.passes.map(({ index }) => index)).toEqual([10, 11, 12, 13, 14, 15]);
  expect(view.signals).toHaveLength(1);
  expect(view.log).toEqual([]);
  for (const { shares } of view.groups.families) for (const { fromNs, toNs } of shares) expect([fromNs >= 10e9, toNs <= 15.5e9]).toEqual([true, true]);
  expect(view.groups.families[0]?.shares.map(({ toNs }) => toNs / 1e9)).toEqual([15, 15.5]);
});

describe('a trace of 100,000 tasks', () => {
  const sleeper = (i: number): ReturnType<typeof user> => user(100 + i, `worker${String(i % 500)}x`, [i % 3 === 0 ? 'f' : 'other'], forever(false), 'D');
  const stuck = load({ functions: ['f'], machine: quietMachine(Array.from({ length: 100_000 }, (_, i) => sleeper(i))), giveUpAfterMs: 20_000 });
  const size = (value: object): number => JSON.stringify(value).length;

  it('is as large as it can be drawn, not as the machine is', () => {
    const small = load({ functions: ['f'], machine: quietMachine(Array.from({ length: 1000 }, (_, i) => sleeper(i))), giveUpAfterMs: 20_000 });
    const [large, little] = [viewOf(stuck, ROOM), viewOf(small, ROOM)];
    expect(stuck.log.length).toBeGreaterThan(600_000);
    expect(tasksIn(large.groups.families)).toBe(tasksOf(stuck));
    expect(large.passes[0]?.blocking).toBe(stuck.passes[0]?.blockers.length);
    expect(large.log.length + large.logLeftOut).toBe(stuck.log.length);
    expect(size(large)).toBeLessThan(400_000);
    // A hundred times the tasks: longer numbers, the same picture.
    expect(size(large)).toBeLessThan(1.3 * size(little));
  });

  it('the smaller the room, the smaller it is', () => {
    expect(size(viewOf(stuck, { columns: 10, lanes: 5 }))).toBeLessThan(size(viewOf(stuck, { columns: 100, lanes: 200 })));
  });
});

it('where every task switches at a time of its own, a lane has as many parts as there are columns', () => {
  const tasks = Array.from({ length: 3000 }, (_, i) => ({ ...user(10 + i, 'web', ['do_epoll_wait'], { kind: 'sleep', interruptible: true, lasts: { kind: 'exponential', meanMs: 5000 } }) }));
  const result = simulate({ model: 'kgraft', patch: { name: 'lp', functions: [{ name: 'f', object: 'vmlinux' }] }, machine: { ...builtinMachine(), tasks }, seed: 1 });
  if (!result.ok) throw new Error(result.message);
  expect(result.trace.lanes.length).toBeGreaterThan(2000);
  for (const { shares } of viewOf(result.trace, { columns: 50, lanes: 20 }).groups.families) expect(shares.length).toBeLessThanOrEqual(50);
  expect(viewOf(result.trace, { columns: 50, lanes: 20 }).groups.families.length).toBeLessThanOrEqual(20);
});

it('of more CPUs whose interrupts switched than there are lanes, some are told, the last one among them', () => {
  const result = simulate({ model: 'kgraft', patch: { name: 'lp', functions: [{ name: 'f', object: 'vmlinux' }] }, machine: builtinMachine({ cpus: 100 }), seed: 1 });
  if (!result.ok) throw new Error(result.message);
  const all = result.trace.interrupts ?? [];
  expect(viewOf(result.trace, { columns: 50, lanes: 100 }).interrupts).toEqual({ switches: all, more: 0 });
  const few = viewOf(result.trace, { columns: 50, lanes: 30 }).interrupts;
  expect([few?.switches.length, few?.more, few?.switches.at(-1)]).toEqual([25, 75, all.at(-1)]);
  expect(viewOf(result.trace, { columns: 50, lanes: 30, window: { fromNs: result.trace.endNs - 1, toNs: result.trace.endNs } }).interrupts).toEqual({ switches: [], more: 0 });
});

describe('how it ended for a group', () => {
  it('a task that ended while pending is not one that is left', () => {
    const ended = { ...signaled, lanes: [{ ...lane({ comm: 'gone', pid: 7 }, 16), segments: [{ fromNs: 0, toNs: 5e9, state: 'pending' as const }], switches: [] }] };
    expect(groups(ended, 'families').map(({ fate }) => fate.kind)).toEqual(['none']);
  });

  it('one that switches at the very end has switched', () => {
    const segments = [{ fromNs: 0, toNs: signaled.endNs, state: 'pending' as const }];
    const last = { ...signaled, lanes: [{ ...lane({ comm: 'last', pid: 7 }, 16), segments, switches: [{ atNs: signaled.endNs, cause: 'machine stopped' as const }] }] };
    expect(groups(last, 'families').map(({ fate }) => fate.kind)).toEqual(['switched']);
    expect(groups({ ...last, lanes: last.lanes.map((each) => ({ ...each, switches: [] })) }, 'families').map(({ fate }) => fate.kind)).toEqual(['pending']);
  });
});

describe('how far a run got', () => {
  const machine = quietMachine([user(9, 'cat', ['f'], forever(false), 'D')]);
  const sharesOfRun = (trace: Trace): number[] => switchedShares(trace).map(({ share }) => share);
  it('what was given up is not counted as done, however long one looks on', () => {
    const trace = loadBy('kpatch', { functions: ['f'], machine, actions: [{ kind: 'signal', atMs: 60_000 }] });
    expect(trace.outcome).toBe('failed');
    expect(trace.endNs).toBeGreaterThan(50e9);
    expect(Math.max(...sharesOfRun(trace))).toBe(0);
  });
  it('who was taken back to old code does not count any more', () => {
    const shares = sharesOfRun(load({ functions: ['f'], machine, actions: [{ kind: 'reverse', atMs: 5000 }] }));
    expect(Math.max(...shares)).toBeGreaterThan(0.5);
    expect(shares.at(-1)).toBe(0);
  });
});
