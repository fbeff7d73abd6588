/** The sweep: its page and figure are what the simulator gives, and a crowd behaves as arithmetic says it must. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sweepJson, type SweepJson } from '../../../server/src/report/sweep';
import { sweepSvg } from '../../../server/src/report/sweep-svg';
import { sweepText } from '../../../server/src/report/sweep-text';
import { BETWEEN_MS, sweepBatch, sweepOf, sweepUpTo, VISIT_MS, type SweepItem, type SweepOrder } from '../../../server/src/simulate/sweep';
import { DEFAULT_COSTS } from '../../../server/src/simulate';
import { expectGolden } from '../golden';
import { scalePage } from './page';

const stored = JSON.parse(readFileSync(new URL('../../../docs/simulator/scale.json', import.meta.url), 'utf8')) as SweepJson;
const order = sweepUpTo(8192, 100_000, { kernelVersion: stored.kernelVersion, hz: stored.hz, seed: stored.seed, repeat: stored.asked.repeat });

function run(asked: SweepOrder): SweepItem[] {
  const batch = sweepBatch(asked);
  return Array.from({ length: batch.count }, (_, index) => batch.run(index, () => false)).filter((item) => item !== undefined);
}

describe('docs/simulator/scale', () => {
  it('is of the whole range', () => {
    expect(sweepJson(sweepOf(order, [])).asked).toEqual(stored.asked);
  });

  it('has what the simulator gives, as far as that can be done in a moment', () => {
    const part = { ...order, cpus: [1, 64, 1024], tasks: [100, 1000, 10_000], crowds: [100, 300, 1000] };
    const { stops, crowds } = sweepJson(sweepOf(part, run(part)));
    expect(stops).toEqual(stored.stops.filter(({ cpus, tasks }) => part.cpus.includes(cpus) && part.tasks.includes(tasks)));
    expect(crowds).toEqual(stored.crowds.filter(({ tasks }) => part.crowds.includes(tasks)));
  });

  it('the page and the figure are drawn from it', () => {
    expectGolden('../../../docs/simulator/scale.md', scalePage(stored));
    expectGolden('../../../docs/images/scale.svg', sweepSvg(stored));
  });

  it('the table reads well', () => {
    expectGolden('sweep.txt', sweepText(stored));
  });
});

it('an attempt finds a crowd of N outside with a chance of e^(-Np)', () => {
  const repeat = 150;
  const items = run({ ...order, models: ['kpatch'], cpus: [], crowds: [1000], repeat });
  const visitors = 1000 - 6 * order.crowdCpus;
  const chance = Math.exp((-visitors * VISIT_MS) / (VISIT_MS + BETWEEN_MS));
  const atOnce = items.filter(({ runs: [kpatch] }) => kpatch?.completeMs !== null && kpatch?.attempts === 1).length;
  // Four standard deviations of a binomial, and the few system threads that are no visitors either.
  expect(Math.abs(atOnce / repeat - chance)).toBeLessThan(4 * Math.sqrt((chance * (1 - chance)) / repeat));
});

it('a stop costs its parts: what it costs at all, for each CPU and for each task', () => {
  const [stop] = run({ ...order, models: ['kpatch'], cpus: [64], tasks: [1000], crowds: [] });
  const { stopBaseNs, stopCommitNs, stopPerCpuNs, stopPerTaskNs, stopCompareNs } = DEFAULT_COSTS;
  const least = stopBaseNs + stopCommitNs + 64 * stopPerCpuNs + 1000 * stopPerTaskNs;
  const ns = (stop?.runs[0]?.longestPauseMs ?? 0) * 1e6;
  expect(ns).toBeGreaterThan(least);
  // At most 64 frames are compared of each stack (MAX_STACK_TRACE_DEPTH of kpatch's core module).
  expect(ns).toBeLessThanOrEqual(least + 1000 * 64 * stopCompareNs);
});

describe('the figure', () => {
  it('is drawn of whatever was done', () => {
    const items = run({ ...order, cpus: [1, 2], tasks: [100], crowds: [100], repeat: 1 });
    for (const done of [0, 1, 2, 3]) {
      const svg = sweepSvg(sweepJson(sweepOf({ ...order, cpus: [1, 2], tasks: [100], crowds: [100], repeat: 1 }, items.slice(0, done))));
      expect(svg).toMatch(/^<svg [^]*<\/svg>\n$/);
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    }
  });

  it('stays within its frame', () => {
    const places = [...sweepSvg(stored).matchAll(/ (?:x|x1|x2|cx)="([^"]+)"/g)].map(([, value]) => Number(value));
    expect(places.length).toBeGreaterThan(50);
    expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...places)).toBeLessThanOrEqual(980);
  });
});

it.each([[1, 100, 1, 1], [8192, 1_000_000, 14, 5], [100, 99_999, 7, 3]])('up to %i CPUs and %i tasks', (cpus, tasks, cpuSteps, taskSteps) => {
  const asked = sweepUpTo(cpus, tasks, order);
  expect([asked.cpus.length, asked.tasks.length]).toEqual([cpuSteps, taskSteps]);
  expect(Math.max(...asked.cpus)).toBeLessThanOrEqual(cpus);
  expect(Math.max(...asked.crowds)).toBeLessThanOrEqual(tasks);
});
