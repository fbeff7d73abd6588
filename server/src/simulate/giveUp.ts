/** How long the operator waits for the end of a transition. */
import type { Action } from './types';

/** kpatch waits 15 s for the transition, signals, and waits another 60 s before it unloads the module. */
export const DEFAULT_GIVE_UP_MS = 75_000;

/** After the last action the operator waits as long as kpatch does after its signals. */
const AFTERWARDS_MS = 60_000;

/** For `SimulationInput.giveUpAfterMs`; undefined: as without actions. */
export function giveUpAfterMs(actions: readonly Action[]): number | undefined {
  const last = Math.max(0, ...actions.map(({ atMs }) => atMs)) + AFTERWARDS_MS;
  return last > DEFAULT_GIVE_UP_MS ? last : undefined;
}
