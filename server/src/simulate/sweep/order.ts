/**
 * How the systems stand the size of a machine. Two questions, asked of machines of the idle workload:
 *
 * - stops: how long one stop lasts that the systems make which stop the machine, by CPUs and tasks, while nobody is in the patched function;
 * - crowds: whether the patch can be applied at all while every user task is in the patched function now and then, by tasks. Who stops the machine
 *   has to find all of them outside at one instant; who switches task by task has to find each of them outside once.
 */
import type { ModelName } from '../types';

export interface SweepOrder {
  readonly kind: 'sweep';
  readonly models: readonly ModelName[];
  readonly kernelVersion: string;
  readonly hz: number;
  readonly seed: number;
  /** Of the stops: every number of CPUs with every number of tasks. */
  readonly cpus: readonly number[];
  readonly tasks: readonly number[];
  /** Of the crowds: numbers of tasks, each with `repeat` seeds from `seed` on, on `crowdCpus` CPUs. */
  readonly crowds: readonly number[];
  readonly crowdCpus: number;
  readonly repeat: number;
}

export const SWEPT_MODELS: readonly ModelName[] = ['kpatch', 'ksplice', 'livepatch'];

/** CPUs of the machines with crowds: what counts there are the tasks. */
const CROWD_CPUS = 8;
const LEAST_TASKS = 100;

/** Powers of two up to `mostCpus`, powers of ten (for the crowds half powers) from 100 up to `mostTasks`. */
export function sweepUpTo(mostCpus: number, mostTasks: number, rest: Pick<SweepOrder, 'kernelVersion' | 'hz' | 'seed' | 'repeat'>): SweepOrder {
  return {
    kind: 'sweep',
    models: SWEPT_MODELS,
    ...rest,
    cpus: steps(1, mostCpus, [2]),
    tasks: steps(LEAST_TASKS, mostTasks, [10]),
    crowds: steps(LEAST_TASKS, mostTasks, [3, 10 / 3]),
    crowdCpus: Math.min(CROWD_CPUS, mostCpus),
  };
}

/** From `least` on, multiplied by each of the factors in turn; at least one. */
function steps(least: number, most: number, factors: readonly number[]): number[] {
  const found = [least];
  for (let next = least, i = 0; (next = Math.round(next * (factors[i % factors.length] ?? 2))) <= most; i++) found.push(next);
  return found;
}
