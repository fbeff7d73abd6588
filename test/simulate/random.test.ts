/** What tasks draw: evenly, each for itself, the same from the same seed. The seeds are fixed, so what holds once holds always. */
import { describe, expect, it } from 'vitest';
import { createTaskRandom, type Drawer } from '../../server/src/simulate/task-random';

const BUCKETS = 64;
/** 63 degrees of freedom: chi-square exceeds this once in 100,000 samples. */
const FAR = 127;

const drawer = (pid: number, draws = 0): Drawer => ({ pid, draws });

function chiSquare(values: readonly number[]): number {
  const counts = new Array<number>(BUCKETS).fill(0);
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  const expected = values.length / BUCKETS;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

const COUNT = 100_000;
const range = Array.from({ length: COUNT }, (_, i) => i + 1);
const samples: Record<string, readonly number[]> = {
  'the first draw of many tasks': range.map((pid) => createTaskRandom(1).below(BUCKETS, drawer(pid))),
  'the tenth draw of many tasks': range.map((pid) => createTaskRandom(1).below(BUCKETS, drawer(pid, 9))),
  'many draws of one task': range.map((draws) => createTaskRandom(1).below(BUCKETS, drawer(7, draws))),
  'the first draw of one task by many seeds': range.map((seed) => createTaskRandom(seed).below(BUCKETS, drawer(7))),
  // Eight by eight: neighbours have nothing to do with each other.
  'two neighbouring tasks': range.map((pid) => createTaskRandom(1).below(8, drawer(pid)) * 8 + createTaskRandom(1).below(8, drawer(pid + 1))),
  'two draws of one task': range.map((pid) => createTaskRandom(1).below(8, drawer(pid)) * 8 + createTaskRandom(1).below(8, drawer(pid, 1))),
  'one task by neighbouring seeds': range.map((seed) => createTaskRandom(seed).below(8, drawer(7)) * 8 + createTaskRandom(seed + 1).below(8, drawer(7))),
};

describe('evenly:', () => {
  it.each(Object.entries(samples))('%s', (_name, values) => {
    expect(chiSquare(values)).toBeLessThan(FAR);
  });
});

it('durations have the mean and the spread asked for', () => {
  const lengths = range.map((pid) => createTaskRandom(3).duration({ kind: 'exponential', meanMs: 100 }, drawer(pid)) / 1e6);
  const mean = lengths.reduce((sum, each) => sum + each, 0) / COUNT;
  const deviation = Math.sqrt(lengths.reduce((sum, each) => sum + (each - mean) ** 2, 0) / COUNT);
  // Five standard errors.
  expect(Math.abs(mean - 100)).toBeLessThan((5 * 100) / Math.sqrt(COUNT));
  expect(Math.abs(deviation - 100)).toBeLessThan(2.5);
  const uniform = range.map((pid) => createTaskRandom(3).duration({ kind: 'uniform', minMs: 10, maxMs: 20 }, drawer(pid)) / 1e6);
  expect(Math.min(...uniform)).toBeGreaterThan(10);
  expect(Math.max(...uniform)).toBeLessThanOrEqual(20);
  expect(createTaskRandom(3).duration({ kind: 'fixed', ms: 5 }, drawer(1))).toBe(5e6);
});

it('what one task draws does not depend on what others drew', () => {
  const [alone, among] = [createTaskRandom(5), createTaskRandom(5)];
  const [mine, same] = [drawer(9), drawer(9)];
  for (let i = 0; i < 100; i++) {
    for (let other = 0; other < i; other++) among.below(10, drawer(other));
    expect(among.below(1e6, same)).toBe(alone.below(1e6, mine));
  }
});
