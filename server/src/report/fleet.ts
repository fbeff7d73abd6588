/** A rollout as the JSON that scripts read (`simulate --fleet N --format json`); docs/schemas/fleet.schema.json describes it. */
import type { Fleet, FleetPlan } from '../simulate/fleet';

interface JsonEnds {
  readonly protected: number;
  readonly hand: number;
  readonly skipped: number;
}

export interface FleetJson {
  readonly schema: 1;
  readonly seed: number;
  readonly machines: number;
  readonly horizon_ms: number;
  readonly plan: FleetPlan;
  readonly ways: readonly {
    readonly way: string;
    readonly ends: JsonEnds;
    readonly protected_ms: { readonly half: number | null; readonly p95: number | null; readonly p99: number | null; readonly all: number | null };
    readonly end_ms: number;
    readonly exposed_machine_hours: number;
    readonly down_machine_hours: number;
    readonly most_down: number;
    readonly attempts: number;
    readonly retried: number;
    readonly halted: boolean;
    readonly waves: readonly { readonly machines: number; readonly from_ms: number; readonly to_ms: number; readonly tried: number; readonly open: number }[];
    readonly classes: readonly { readonly workload: string; readonly version: string; readonly machines: number; readonly ends: JsonEnds; readonly refused?: string }[];
  }[];
}

export function fleetJson({ order, machines, horizonMs, ways }: Fleet): FleetJson {
  return {
    schema: 1,
    seed: order.seed,
    machines,
    horizon_ms: horizonMs,
    plan: order.plan,
    ways: ways.map(({ way, ends, halfMs, p95Ms, p99Ms, allMs, endMs, exposedHours, downHours, mostDown, attempts, retried, halted, waves, classes }) => ({
      way,
      ends,
      protected_ms: { half: halfMs, p95: p95Ms, p99: p99Ms, all: allMs },
      end_ms: endMs,
      exposed_machine_hours: exposedHours,
      down_machine_hours: downHours,
      most_down: mostDown,
      attempts,
      retried,
      halted,
      waves: waves.map((wave) => ({ machines: wave.machines, from_ms: wave.fromMs, to_ms: wave.toMs, tried: wave.tried, open: wave.open })),
      classes,
    })),
  };
}
