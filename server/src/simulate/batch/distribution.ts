/** What many runs of one model come to. */
import type { ModelName, Outcome } from '../types';
import { leftKey, type LeftOver, type RunOutline } from './outline';
import { quantiles, type Quantiles } from './quantiles';

export interface Distribution {
  readonly model: ModelName;
  /** In the order of their seeds. */
  readonly runs: readonly RunOutline[];
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Over all runs: one that did not complete is later than every other. */
  readonly completeMs: Quantiles;
  readonly pauseMs: Quantiles;
  /** Attempts, or looks at all tasks (passes). */
  readonly tries: Quantiles;
  readonly signals: Quantiles;
  /** Whoever stood in the way at the end of runs that did not complete: in how many runs, the most frequent first; tasks of all of them together. */
  readonly left: readonly (LeftOver & { readonly runs: number })[];
  /** Seeds of runs worth a look: the first that did not complete, and that of the longest among the others. */
  readonly seeds: { readonly stuck?: number; readonly slowest?: number };
}

/** @param repetitions each one's run by every model, in one order of models */
export function distributions(repetitions: readonly (readonly RunOutline[])[]): readonly Distribution[] {
  const [first = []] = repetitions;
  return first.map(({ model }, at) => distributionOf(model, repetitions.flatMap((runs) => runs.slice(at, at + 1))));
}

function distributionOf(model: ModelName, runs: readonly RunOutline[]): Distribution {
  const outcomes = { complete: 0, stuck: 0, failed: 0, unsafe: 0 };
  for (const { outcome } of runs) outcomes[outcome]++;
  const stuck = runs.find(({ completeMs }) => completeMs === null)?.seed;
  const times = runs.filter(({ completeMs }) => completeMs !== null);
  const slowest = times.reduce<RunOutline | undefined>((worst, run) => ((run.completeMs ?? 0) > (worst?.completeMs ?? -1) ? run : worst), undefined)?.seed;
  return {
    model,
    runs,
    outcomes,
    completeMs: quantiles(runs.map(({ completeMs }) => completeMs)),
    pauseMs: quantiles(runs.map(({ pauseMs }) => pauseMs)),
    tries: quantiles(runs.map(({ attempts, passes }) => Math.max(attempts, passes))),
    signals: quantiles(runs.map(({ signals }) => signals)),
    left: leftOver(runs),
    seeds: { ...(stuck === undefined ? {} : { stuck }), ...(slowest === undefined ? {} : { slowest }) },
  };
}

function leftOver(runs: readonly RunOutline[]): Distribution['left'] {
  const found = new Map<string, Distribution['left'][number]>();
  for (const { left } of runs) {
    for (const each of left) {
      const known = found.get(leftKey(each));
      found.set(leftKey(each), { ...each, runs: (known?.runs ?? 0) + 1, tasks: (known?.tasks ?? 0) + each.tasks });
    }
  }
  return [...found.values()].sort((a, b) => b.runs - a.runs);
}
