/** The figures no kernel source gives. The user may set each; a trace names those it used. */
import { NS_PER_MS, NS_PER_S } from './time';
import type { Costs, Figure } from './types';

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
  stopBaseNs: 50_000,
  stopPerCpuNs: 5_000,
  stopPerTaskNs: 2_000,
  stopCompareNs: 5,
  stopCommitNs: 10_000,
  perCpuWorkNs: 1 * NS_PER_MS,
  serviceStopNs: 8 * NS_PER_S,
  firmwareNs: 60 * NS_PER_S,
  kernelBootNs: 2 * NS_PER_S,
  userlandBootNs: 20 * NS_PER_S,
  warmUpNs: 0,
  checkpointBaseNs: 500 * NS_PER_MS,
  checkpointPerMibNs: 10_000,
  restorePerMibNs: 10_000,
};

const MEASURED = 'measured on Debian 6.1.192 in QEMU without KVM';
const STOP = 'a guess: the only published figures are "a few ms on an idle system" (LWN 597426) and 1 to 40 ms (Linux Journal, 2015), both for kpatch';

/** What each cost stands for and, behind the first semicolon, where its default comes from. */
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
  stopBaseNs: `stopping the machine, whatever its size; ${STOP}`,
  stopPerCpuNs: `per CPU that has to come to the stop; ${STOP}`,
  stopPerTaskNs: `per task whose stack is looked at while the machine is stopped; ${STOP}`,
  stopCompareNs: `per word or frame and function compared meanwhile; ${STOP}`,
  stopCommitNs: `redirecting the functions meanwhile; ${STOP}`,
  perCpuWorkNs: "mean time until a CPU gets to work scheduled on it (schedule_on_each_cpu()); a guess",
  serviceStopNs: 'stopping services and the kernel; a guess',
  firmwareNs: 'firmware and boot loader; a guess between a virtual machine (seconds) and large servers, for which SUSE names 15 minutes and more',
  kernelBootNs: 'the kernel from its first instruction to the first process; a guess',
  userlandBootNs: 'from the first process to services that answer; a guess, with the others within the 22 to 59 s of the published pair of reboot and kexec (mariux64/mxtools #87)',
  warmUpNs: 'caches that have to fill again, as far as the service is not useful before; 0 unless given (memcached of 120 GB: 2 to 3 hours, slides on KUP)',
  checkpointBaseNs: 'freezing the tasks and saving all but their memory; a guess',
  checkpointPerMibNs: 'saving a MiB of memory; a guess, so that 32 GB stay within the 3 s of downtime published for KUP (USENIX ATC 2016)',
  restorePerMibNs: 'the same for bringing it back; a guess',
};

export function costsWith(costs: Partial<Costs> | undefined): Costs {
  return { ...DEFAULT_COSTS, ...costs };
}

/** Who runs when, on which CPU. */
const DECIDING: readonly (keyof Costs)[] = ['runNs', 'sliceNs', 'hogMigrationMeanNs', 'idleWakeMeanNs', 'perCpuWorkNs'];

/** The costs that count, for the trace. */
export function figuresOf(costs: Costs, names: readonly (keyof Costs)[]): Figure[] {
  return names.map((name) => {
    const [what = '', ...source] = PROVENANCE[name].split('; ');
    return { name, ms: costs[name] / NS_PER_MS, what, source: source.join('; '), decides: DECIDING.includes(name) };
  });
}

/** A figure as a sentence. */
export const figureText = ({ name, ms, what, source }: Figure): string => `${name} = ${ms} ms: ${what}; ${source}.`;
