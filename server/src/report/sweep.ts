/** A sweep as the JSON that scripts read (`simulate --sweep --format json`); docs/schemas/sweep.schema.json describes it. Figure, tables and page are made from it. */
import type { Sweep } from '../simulate/sweep';

export interface SweepJson {
  readonly schema: 1;
  readonly seed: number;
  readonly kernelVersion: string;
  readonly hz: number;
  readonly models: readonly string[];
  /** What was asked for; what was not done when it was cancelled is missing below. */
  readonly asked: { readonly cpus: readonly number[]; readonly tasks: readonly number[]; readonly crowds: readonly number[]; readonly crowd_cpus: number; readonly repeat: number };
  readonly stops: readonly { readonly cpus: number; readonly tasks: number; readonly machine_tasks: number; readonly models: readonly { readonly model: string; readonly stop_ms: number; readonly complete_ms: number | null }[] }[];
  readonly crowds: readonly {
    readonly tasks: number;
    readonly machine_tasks: number;
    readonly models: readonly { readonly model: string; readonly runs: number; readonly applied: number; readonly complete_ms: number | null; readonly end_ms: number; readonly tries: number }[];
  }[];
}

export function sweepJson({ order, stops, crowds }: Sweep): SweepJson {
  const { seed, kernelVersion, hz, models, cpus, tasks, repeat } = order;
  return {
    schema: 1,
    seed,
    kernelVersion,
    hz,
    models,
    asked: { cpus, tasks, crowds: order.crowds, crowd_cpus: order.crowdCpus, repeat },
    stops: stops.map((stop) => ({ cpus: stop.cpus, tasks: stop.tasks, machine_tasks: stop.machineTasks, models: stop.models.map(({ model, stopMs, completeMs }) => ({ model, stop_ms: rounded(stopMs), complete_ms: rounded(completeMs) })) })),
    crowds: crowds.map((crowd) => ({
      tasks: crowd.tasks,
      machine_tasks: crowd.machineTasks,
      models: crowd.models.map(({ model, runs, applied, completeMs, endMs, tries }) => ({ model, runs, applied, complete_ms: rounded(completeMs), end_ms: rounded(endMs), tries })),
    })),
  };
}

/** Four digits: the costs they are made of are no finer. */
function rounded<T extends number | null>(ms: T): T extends null ? null : number;
function rounded(ms: number | null): number | null {
  return ms === null ? null : Number(ms.toPrecision(4));
}
