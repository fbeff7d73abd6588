/** Which machine of a fleet is what. */
import { createRandom } from '../random';
import type { FleetPlan } from './plan';
import { classesOf } from './specimens';

export interface FleetMachine {
  /** Index of its class in `classesOf()`. */
  readonly class: number;
  /** From 0 to 1: which of its class' specimens it is, however many there are. */
  readonly specimen: number;
  /** From 0 to 1: a restart fails when it is below the plan's share. */
  readonly luck: number;
}

const FINE = 2 ** 30;

/** The first `count` machines of the seed: a larger fleet has the same ones and more. The order is that of the rollout. */
export function drawMachines(plan: FleetPlan, count: number, seed: number): readonly FleetMachine[] {
  const shares = classesOf(plan).map(({ share }) => share);
  const whole = shares.reduce((sum, share) => sum + share, 0);
  const random = createRandom(seed);
  const unit = (): number => random.int(0, FINE - 1) / FINE;
  return Array.from({ length: count }, () => ({ class: classAt(shares, random.int(0, whole - 1)), specimen: unit(), luck: unit() }));
}

function classAt(shares: readonly number[], drawn: number): number {
  let below = 0;
  return Math.max(0, shares.findIndex((share) => drawn < (below += share)));
}
