/** The items of a sweep: a machine for each stop, then one for each crowd and seed. */
import type { Batch } from '../batch/batch';
import { outlineOf, type RunOutline } from '../batch/outline';
import { simulate } from '../simulate';
import type { Machine } from '../types';
import { crowdedMachine, PATCHED, quietMachine } from './machines';
import type { SweepOrder } from './order';

export interface SweepItem {
  readonly kind: 'stop' | 'crowd';
  readonly cpus: number;
  /** As asked for. */
  readonly tasks: number;
  /** As the machine has them: the kernel's own threads may be more than was asked for. */
  readonly machineTasks: number;
  readonly runs: readonly RunOutline[];
}

export function sweepBatch(order: SweepOrder): Batch<SweepItem> {
  const { cpus, tasks, crowds, crowdCpus, repeat, seed } = order;
  const stops = cpus.flatMap((count) => tasks.map((most) => ({ cpus: count, tasks: most })));
  return {
    count: stops.length + crowds.length * repeat,
    run: (index, shouldStop) => {
      const stop = stops[index];
      if (stop !== undefined) return itemOf(order, { kind: 'stop', ...stop }, quietMachine(order, stop.cpus, stop.tasks), seed, shouldStop);
      const at = index - stops.length;
      const most = crowds[Math.floor(at / repeat)];
      if (most === undefined) return undefined;
      const own = seed + (at % repeat);
      return itemOf(order, { kind: 'crowd', cpus: crowdCpus, tasks: most }, crowdedMachine(order, most, own), own, shouldStop);
    },
  };
}

function itemOf({ models }: SweepOrder, where: Pick<SweepItem, 'kind' | 'cpus' | 'tasks'>, machine: Machine, seed: number, shouldStop: () => boolean): SweepItem | undefined {
  const patch = { name: 'livepatch_sweep', functions: [{ name: PATCHED, object: 'vmlinux' }] };
  const runs: RunOutline[] = [];
  for (const model of models) {
    const result = simulate({ model, machine, seed, patch }, { shouldStop });
    if (!result.ok && result.cancelled) return undefined;
    if (!result.ok) throw new Error(result.message);
    // Of a hundred thousand tasks in the way, the first few tell as much.
    runs.push({ ...outlineOf(result.trace), left: [] });
  }
  return { ...where, machineTasks: machine.tasks.length, runs };
}
