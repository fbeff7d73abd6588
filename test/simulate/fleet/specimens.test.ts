/** The machines that stand for a fleet, and which machine of the fleet is which. */
import { describe, expect, it } from 'vitest';
import { simulate, WORKLOADS } from '../../../server/src/simulate';
import { batchOf } from '../../../server/src/simulate/batch';
import { classesOf, DEFAULT_PLAN, drawMachines, fleetOf, type FleetOrder, type FleetPlan, type Sample } from '../../../server/src/simulate/fleet';
import { fleetText } from '../../../server/src/report/fleet-text';
import { expectGolden } from '../golden';
import { fleetsPage } from './page';

const plan: FleetPlan = { ...DEFAULT_PLAN, workloads: { web: 70, 'nfs-client': 30 }, versions: { '6.1.192': 9, '4.4': 1 }, specimens: 6 };
const order: FleetOrder = { kind: 'fleet', plan, ways: ['livepatch', 'reboot'], seed: 3, patch: { name: 'lp', functions: [{ name: 'vfs_read', object: 'vmlinux' }] } };

function samplesOf(asked: FleetOrder): Sample[] {
  const batch = batchOf(asked);
  return Array.from({ length: batch.count }, (_, index) => batch.run(index, () => false)).filter((sample) => sample !== undefined);
}

describe('specimens', () => {
  const samples = samplesOf(order);
  const of = (way: string, at: number): Sample | undefined => samples.find((sample) => sample.way === way && sample.class === at);

  it('are the classes by each way', () => {
    expect(classesOf(plan).map(({ workload, version }) => `${workload} ${version}`)).toEqual(['web 6.1.192', 'web 4.4', 'nfs-client 6.1.192', 'nfs-client 4.4']);
    expect(samples.map(({ way, class: at }) => `${way} ${at}`)).toEqual(['livepatch', 'reboot'].flatMap((way) => [0, 1, 2, 3].map((at) => `${way} ${at}`)));
  });

  it('are what the simulator gives of their machine, tried again with another seed where it did not complete', () => {
    const nfs = WORKLOADS.find(({ name }) => name === 'nfs-client');
    const found = of('livepatch', 2)?.specimens ?? [];
    expect(found).toHaveLength(6);
    for (const [at, attempts] of found.entries()) {
      const machine = nfs?.machine({ kernelVersion: '6.1.192', seed: 3 + at });
      if (machine === undefined) throw new Error('no such workload');
      for (const [attempt, { outcome, ms }] of attempts.entries()) {
        const result = simulate({ model: 'livepatch', machine, patch: order.patch, seed: 3 + at + attempt * 6 });
        if (!result.ok) throw new Error(result.message);
        expect([outcome, ms]).toEqual([result.trace.outcome, result.trace.completeMs ?? result.trace.endNs / 1e6]);
      }
      expect(attempts).toHaveLength(attempts[0]?.outcome === 'complete' ? 1 : 2);
    }
    expect(new Set(found.map(([first]) => first?.outcome))).toEqual(new Set(['complete', 'stuck']));
  });

  it('none where the way refuses the kernel, with the reason', () => {
    expect(of('livepatch', 1)).toMatchObject({ specimens: [], refused: expect.stringContaining('began with 4.12') as string });
    expect(of('reboot', 1)?.specimens).toHaveLength(1);
  });

  it('a class that is stuck again and again is taken to be stuck', () => {
    const always: FleetOrder = { ...order, plan: { ...plan, workloads: { idle: 1 }, versions: { '6.1.192': 1 } }, ways: ['livepatch'], patch: { name: 'lp', functions: [{ name: 'kthreadd', object: 'vmlinux' }] } };
    expect(samplesOf(always)[0]?.specimens.map((attempts) => attempts.map(({ outcome }) => outcome))).toEqual([1, 2, 3].map(() => ['stuck', 'stuck']));
  });

  it('costs of the plan are those of the simulation', () => {
    const quick: FleetOrder = { ...order, plan: { ...plan, costs: { firmwareNs: 1_000_000_000 } }, ways: ['reboot'] };
    expect(samplesOf(quick)[0]?.specimens[0]?.[0]?.ms).toBe((of('reboot', 0)?.specimens[0]?.[0]?.ms ?? 0) - 59_000);
  });

  it('the report reads well, and the page tells of it', () => {
    const small: FleetOrder = { ...order, ways: ['livepatch', 'kexec', 'reboot'] };
    const text = fleetText(fleetOf(small, 1000, samplesOf(small)));
    expectGolden('fleet.txt', text);
    expectGolden('../../../docs/simulator/fleets.md', fleetsPage(text, plan));
  });
});

describe('the fleet', () => {
  it('is the same whatever comes behind', () => {
    expect(drawMachines(plan, 500, 9).slice(0, 100)).toEqual(drawMachines(plan, 100, 9));
    expect(drawMachines(plan, 100, 9)).not.toEqual(drawMachines(plan, 100, 10));
  });

  it('has the shares of the plan', () => {
    const counts = new Map<number, number>();
    for (const { class: at } of drawMachines(DEFAULT_PLAN, 20_000, 1)) counts.set(at, (counts.get(at) ?? 0) + 1);
    const classes = classesOf(DEFAULT_PLAN);
    const whole = classes.reduce((sum, { share }) => sum + share, 0);
    for (const [at, { share }] of classes.entries()) {
      const expected = (20_000 * share) / whole;
      // Five standard deviations of a binomial.
      expect(Math.abs((counts.get(at) ?? 0) - expected)).toBeLessThan(5 * Math.sqrt(expected));
    }
  });
});
