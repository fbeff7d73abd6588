/** The rollout alone, with samples of our own making: what its laws are, and cases one can do by hand. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_PLAN, drawMachines, fleetOf, roll, type Attempt, type FleetMachine, type FleetOrder, type FleetPlan, type Rollout, type Sample } from '../../../server/src/simulate/fleet';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const done = (ms: number, pauseMs = 0): Attempt => ({ outcome: 'complete', ms, pauseMs });
const stuck = (ms: number): Attempt => ({ outcome: 'stuck', ms, pauseMs: 0 });

const plan = (changes: Omit<Partial<FleetPlan>, 'online' | 'restart'> & { online?: Partial<FleetPlan['online']>; restart?: Partial<FleetPlan['restart']> }): FleetPlan =>
  ({ ...DEFAULT_PLAN, ...changes, online: { ...DEFAULT_PLAN.online, ...changes.online }, restart: { ...DEFAULT_PLAN.restart, ...changes.restart } });

/** Machines of one class, whose specimens get the attempts. */
const machines = (count: number, specimen = 0): FleetMachine[] => Array.from({ length: count }, () => ({ class: 0, specimen, luck: 0.5 }));
const samples = (...specimens: Attempt[][]): Sample[] => [{ way: 'livepatch', class: 0, specimens }, { way: 'reboot', class: 0, specimens: specimens.slice(0, 1) }];
const ends = ({ machines: all }: Rollout): string[] => all.map(({ end }) => end);
const times = ({ machines: all }: Rollout): (number | null)[] => all.map(({ protectedMs }) => protectedMs);

describe('by hand', () => {
  const oneWave = plan({ waves: [1], online: { atOnce: 3, retries: 2, retryMinutes: 10 } });

  it('so many at a time', () => {
    expect(times(roll(oneWave, 'livepatch', machines(7), samples([done(1000)])))).toEqual([1000, 1000, 1000, 2000, 2000, 2000, 3000]);
  });

  it('waves, each after the one before has been watched', () => {
    const rollout = roll(plan({ waves: [0.25, 1], soakMinutes: 60, online: { atOnce: 50 } }), 'livepatch', machines(8), samples([done(1000)]));
    expect(times(rollout)).toEqual([1000, 1000, ...Array.from({ length: 6 }, () => 1000 + HOUR + 1000)]);
    expect(rollout.waves).toEqual([{ machines: 2, fromMs: 0, toMs: 1000, tried: 2, open: 0 }, { machines: 6, fromMs: 1000 + HOUR, toMs: 2000 + HOUR, tried: 6, open: 0 }]);
  });

  it('a machine that stalls is tried again, and every further try is like the second', () => {
    const second = roll(oneWave, 'livepatch', machines(1), samples([stuck(75_000), done(2000)]));
    expect(second.machines).toEqual([{ end: 'protected', protectedMs: 75_000 + 10 * MINUTE + 2000, attempts: 2, downMs: 0, lostMs: null }]);
    const never = roll(oneWave, 'livepatch', machines(1), samples([stuck(75_000), stuck(75_000)]));
    expect(never.machines).toEqual([{ end: 'hand', protectedMs: null, attempts: 3, downMs: 0, lostMs: null }]);
    expect(never.endMs).toBe(3 * 75_000 + 20 * MINUTE);
    expect(ends(roll(plan({ waves: [1], online: { stalled: 'skip' } }), 'livepatch', machines(1), samples([stuck(1), stuck(1)])))).toEqual(['skipped']);
  });

  it('an unsafe patch is not tried again', () => {
    expect(roll(oneWave, 'livepatch', machines(1), samples([{ outcome: 'unsafe', ms: 1000, pauseMs: 0 }])).machines).toMatchObject([{ end: 'hand', attempts: 1 }]);
  });

  it('a wave of which too many are open halts the rollout: the rest is skipped', () => {
    const rollout = roll(plan({ waves: [0.5, 1], haltShare: 0.5, online: { retries: 0 } }), 'livepatch', [...machines(1, 0), ...machines(3, 0.5)], samples([stuck(1), stuck(1)], [done(1)]));
    expect([rollout.halted, ends(rollout)]).toEqual([true, ['hand', 'protected', 'skipped', 'skipped']]);
    const goesOn = roll(plan({ waves: [0.5, 1], haltShare: 0.51, online: { retries: 0 } }), 'livepatch', [...machines(1, 0), ...machines(3, 0.5)], samples([stuck(1), stuck(1)], [done(1)]));
    expect([goesOn.halted, ends(goesOn)]).toEqual([false, ['hand', 'protected', 'protected', 'protected']]);
  });

  it('whoever is not tried does not halt it', () => {
    const rollout = roll(plan({ waves: [0.5, 1] }), 'livepatch', [{ class: 1, specimen: 0, luck: 0.5 }, ...machines(3)], samples([done(1)]));
    expect([rollout.halted, ends(rollout), rollout.waves[0]]).toMatchObject([false, ['skipped', 'protected', 'protected', 'protected'], { machines: 2, tried: 1, open: 0 }]);
  });

  it('nobody is tried in a class that the way refuses', () => {
    expect(roll(oneWave, 'livepatch', machines(2), samples()).machines).toEqual([0, 1].map(() => ({ end: 'skipped', protectedMs: null, attempts: 0, downMs: 0, lostMs: null })));
  });

  it('a restart takes the machine out of service while it is drained and down, as many at a time as may be', () => {
    const rollout = roll(plan({ waves: [1], restart: { downShare: 0.5, drainMinutes: 5, failShare: 0 } }), 'reboot', machines(4), samples([done(90_000, 90_000)]));
    const once = 5 * MINUTE + 90_000;
    expect(rollout.machines).toEqual([once, once, 2 * once, 2 * once].map((protectedMs) => ({ end: 'protected', protectedMs, attempts: 1, downMs: once, lostMs: null })));
    expect(rollout.mostDown).toBe(2);
  });

  it('a machine that does not come back is out of service to the end', () => {
    const rollout = roll(plan({ waves: [1], restart: { downShare: 0.5, drainMinutes: 0, failShare: 0.1 } }), 'reboot', [{ class: 0, specimen: 0, luck: 0.05 }, ...machines(1)], samples([done(1000, 1000)]));
    expect(rollout.machines).toMatchObject([{ end: 'hand', protectedMs: null, downMs: 1000, lostMs: 1000 }, { end: 'protected', protectedMs: 2000, downMs: 1000, lostMs: null }]);
    expect(rollout.mostDown).toBe(2);
  });
});

describe('laws', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const attempt = fc.record({ outcome: fc.constantFrom('complete' as const, 'stuck' as const, 'failed' as const, 'unsafe' as const), ms: fc.nat(200_000), pauseMs: fc.nat(100) });
  const anyPlan = fc.record({
    waves: fc.uniqueArray(fc.double({ min: 0.01, max: 0.99, noNaN: true }), { maxLength: 4 }).map((rising) => [...rising.sort((a, b) => a - b), 1]),
    soakMinutes: fc.nat(120), haltShare: share,
    online: fc.record({ atOnce: fc.integer({ min: 1, max: 20 }), retries: fc.nat(4), retryMinutes: fc.nat(120), stalled: fc.constantFrom('hand' as const, 'skip' as const) }),
    restart: fc.record({ downShare: share, drainMinutes: fc.nat(20), failShare: share }),
  }).map((changes) => ({ ...DEFAULT_PLAN, ...changes, workloads: { idle: 1, web: 2 }, versions: { '6.1': 1 } }));
  const specimens = fc.array(fc.array(attempt, { minLength: 1, maxLength: 2 }), { maxLength: 3 });

  it('every machine ends protected, needing a hand or skipped; the hours are the sums of its machines\'', () => {
    fc.assert(fc.property(anyPlan, fc.tuple(specimens, specimens), fc.integer({ min: 1, max: 80 }), fc.nat(1000), (each, [first, second], count, seed) => {
      const order: FleetOrder = { kind: 'fleet', plan: each, patch: { name: 'lp', functions: [] }, ways: ['livepatch', 'reboot'], seed };
      const all = order.ways.flatMap((way): Sample[] => [{ way, class: 0, specimens: first }, { way, class: 1, specimens: second }]);
      const { ways, horizonMs } = fleetOf(order, count, all);
      const fleet = drawMachines(each, count, seed);
      for (const way of ways) {
        const { machines: own } = roll(each, way.way, fleet, all);
        expect(way.exposedHours).toBeCloseTo(own.reduce((sum, { protectedMs }) => sum + (protectedMs ?? horizonMs) / HOUR, 0), 6);
        expect(way.downHours).toBeCloseTo(own.reduce((sum, { downMs, lostMs }) => sum + (downMs + (lostMs === null ? 0 : horizonMs - lostMs)) / HOUR, 0), 6);
        const { ends: { protected: safe, hand, skipped } } = way;
        expect(safe + hand + skipped).toBe(count);
        expect(way.classes.reduce((sum, { machines: own }) => sum + own, 0)).toBe(count);
        expect(way.exposedHours).toBeGreaterThanOrEqual(0);
        expect(way.exposedHours).toBeLessThanOrEqual((count * horizonMs) / HOUR + 1e-9);
        expect(way.downHours).toBeGreaterThanOrEqual(0);
        expect(way.mostDown).toBeLessThanOrEqual(count);
        expect(way.allMs === null).toBe(safe < count);
        expect(way.waves.reduce((sum, wave) => sum + wave.machines, 0)).toBeLessThanOrEqual(count);
        expect(way.halted || way.waves.length === each.waves.length).toBe(true);
      }
    }));
  });

  it('each machine: protected within the rollout or not at all, tried no more often than allowed, as many at a time as may be', () => {
    fc.assert(fc.property(anyPlan, specimens, fc.integer({ min: 1, max: 60 }), (each, tries, count) => {
      const fleet = Array.from({ length: count }, (_, i) => ({ class: 0, specimen: (i % 7) / 7, luck: (i % 10) / 10 }));
      for (const way of ['livepatch', 'reboot'] as const) {
        const { machines: all, endMs, mostDown } = roll(each, way, fleet, [{ way, class: 0, specimens: tries }]);
        for (const { end, protectedMs, attempts, downMs } of all) {
          expect(protectedMs !== null).toBe(end === 'protected');
          if (protectedMs !== null) expect(protectedMs).toBeLessThanOrEqual(endMs);
          expect(attempts).toBeLessThanOrEqual(1 + each.online.retries);
          if (attempts === 0) expect([end, downMs]).toEqual(['skipped', 0]);
        }
        const gone = all.filter(({ end, attempts }) => end === 'hand' && attempts > 0).length;
        if (way === 'reboot') expect(mostDown).toBeLessThanOrEqual(Math.max(1, Math.floor(each.restart.downShare * count)) + gone);
      }
    }));
  });
});
