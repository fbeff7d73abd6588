/** What a simulation draws, but for what its tasks draw themselves, comes from one seeded generator (xoroshiro128+ of pure-rand). */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { NS_PER_MS } from './time';
import type { Duration } from './types';

export interface Random {
  /** An integer from `from` to `to`, both included. */
  readonly int: (from: number, to: number) => number;
  /** A length of time in integer ns, at least 1. */
  readonly duration: (duration: Duration) => number;
}

/** Fine enough for a nanosecond in a quarter of an hour. */
const STEPS = 2 ** 40;

/** Numbers to throw away: after so many, neighbouring seeds have nothing in common any more. */
const WARM_UP = 20;

export function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed | 0);
  // Its first numbers move in step with the seed, so neighbouring seeds would give neighbouring starts.
  for (let i = 0; i < WARM_UP; i++) generator.next();
  const int = (from: number, to: number): number => uniformInt(generator, from, to);
  /** In (0, 1]: its logarithm is finite. */
  const unit = (): number => int(1, STEPS) / STEPS;
  return { int, duration: (duration) => lengthNs(duration, unit) };
}

/** @param unit draws from (0, 1]; @returns integer ns, at least 1 */
export function lengthNs(duration: Duration, unit: () => number): number {
  return Math.max(1, Math.round(millis(duration, unit) * NS_PER_MS));
}

function millis(duration: Duration, unit: () => number): number {
  switch (duration.kind) {
    case 'fixed':
      return duration.ms;
    case 'uniform':
      return duration.minMs + unit() * (duration.maxMs - duration.minMs);
    case 'exponential':
      return -Math.log(unit()) * duration.meanMs;
  }
}
