/** What a workload is, and how a machine comes out of one. */
import { DEBIAN } from '../machine/builtin';
import { numbered, type Draft } from '../machine/drafts';
import { SYSTEM_THREADS, threadsOfCpu } from '../machine/kernelThreads';
import { createRandom } from '../random';
import type { Behavior, Duration, Machine } from '../types';

/** What a workload is built from: a fact with where it was seen, or an assumption, which says so. */
export interface Basis {
  readonly text: string;
  readonly source: string;
}

export const ASSUMED = 'assumption';

/** What does not lie in the tasks; what is left out is as on Debian 12. */
export type MachineSettings = Omit<Machine, 'tasks' | 'workload'>;

export interface WorkloadOptions extends Partial<MachineSettings> {
  /** Whole number; draws how long each task sleeps on the average. Default 1. */
  readonly seed?: number;
  /** Tasks in all, the kernel's own threads included: exactly so many, unless these and one task of each sort are more. Default: the workload's. */
  readonly tasks?: number;
}

export interface Workload {
  readonly name: string;
  /** One line for a list, without a full stop. */
  readonly title: string;
  readonly basis: readonly Basis[];
  /** The machine with nothing said; with other CPUs it has as many tasks besides those that each CPU brings. */
  readonly defaults: { readonly cpus: number; readonly tasks: number };
  /** The same options give the same machine. */
  readonly machine: (options?: WorkloadOptions) => Machine;
}

export interface Recipe extends Omit<Workload, 'machine'> {
  /** There is one of each, whatever the size. */
  readonly always?: readonly Draft[];
  /** What each CPU brings with it beside the kernel's own threads. */
  readonly perCpu?: (cpu: number) => readonly Draft[];
  /** Who makes up the rest: `of` is a share against the others'. */
  readonly crowd: readonly { readonly of: number; readonly task: Draft }[];
}

export function createWorkload(recipe: Recipe): Workload {
  const { name, title, basis, defaults } = recipe;
  const fixedOf = (cpus: number): Draft[] => {
    const ids = Array.from({ length: cpus }, (_, cpu) => cpu);
    return [...(recipe.always ?? []), ...SYSTEM_THREADS, ...ids.flatMap(threadsOfCpu), ...ids.flatMap((cpu) => recipe.perCpu?.(cpu) ?? [])];
  };
  const usualCrowd = defaults.tasks - fixedOf(defaults.cpus).length;
  return {
    name,
    title,
    basis,
    defaults,
    machine: ({ seed = 1, tasks, ...settings } = {}) => {
      const { cpus = defaults.cpus } = settings;
      const fixed = fixedOf(cpus);
      const crowd = apportion(recipe.crowd, tasks === undefined ? usualCrowd : tasks - fixed.length);
      return { workload: name, cpus, ...DEBIAN, ...settings, tasks: numbered([...fixed, ...varied(crowd, seed)]) };
    },
  };
}

/** `count` tasks by their shares (largest remainders), at least one of each. */
function apportion(shares: Recipe['crowd'], count: number): Draft[] {
  const rest = Math.max(0, count - shares.length);
  const whole = shares.reduce((sum, { of }) => sum + of, 0);
  const exact = shares.map(({ of }) => (rest * of) / whole);
  const left = rest - exact.reduce((sum, n) => sum + Math.floor(n), 0);
  const byRemainder = exact.map((n, i) => ({ i, remainder: n - Math.floor(n) })).sort((a, b) => b.remainder - a.remainder || a.i - b.i);
  const more = new Set(byRemainder.slice(0, left).map(({ i }) => i));
  return shares.flatMap(({ task }, i) => Array.from({ length: 1 + Math.floor(exact[i] ?? 0) + (more.has(i) ? 1 : 0) }, () => task));
}

/** No two tasks of a kind are alike: one sleeps on the average from half to twice as long as its kind. */
export function varied(drafts: readonly Draft[], seed: number): Draft[] {
  const random = createRandom(seed);
  return drafts.map((draft) => ({ ...draft, behavior: vary(draft.behavior, 2 ** (random.int(-1000, 1000) / 1000)) }));
}

function vary(behavior: Behavior, factor: number): Behavior {
  if (behavior.kind === 'sleep') return behavior.lasts === undefined ? behavior : { ...behavior, lasts: scaled(behavior.lasts, factor) };
  return behavior.kind === 'fork' ? { ...behavior, every: scaled(behavior.every, factor) } : behavior;
}

function scaled(duration: Duration, factor: number): Duration {
  switch (duration.kind) {
    case 'fixed':
      return { kind: 'fixed', ms: duration.ms * factor };
    case 'uniform':
      return { kind: 'uniform', minMs: duration.minMs * factor, maxMs: duration.maxMs * factor };
    case 'exponential':
      return { kind: 'exponential', meanMs: duration.meanMs * factor };
  }
}
