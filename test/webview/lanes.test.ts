import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { family, groupsOf, labelOf, sharesOf } from '../../client/webview/lanes';
import type { Trace } from '../../server/src/simulate/types';
import { all, lane, quick, signaled } from './traces';

const labels = (trace: Trace, folding: 'compact' | 'families'): string[] => groupsOf(trace, folding).map(labelOf);

test.each([
  ['kworker/0:1H', 'kworker'],
  ['kworker/u8:0', 'kworker'],
  ['swapper/3', 'swapper'],
  ['systemd-udevd', 'systemd-udevd'],
  ['cc1', 'cc'],
  ['42', '42'],
  ['/bin/x', '/bin/x'],
])('family of %s', (comm, expected) => {
  expect(family(comm)).toBe(expected);
});

describe('folding', () => {
  test('who switched last comes first; tasks of a family that went the same way share a lane', () => {
    expect(labels(signaled, 'families')).toEqual(['z_poll', 'swapper/1', 'kworker ×3', 'swapper/0', 'systemd']);
  });
  test('a task that blocked is kept apart from its family', () => {
    const swappers = groupsOf(signaled, 'families').filter((group) => group.label.startsWith('swapper'));
    expect(swappers.map((group) => group.blocks)).toEqual([[{ fromPass: 0, toPass: 0, reason: 'running' }], []]);
  });
  test('without a sleeper, those that ran at the first look are the story', () => {
    expect(labels(quick, 'compact')[0]).toBe('swapper/1');
  });
  test('many quick families fold into one lane', () => {
    const names = ['agetty', 'bash', 'cron', 'dbus', 'exim', 'fish', 'gpg', 'httpd'];
    const crowd = { ...signaled, lanes: [...signaled.lanes.slice(0, 1), ...names.map((comm, at) => lane({ comm, pid: 100 + at, switches: 0.02 }, 16))] };
    expect(labels(crowd, 'compact')).toEqual(['z_poll', 'others ×8']);
    expect(labels(crowd, 'families')).toHaveLength(9);
  });
  test.each(Object.entries(all))('%s: every lane is in exactly one group', (_name, trace) => {
    for (const folding of ['compact', 'families'] as const) {
      const names = (lanes: readonly { readonly pid: number; readonly comm: string }[]): string[] => lanes.map(({ pid, comm }) => `${comm}:${pid}`).sort();
      expect(names(groupsOf(trace, folding).flatMap((group) => group.lanes))).toEqual(names(trace.lanes.flatMap(({ comm, pids }) => pids.map((pid) => ({ comm, pid })))));
    }
  });
});

describe('shares', () => {
  test('a task that switches later leaves its part pending', () => {
    const shares = sharesOf([lane({ comm: 'a', pid: 1, switches: 1 }, 4), lane({ comm: 'b', pid: 2, switches: 2 }, 4)]);
    expect(shares.map(({ fromNs, counts }) => [fromNs / 1e9, counts.pending, counts.patched])).toEqual([
      [0, 2, 0],
      [1, 1, 1],
      [2, 0, 2],
    ]);
  });
  test('shares cover every life, touch each other and count every living task', () => {
    const life = fc.record({ born: fc.integer({ min: 0, max: 5 }), switches: fc.integer({ min: 5, max: 9 }) });
    fc.assert(
      fc.property(fc.array(life, { minLength: 1, maxLength: 8 }), (lives) => {
        const lanes = lives.map((it, at) => lane({ comm: 'x', pid: at + 1, ...it }, 10));
        const shares = sharesOf(lanes);
        expect(shares.at(-1)?.toNs).toBe(10e9);
        shares.forEach((share, at) => {
          if (at > 0) expect(share.fromNs).toBe(shares[at - 1]?.toNs);
          const living = lanes.filter(({ segments }) => (segments[0]?.fromNs ?? Infinity) < share.toNs && (segments.at(-1)?.toNs ?? 0) >= share.toNs).length;
          expect(Object.values(share.counts).reduce((sum, n) => sum + n, 0)).toBe(living);
        });
      }),
    );
  });
});
