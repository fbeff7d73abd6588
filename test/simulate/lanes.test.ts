/** Lanes: one for all tasks of a name to whom the same happened, so that a trace does not grow with tasks that have no story of their own. */
import { describe, expect, it } from 'vitest';
import { forever, kthread, load, quietMachine, user } from './machines';

const crowd = Array.from({ length: 2000 }, (_, i) => user(100 + i, i % 2 === 0 ? 'even' : 'odd', ['do_epoll_wait'], forever(true)));

describe('tasks to whom the same happened', () => {
  it('share a lane, in the order of their first one', () => {
    const { lanes } = load({ machine: quietMachine(crowd) });
    const crowded = lanes.filter(({ comm }) => comm === 'even' || comm === 'odd');
    expect(crowded.map(({ comm, pids }) => [comm, pids.length, pids[0], pids.at(-1)])).toEqual([['even', 1000, 100, 2098], ['odd', 1000, 101, 2099]]);
    expect(lanes.flatMap(({ pids }) => pids)).toHaveLength(3 + 2000 + 4);
  });

  it('part where one of them goes another way', () => {
    const { lanes } = load({ functions: ['do_epoll_wait'], machine: quietMachine(crowd), actions: [{ atMs: 3000, kind: 'poke', pid: 102 }, { atMs: 3000, kind: 'poke', pid: 104 }, { atMs: 4000, kind: 'poke', pid: 106 }], giveUpAfterMs: 5000 });
    expect(lanes.filter(({ comm }) => comm === 'even').map(({ pids, switches }) => [pids.length, switches.map(({ atNs }) => atNs / 1e6)])).toEqual([[997, []], [2, [3000]], [1, [4000]]]);
  });

  it('share none when they are of another kind', () => {
    const { lanes } = load({ machine: quietMachine([user(9, 'twin', ['f'], forever(true)), kthread(10, 'twin', ['f'], forever(true))]) });
    expect(lanes.filter(({ comm }) => comm === 'twin').map(({ kind, pids }) => [kind, pids])).toEqual([['user', [9]], ['kthread', [10]]]);
  });
});
