/** The event queue: order of time, then of coming, whatever is taken out in between. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createQueue } from '../../server/src/simulate/queue';

/** Several events at once, so that many meet at one instant; `take` carries some out before the next ones come. */
const batches = fc.array(fc.record({ times: fc.array(fc.nat({ max: 40 }), { maxLength: 30 }), take: fc.nat({ max: 40 }) }), { maxLength: 12 });

describe('the event queue', () => {
  it('carries out events by time, and in the order they came where they are due at once', () => {
    fc.assert(fc.property(batches, (all) => {
      const queue = createQueue();
      const waiting: { atNs: number; id: number }[] = [];
      const seen: number[] = [];
      const expected: number[] = [];
      let id = 0;
      const take = (): void => {
        const [next] = waiting.sort((a, b) => a.atNs - b.atNs || a.id - b.id);
        if (next === undefined) return;
        waiting.shift();
        expected.push(next.id);
        expect(queue.peek()).toBe(next.atNs);
        queue.step();
        expect(queue.now()).toBe(next.atNs);
      };
      for (const { times, take: count } of all) {
        for (const time of times) {
          const mine = id++;
          waiting.push({ atNs: Math.max(queue.now(), time), id: mine });
          // Both kinds of entries in one heap.
          if (mine % 2 === 0) queue.at(time, () => { seen.push(mine); });
          else queue.atFor(time, (subject: number, stamp) => { seen.push(subject + stamp); }, mine, 0);
        }
        for (let i = 0; i < count; i++) take();
      }
      while (waiting.length > 0) take();
      expect(seen).toEqual(expected);
      expect(queue.peek()).toBe(Infinity);
    }));
  });

  it('holds ordinary events up while the machine is stopped, and whoever stopped it comes first when it goes on', () => {
    const queue = createQueue();
    const seen: string[] = [];
    queue.at(10, () => { seen.push(`late ${queue.now()}`); });
    queue.atEvenStopped(20, () => { seen.push(`nmi ${queue.now()}`); });
    queue.stopUntil(30);
    queue.atEvenStopped(30, () => { seen.push(`stopper ${queue.now()}`); });
    while (queue.peek() !== Infinity) queue.step();
    expect(seen).toEqual(['nmi 20', 'stopper 30', 'late 30']);
  });

  it('does nothing when nothing is left', () => {
    const queue = createQueue();
    queue.step();
    expect([queue.now(), queue.peek()]).toEqual([0, Infinity]);
  });
});
