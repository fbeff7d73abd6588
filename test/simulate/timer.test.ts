/** The law of the retry timer: its bounds, and the times at which a real kernel made its passes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { initialJiffies, jiffiesAt, jiffiesToNs, retryJiffies, roundJiffiesRelative, wheelExpiry, wheelGranularity } from '../../server/src/simulate/time';
import { passGrid } from './recordings';

const hz = fc.constantFrom(100, 250, 300, 1000);
const cpu = fc.integer({ min: 0, max: 255 });
const uptime = fc.integer({ min: 0, max: 1e15 });

describe('round_jiffies_relative', () => {
  it('rounds a second to more than 0.75 s and at most 1.75 s, rounded up to a jiffy', () => {
    fc.assert(
      fc.property(hz, cpu, uptime, (rate, on, up) => {
        const delay = roundJiffiesRelative(jiffiesAt(up, rate), rate, rate, on);
        expect(delay).toBeGreaterThan(0.75 * rate);
        expect(delay).toBeLessThanOrEqual(Math.ceil(1.75 * rate));
      }),
    );
  });

  it('brings each CPU to its own second, 3 jiffies after the one before', () => {
    fc.assert(
      fc.property(hz, cpu, uptime, (rate, on, up) => {
        const now = jiffiesAt(up, rate);
        expect((now + roundJiffiesRelative(now, rate, rate, on) + 3 * on) % rate).toBe(0);
      }),
    );
  });

  it('keeps a second between passes once on the grid', () => {
    fc.assert(
      fc.property(hz, cpu, uptime, (rate, on, up) => {
        const second = retryJiffies(retryJiffies(jiffiesAt(up, rate), rate, on), rate, on);
        const third = retryJiffies(second, rate, on);
        expect(Math.abs(third - second - rate)).toBeLessThanOrEqual(wheelGranularity(rate));
      }),
    );
  });
});

describe('the timer wheel', () => {
  it.each([[62, 1], [63, 8], [250, 8], [503, 8], [504, 64], [1000, 64]])('rounds a timer %i jiffies ahead to %i', (delta, granularity) => {
    expect(wheelGranularity(delta)).toBe(granularity);
  });

  it('never fires early, and at most one bucket late', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 40 }), fc.integer({ min: 1, max: 4000 }), (now, delta) => {
        const fires = wheelExpiry(now, now + delta);
        expect(fires).toBeGreaterThan(now + delta);
        expect(fires).toBeLessThanOrEqual(now + delta + wheelGranularity(delta));
      }),
    );
  });
});

it('turns jiffies into times and back', () => {
  // Up to 100 days, the longest uptime a machine may have here: its nanoseconds fit a double exactly.
  fc.assert(fc.property(hz, fc.integer({ min: 0, max: 8_640_000 }), fc.nat(), (rate, seconds, more) => {
    const jiffies = initialJiffies(rate) + seconds * rate + (more % rate);
    expect(jiffiesAt(jiffiesToNs(jiffies, rate), rate)).toBe(jiffies);
  }));
});

describe('the passes of a real kernel (Debian 6.1.192, 4 CPUs, 250 Hz)', () => {
  /** Seconds on the console's clock at which this machine's tick began; the one figure fitted to the console. */
  const TICK_BEGAN_S = 0.234;
  /** Half a bucket of the timer wheel: nearer to the predicted bucket than to any other. */
  const HALF_BUCKET_S = 4 / 250;

  /** All passes of a transition, were its worker always on `on`. */
  function predict(startS: number, passes: number, on: number): number[] {
    let jiffies = jiffiesAt((startS - TICK_BEGAN_S) * 1e9, 250);
    return Array.from({ length: passes }, () => {
      jiffies = retryJiffies(jiffies, 250, on);
      return jiffiesToNs(jiffies, 250) / 1e9 + TICK_BEGAN_S;
    });
  }

  it.each(passGrid)('$patch $direction at $startS s', ({ startS, passesS }) => {
    const errors = [0, 1, 2, 3].map((on) => Math.max(...predict(startS, passesS.length, on).map((at, i) => Math.abs(at - (passesS[i] ?? NaN)))));
    expect(Math.min(...errors)).toBeLessThan(HALF_BUCKET_S);
  });
});
