/** The figures no kernel source gives. The user may set each; a trace names those it used. */
import { NS_PER_MS } from './time';
import type { Costs } from './types';

export const DEFAULT_COSTS: Costs = {
  registerFunctionNs: 20 * NS_PER_MS,
  checkTaskNs: 2_000,
  patchTailNs: 8 * NS_PER_MS,
  unpatchTailNs: 100 * NS_PER_MS,
  unpatchTailBusyNs: 2_800 * NS_PER_MS,
  runNs: 50_000,
  sliceNs: 4 * NS_PER_MS,
  hogMigrationMeanNs: 4_000 * NS_PER_MS,
  idleWakeMeanNs: 50 * NS_PER_MS,
};

const MEASURED = 'measured on Debian 6.1.192 in QEMU without KVM';

/** What each cost stands for and where its default comes from. */
const PROVENANCE: Record<keyof Costs, string> = {
  registerFunctionNs: `per function, from "initializing" to "starting" when patching; 10 to 38 ms ${MEASURED} with one function`,
  checkTaskNs: 'per task looked at in a pass: one stack walk and the comparison; a guess',
  patchTailNs: `from "completing patching" to "patching complete"; 1 to 21 ms ${MEASURED}`,
  unpatchTailNs: `from "completing unpatching" to "unpatching complete"; 72 to 217 ms ${MEASURED}`,
  unpatchTailBusyNs: `the same with more busy user tasks than CPUs; one figure ${MEASURED}`,
  runNs: 'how long a task that wakes keeps its CPU; a guess',
  sliceNs: 'how long busy tasks that share a CPU run in turn; a guess',
  hogMigrationMeanNs: 'mean time between two moves of a busy user task to another CPU by load balancing; a guess',
  idleWakeMeanNs: `mean time until background work wakes an idle CPU; a guess, after reversals ${MEASURED} all of them had been woken within 0.4 s`,
};

export function costsWith(costs: Partial<Costs> | undefined): Costs {
  return { ...DEFAULT_COSTS, ...costs };
}

/** One sentence per cost, for the trace. */
export function costAssumptions(costs: Costs): string[] {
  return (Object.keys(PROVENANCE) as (keyof Costs)[]).map(
    (name) => `${name} = ${costs[name] / NS_PER_MS} ms: ${PROVENANCE[name]}.`,
  );
}
