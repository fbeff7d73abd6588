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

/** A pass is late where the guest's host is busy, so passes count, not seconds. Who runs at a pass is chance: it may take one more. */
const TOLERANCE_PASSES = 1;

/** The guest's init asks all this, and waits for its own commands: what it does is no part of the snapshot. */
const INIT = 1;

/**
 * @param functions of vmlinux
 * @param seconds how long the guest waited before it forced the transition
 * @throws Error when the snapshot cannot be read or simulated
 */
export function compare(rehearsed: Rehearsed, functions: readonly string[], seconds: number, seed = 1): Row[] {
  if (rehearsed.refused !== undefined) return [{ what: 'loaded', kernel: rehearsed.refused, simulated: 'not told before a patch is built', agrees: false }];
  const trace = simulated(rehearsed, functions, seed);
  const isWithin = (atNs: number): boolean => atNs <= seconds * 1e9;
  const [ourSignal] = trace.signals.filter(({ atNs }) => isWithin(atNs));
  const [kernelSignal] = rehearsed.signals;
  const rows = [
    sleepers('asleep in the patch at the first pass', rehearsed.passes[0]?.blocked, trace.passes[0]?.blockers),
    passes('signals', before(rehearsed.passes.map(({ at }) => at), kernelSignal), before(trace.passes.map(({ atNs }) => atNs), ourSignal?.atNs)),
    completion(rehearsed, trace, isWithin),
    pending(rehearsed, trace),
  ];
  if (kernelSignal === undefined) return rows;
  const left = sleepers('left after the signals', rehearsed.passes.find(({ at }) => at > kernelSignal)?.blocked, trace.passes.find(({ atNs }) => atNs > (ourSignal?.atNs ?? Infinity))?.blockers);
  return [...rows.slice(0, 2), left, ...rows.slice(2)];
}

function simulated({ snapshot }: Rehearsed, functions: readonly string[], seed: number): Trace {
  const parsed = parseSnapshot(snapshot);
  if (parsed === undefined) throw new Error('the guest\'s snapshot cannot be read');
  const made = machineOfSnapshot(parsed, functions.map((name) => ({ name, object: 'vmlinux' })));
  const result = simulate({ model: 'livepatch', patch: { name: 'rehearsal', functions: made.functions }, machine: made.machine, seed });
  if (!result.ok) throw new Error(result.message);
  return result.trace;
}

/** Where /proc hides a function of the patch, the simulator cannot tell of some whether they sleep in it, nor of others in which function. */
function sleepers(what: string, blocked: ReadonlyMap<number, string> | undefined, blockers: readonly Blocker[] | undefined): Row {
  const kernel = new Map([...(blocked ?? [])].filter(([, why]) => why !== 'running'));
  const ours = threads(blockers).filter(({ reason }) => reason !== 'running');
  const [known, unknown] = [ours.filter(({ reason }) => reason !== 'unknown'), ours.filter(({ reason }) => reason === 'unknown')];
  const isHidden = unknown.length > 0;
  const agrees = known.every(({ pid, function: name }) => (isHidden ? kernel.has(pid) : kernel.get(pid) === name)) && [...kernel.keys()].every((pid) => ours.some((blocker) => blocker.pid === pid));
  return { what, kernel: shown([...kernel].map(([pid, name]) => `${pid} in ${name}`)), simulated: told(known.map(({ pid, function: name }) => `${pid} in ${name}`), unknown.length), agrees };
}

const threads = (blockers: readonly Blocker[] | undefined): readonly Blocker[] => (blockers ?? []).filter(({ pid }) => pid !== 0);

function completion(rehearsed: Rehearsed, trace: Trace, isWithin: (atNs: number) => boolean): Row {
  const end = trace.appliedMs === null || !isWithin(trace.appliedMs * 1e6) ? undefined : trace.appliedMs * 1e6;
  const row = passes('completes', before(rehearsed.passes.map(({ at }) => at), rehearsed.completed), before(trace.passes.slice(0, -1).map(({ atNs }) => atNs), end));
  const cannotTell = end === undefined && trace.passes.at(-1)?.blockers.every(({ reason }) => reason === 'unknown');
  return cannotTell === true ? { ...row, simulated: 'cannot tell: /proc hides a function of the patch', agrees: true } : row;
}

/** How many passes came before an event; undefined when there was none. */
const before = (times: readonly number[], event: number | undefined): number | undefined => (event === undefined ? undefined : times.filter((at) => at < event).length);

function passes(what: string, kernel: number | undefined, ours: number | undefined): Row {
  const count = (number: number | undefined): string => (number === undefined ? 'not' : `after ${number} pass${number === 1 ? '' : 'es'}`);
  return { what, kernel: count(kernel), simulated: count(ours), agrees: kernel === undefined || ours === undefined ? kernel === ours : Math.abs(kernel - ours) <= TOLERANCE_PASSES };
}

/** Whoever ran at the first pass may have switched before patch_state was read. */
function pending({ pending: all }: Rehearsed, trace: Trace): Row {
  const kernel = all.filter((pid) => pid !== INIT);
  const blockers = threads(trace.passes[0]?.blockers).filter(({ pid }) => pid !== INIT);
  const [certain, others] = [blockers.filter(({ reason }) => reason === 'sleeping'), blockers.filter(({ reason }) => reason !== 'sleeping')];
  const agrees = certain.every(({ pid }) => kernel.includes(pid)) && kernel.every((pid) => blockers.some((blocker) => blocker.pid === pid));
  return { what: 'patch_state 0 after the load', kernel: shown(kernel.map(String)), simulated: told(certain.map(({ pid }) => String(pid)), others.length), agrees };
}

const shown = (list: readonly string[]): string => (list.length === 0 ? 'nobody' : list.join(', '));
const told = (list: readonly string[], others: number): string => `${shown(list)}${others === 0 ? '' : `; of ${others} more it cannot be told`}`;
