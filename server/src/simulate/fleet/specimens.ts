/**
 * The machines that stand for a fleet. Ten thousand machines of ten thousand tasks each are not simulated one by one: of each class (a workload with a kernel
 * version) a few are, whole, with other seeds, and each machine of the fleet is one of them. A specimen is tried twice, with another seed for what happens meanwhile: its
 * tasks are the same, so that what stands in the way for good does so again. Further tries are taken to end as the second.
 */
import type { Batch } from '../batch/batch';
import { simulate } from '../simulate';
import type { ModelName, Outcome, SimulatedPatch } from '../types';
import { workloadNamed } from '../workloads';
import type { FleetPlan } from './plan';

export interface FleetOrder {
  readonly kind: 'fleet';
  readonly plan: FleetPlan;
  readonly patch: SimulatedPatch;
  readonly ways: readonly ModelName[];
  readonly seed: number;
}

export interface MachineClass {
  readonly workload: string;
  readonly version: string;
  /** Against those of the others. */
  readonly share: number;
}

export interface Attempt {
  readonly outcome: Outcome;
  /** Until it was over, complete or given up. */
  readonly ms: number;
  /** Of it the machine stood still. */
  readonly pauseMs: number;
}

/** What one way makes of one class. */
export interface Sample {
  readonly way: ModelName;
  readonly class: number;
  /** The first and, where it did not complete, the second attempt of each specimen; empty where `refused` says why there is none. */
  readonly specimens: readonly (readonly Attempt[])[];
  readonly refused?: string;
}

/** Every workload with every version, those without a share left out. */
export function classesOf({ workloads, versions }: FleetPlan): readonly MachineClass[] {
  return Object.entries(workloads).flatMap(([workload, of]) => Object.entries(versions).map(([version, share]) => ({ workload, version, share: of * share }))).filter(({ share }) => share > 0);
}

/** They take the machine out of service, and what runs on it has no part in how long they take. */
export const RESTARTS: readonly ModelName[] = ['kexec', 'reboot'];

/** A class whose first few specimens are all stuck twice is taken to be stuck. */
const STUCK_FROM = 3;

/** An item is one class by one way: ways that take longest to simulate first, so that threads end together. */
export function fleetBatch(order: FleetOrder): Batch<Sample> {
  const items = order.ways.flatMap((way) => classesOf(order.plan).map((_, at) => ({ way, class: at })));
  return {
    count: items.length,
    run: (index, shouldStop) => {
      const item = items[index];
      return item === undefined ? undefined : sampleOf(order, item.way, item.class, shouldStop);
    },
  };
}

function sampleOf(order: FleetOrder, way: ModelName, at: number, shouldStop: () => boolean): Sample | undefined {
  const { plan, patch, seed } = order;
  const machineClass = classesOf(plan)[at];
  const workload = machineClass && workloadNamed(machineClass.workload);
  if (machineClass === undefined || workload === undefined) return undefined;
  const count = RESTARTS.includes(way) ? 1 : plan.specimens;
  const specimens: Attempt[][] = [];
  for (let specimen = 0; specimen < count; specimen++) {
    const machine = workload.machine({ kernelVersion: machineClass.version, seed: seed + specimen });
    const attempts: Attempt[] = [];
    for (let attempt = 0; attempt < 2 && attempts.every(({ outcome }) => !isOver(outcome)); attempt++) {
      const result = simulate({ model: way, machine, patch, seed: seed + specimen + attempt * plan.specimens, costs: plan.costs }, { shouldStop });
      if (!result.ok && result.cancelled) return undefined;
      if (!result.ok) return { way, class: at, specimens: [], refused: result.message };
      const { outcome, completeMs, endNs, pauseMs } = result.trace;
      attempts.push({ outcome, ms: completeMs ?? endNs / 1e6, pauseMs });
    }
    specimens.push(attempts);
    if (specimens.length === STUCK_FROM && specimens.every((tries) => tries.length === 2 && tries.every(({ outcome }) => !isOver(outcome)))) break;
  }
  return { way, class: at, specimens };
}

/** Trying again would change nothing. */
export const isOver = (outcome: Outcome): boolean => outcome === 'complete' || outcome === 'unsafe';
