/** What the kernel did beside what the simulator says of the snapshot taken before. */
import { simulate, type Blocker, type Trace } from '../../server/src/simulate';
import { machineOfSnapshot, parseSnapshot } from '../../server/src/simulate/snapshots';
import type { Rehearsed } from './console';

export interface Row {
  readonly what: string;
  readonly kernel: string;
  readonly simulated: string;
  readonly agrees: boolean;
}

/** The phase of the kernel's timer is not in a snapshot: it is drawn. A pass is a second after the one before. */
const TOLERANCE_S = 1;

/**
 * @param functions of vmlinux
 * @param seconds how long the guest waited before it forced the transition
 * @throws Error when the snapshot cannot be read or simulated
 */
export function compare(rehearsed: Rehearsed, functions: readonly string[], seconds: number, seed = 1): Row[] {
  if (rehearsed.refused !== undefined) return [{ what: 'loaded', kernel: rehearsed.refused, simulated: 'not told before a patch is built', agrees: false }];
  const trace = simulated(rehearsed, functions, seed);
  const signal = trace.signals[0];
  const appliedS = trace.appliedMs === null || trace.appliedMs / 1000 > seconds ? undefined : trace.appliedMs / 1000;
  const [kernelFirst, ourFirst] = [asleep(rehearsed.passes[0]?.blocked), sleeping(trace.passes[0]?.blockers)];
  const kernelSignal = rehearsed.signals[0];
  const after = kernelSignal === undefined ? undefined : rehearsed.passes.find(({ at }) => at > kernelSignal + TOLERANCE_S / 2);
  const ourAfter = signal === undefined ? undefined : trace.passes.find(({ atNs }) => atNs > signal.atNs);
  const rows = [
    lists('asleep in the patch at the first pass', kernelFirst, ourFirst),
    times('signals', kernelSignal, signal === undefined || signal.atNs / 1e9 > seconds ? undefined : signal.atNs / 1e9),
    times('completes', rehearsed.completed, appliedS),
    pending(rehearsed, trace),
  ];
  return kernelSignal === undefined ? rows : [...rows.slice(0, 2), lists('left after the signals', asleep(after?.blocked), sleeping(ourAfter?.blockers)), ...rows.slice(2)];
}

function simulated({ snapshot }: Rehearsed, functions: readonly string[], seed: number): Trace {
  const parsed = parseSnapshot(snapshot);
  if (parsed === undefined) throw new Error('the guest\'s snapshot cannot be read');
  const made = machineOfSnapshot(parsed, functions.map((name) => ({ name, object: 'vmlinux' })));
  const result = simulate({ model: 'livepatch', patch: { name: 'rehearsal', functions: made.functions }, machine: made.machine, seed });
  if (!result.ok) throw new Error(result.message);
  return result.trace;
}

const asleep = (blocked: ReadonlyMap<number, string> | undefined): string[] => [...(blocked ?? [])].filter(([, why]) => why !== 'running').map(([pid, why]) => `${pid} in ${why}`).sort();
const sleeping = (blockers: readonly Blocker[] | undefined): string[] => (blockers ?? []).filter(({ reason, pid }) => reason !== 'running' && pid !== 0).map(({ pid, reason, function: name }) => (reason === 'sleeping' ? `${pid} in ${name}` : `${pid} ${reason}`)).sort();

function lists(what: string, kernel: readonly string[], ours: readonly string[]): Row {
  return { what, kernel: shown(kernel), simulated: shown(ours), agrees: kernel.join() === ours.join() };
}

function times(what: string, kernel: number | undefined, ours: number | undefined): Row {
  const told = (time: number | undefined): string => (time === undefined ? 'not' : `after ${time.toFixed(2)} s`);
  return { what, kernel: told(kernel), simulated: told(ours), agrees: kernel === undefined || ours === undefined ? kernel === ours : Math.abs(kernel - ours) <= TOLERANCE_S };
}

/** Whoever ran at the first pass may have switched before patch_state was read. */
function pending({ pending: kernel }: Rehearsed, trace: Trace): Row {
  const blockers = (trace.passes[0]?.blockers ?? []).filter(({ pid }) => pid !== 0);
  const certain = blockers.filter(({ reason }) => reason !== 'running').map(({ pid }) => pid);
  const agrees = certain.every((pid) => kernel.includes(pid)) && kernel.every((pid) => blockers.some((blocker) => blocker.pid === pid));
  return { what: 'patch_state 0 after the load', kernel: shown(kernel.map(String)), simulated: shown(blockers.map(({ pid, reason }) => (reason === 'running' ? `${pid} or not, it runs` : String(pid)))), agrees };
}

const shown = (list: readonly string[]): string => (list.length === 0 ? 'nobody' : list.join(', '));
