/** What a rollout comes to, by each way: the fleet's machines are the same for all of them. */
import { ranks } from '../batch/quantiles';
import type { ModelName } from '../types';
import { drawMachines, type FleetMachine } from './machines';
import { roll, type MachineEnd, type MachineResult, type Rollout, type Wave } from './roll';
import { classesOf, type FleetOrder, type Sample } from './specimens';

export type Ends = Readonly<Record<MachineEnd, number>>;

export interface WayResult {
  readonly way: ModelName;
  readonly ends: Ends;
  /** Until so many of all machines were protected; null: they never were. */
  readonly halfMs: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly allMs: number | null;
  /** When nothing more was to be done. */
  readonly endMs: number;
  /** Each machine from the beginning until it was protected; those that never were, until the end of the rollout that took longest. */
  readonly exposedHours: number;
  /** Machine-hours out of service or standing still; machines that did not come back, until the same end. */
  readonly downHours: number;
  readonly mostDown: number;
  readonly attempts: number;
  /** Machines tried more than once. */
  readonly retried: number;
  readonly halted: boolean;
  readonly waves: readonly Wave[];
  readonly classes: readonly ClassResult[];
}

export interface ClassResult {
  readonly workload: string;
  readonly version: string;
  readonly machines: number;
  readonly ends: Ends;
  /** Why nobody was tried. */
  readonly refused?: string;
}

export interface Fleet {
  readonly order: FleetOrder;
  readonly machines: number;
  /** When the last way was done: until then, machines that are never protected count as exposed, so that ways can be compared. */
  readonly horizonMs: number;
  readonly ways: readonly WayResult[];
}

const HOUR_MS = 3_600_000;

/** @param samples of every class by every way */
export function fleetOf(order: FleetOrder, machines: number, samples: readonly Sample[]): Fleet {
  const fleet = drawMachines(order.plan, machines, order.seed);
  const rollouts = order.ways.map((way) => ({ way, rollout: roll(order.plan, way, fleet, samples) }));
  const horizonMs = Math.max(0, ...rollouts.map(({ rollout }) => rollout.endMs));
  return { order, machines, horizonMs, ways: rollouts.map(({ way, rollout }) => resultOf(order, way, fleet, rollout, horizonMs, samples)) };
}

function resultOf({ plan }: FleetOrder, way: ModelName, fleet: readonly FleetMachine[], rollout: Rollout, horizonMs: number, samples: readonly Sample[]): WayResult {
  const { machines, waves, halted, endMs, mostDown } = rollout;
  const [halfMs = null, p95Ms = null, p99Ms = null, allMs = null] = ranks(machines.map(({ protectedMs }) => protectedMs), [0.5, 0.95, 0.99, 1]);
  const classes = classesOf(plan).map(({ workload, version }, at): ClassResult => {
    const own = machines.filter((_, i) => fleet[i]?.class === at);
    const refused = samples.find((sample) => sample.way === way && sample.class === at)?.refused;
    return { workload, version, machines: own.length, ends: endsOf(own), ...(refused === undefined ? {} : { refused }) };
  });
  return {
    way, ends: endsOf(machines), halfMs, p95Ms, p99Ms, allMs, endMs, mostDown, halted, waves, classes,
    exposedHours: sum(machines.map(({ protectedMs }) => protectedMs ?? horizonMs)) / HOUR_MS,
    downHours: sum(machines.map(({ downMs, lostMs }) => downMs + (lostMs === null ? 0 : horizonMs - lostMs))) / HOUR_MS,
    attempts: sum(machines.map(({ attempts }) => attempts)),
    retried: machines.filter(({ attempts }) => attempts > 1).length,
  };
}

function endsOf(machines: readonly MachineResult[]): Ends {
  const ends = { protected: 0, hand: 0, skipped: 0 };
  for (const { end } of machines) ends[end]++;
  return ends;
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
