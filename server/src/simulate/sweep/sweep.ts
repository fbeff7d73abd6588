/** What a sweep comes to. Plain data: the figure, the table and the page are drawn from it. */
import { quantiles } from '../batch/quantiles';
import type { RunOutline } from '../batch/outline';
import type { ModelName } from '../types';
import type { SweepItem } from './batch';
import type { SweepOrder } from './order';

export interface Stop {
  readonly cpus: number;
  readonly tasks: number;
  readonly machineTasks: number;
  readonly models: readonly {
    readonly model: ModelName;
    /** How long the whole system stands still at a time. */
    readonly stopMs: number;
    readonly completeMs: number | null;
  }[];
}

export interface Crowd {
  readonly tasks: number;
  readonly machineTasks: number;
  readonly models: readonly {
    readonly model: ModelName;
    readonly runs: number;
    /** How many of them were applied. */
    readonly applied: number;
    /** The median over all runs; null when most were not applied. */
    readonly completeMs: number | null;
    /** The median of when it was over, applied or given up. */
    readonly endMs: number;
    /** The median of how often everything stood still, or all tasks were looked at. */
    readonly tries: number;
  }[];
}

export interface Sweep {
  readonly order: SweepOrder;
  readonly stops: readonly Stop[];
  readonly crowds: readonly Crowd[];
}

/** @param items those that were done; a crowd without any is left out */
export function sweepOf(order: SweepOrder, items: readonly SweepItem[]): Sweep {
  const stops = items.filter(({ kind }) => kind === 'stop').map(({ cpus, tasks, machineTasks, runs }): Stop => ({
    cpus, tasks, machineTasks, models: runs.map(({ model, longestPauseMs, completeMs }) => ({ model, stopMs: longestPauseMs, completeMs })),
  }));
  const crowds = order.crowds.flatMap((tasks): Crowd[] => {
    const ofThese = items.filter((item) => item.kind === 'crowd' && item.tasks === tasks);
    const [first] = ofThese;
    return first === undefined ? [] : [{ tasks, machineTasks: first.machineTasks, models: order.models.map((model) => crowdOf(model, ofThese.flatMap(({ runs }) => runs.filter((run) => run.model === model)))) }];
  });
  return { order, stops, crowds };
}

function crowdOf(model: ModelName, runs: readonly RunOutline[]): Crowd['models'][number] {
  return {
    model,
    runs: runs.length,
    applied: runs.filter(({ completeMs }) => completeMs !== null).length,
    completeMs: quantiles(runs.map(({ completeMs }) => completeMs)).median,
    endMs: quantiles(runs.map(({ endMs }) => endMs)).median ?? 0,
    tries: quantiles(runs.map(({ attempts, passes }) => Math.max(attempts, passes))).median ?? 0,
  };
}
