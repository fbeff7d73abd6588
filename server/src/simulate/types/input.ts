/** What to simulate, and what the operator does meanwhile. */
import type { Costs } from './costs';
import type { Machine } from './machine';
import type { SimulatedPatch } from './patch';

/** The systems that can be simulated; one file under `models/` each. */
export type ModelName = 'ksplice' | 'kpatch' | 'kgraft' | 'kernelcare' | 'livepatch-4.0' | 'livepatch' | 'kexec' | 'checkpoint-restart' | 'reboot';

/**
 * Something the operator does while the simulation runs. Where a `patch` is named and left out, the one in transition
 * is meant, or else the one loaded last.
 */
export type Action =
  /** Loads another patch; or writes 1 to `enabled` of one that is loaded, named by its name. */
  | { readonly atMs: number; readonly kind: 'enable'; readonly patch: SimulatedPatch | string }
  /** Loads another patch that replaces all others. */
  | { readonly atMs: number; readonly kind: 'replace'; readonly patch: SimulatedPatch }
  /** Writes 0 to `enabled`: reverses a transition that is patching, disables a patch that is applied. */
  | { readonly atMs: number; readonly kind: 'disable'; readonly patch?: string }
  /** Writes the opposite to `enabled` during the transition. */
  | { readonly atMs: number; readonly kind: 'reverse' }
  /** Writes 1 to `force`. */
  | { readonly atMs: number; readonly kind: 'force' }
  /** Writes 1 to `signal` (kernels 4.16 to 5.0). */
  | { readonly atMs: number; readonly kind: 'signal' }
  /** `holds`: functions at whose entry it puts what nobody else may share, as a kprobe with a post handler. */
  | { readonly atMs: number; readonly kind: 'load module'; readonly module: string; readonly prints?: readonly string[]; readonly parameters?: string; readonly holds?: readonly string[] }
  /** Removes a module that is patched, or a patch's own module. */
  | { readonly atMs: number; readonly kind: 'unload module'; readonly module: string; readonly prints?: readonly string[] }
  /** Writes to a parameter of a patch module, in /sys/module. This one and the next three: upstream's livepatch only. */
  | { readonly atMs: number; readonly kind: 'parameter'; readonly patch: string; readonly parameter: string; readonly value: number }
  /** Writes to sysctl kernel.ftrace_enabled. */
  | { readonly atMs: number; readonly kind: 'ftrace'; readonly enabled: boolean }
  /** A process that just began calls a function, which prints what its version prints. */
  | { readonly atMs: number; readonly kind: 'call'; readonly function: string }
  /** Looks at a file below /sys/kernel/livepatch: the result is its mode as `ls -l` shows it and what it holds. */
  | { readonly atMs: number; readonly kind: 'sysfs'; readonly path: string }
  /** SIGSTOP and SIGCONT to one task. */
  | { readonly atMs: number; readonly kind: 'poke'; readonly pid: number };

export interface SimulationInput {
  readonly model: ModelName;
  readonly patch: SimulatedPatch;
  readonly machine: Machine;
  /** Integer; decides everything that is drawn. */
  readonly seed: number;
  /** `unpatch` starts with the patch applied, everybody asleep in its new functions, and disables it. Default `patch`. */
  readonly direction?: 'patch' | 'unpatch';
  readonly actions?: readonly Action[];
  /** When the patch is loaded, for actions that come before it; all times then count from before the load. Upstream's livepatch only. Default 0. */
  readonly loadAtMs?: number;
  /** The operator writes each command, and what the shell answered to it, to /dev/kmsg, as the kernel's selftests do. Upstream's livepatch only. */
  readonly echo?: boolean;
  /**
   * When the operator stops waiting. Default 75 000 for what can go on forever (kpatch waits 15 s, signals, and waits
   * another 60 s); systems that end by themselves have the time they need.
   */
  readonly giveUpAfterMs?: number;
  /** What goes on after the end of the transition and of all actions is watched for so long, to see what old data meets. Default 0. */
  readonly watchAfterMs?: number;
  readonly costs?: Partial<Costs>;
}
