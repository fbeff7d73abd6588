/** What kernel/livepatch/ keeps in globals, and the ways a single task changes its state. */
import type { Call } from '../../call';
import type { Simulation } from '../../model';
import type { NumberedPatch } from '../../patches';
import type { Rig } from '../../rig';
import type { PatchState, Thread } from '../../thread';
import type { Blocker, LogLine, PatchedFunction, SwitchCause } from '../../types';
import type { Versions } from '../../versions';
import type { Features } from './features';

/** struct klp_patch of a patch module that is loaded. */
export interface KlpPatch extends NumberedPatch {
  /** Functions of older patches that this one puts back to the original (klp_add_nops()); gone once it is applied. */
  nops: readonly PatchedFunction[];
  enabled: boolean;
  /** Module parameters that were written after the load. */
  readonly parameters: Map<string, number>;
  /** The module can never be removed: a transition away from it was forced. */
  forced: boolean;
  /** Objects whose functions are on the stacks of versions (klp_object.patched). */
  readonly patched: Set<string>;
  /** Objects whose post_unpatch callback is due, because their pre_patch callback did not fail. */
  readonly prepared: Set<string>;
}

export interface Klp extends Rig {
  readonly simulation: Simulation;
  readonly features: Features;
  readonly versions: Versions;
  /** klp_patches. */
  readonly patches: KlpPatch[];
  /** Loaded objects, vmlinux among them. */
  readonly objects: Set<string>;
  /** Modules of patches that are gone and were forced away: tasks may be in their code for ever. */
  readonly pinned: Set<string>;
  /** By module: functions at whose entry nobody else may register. */
  readonly held: Map<string, readonly string[]>;
  /** sysctl kernel.ftrace_enabled. */
  ftraceEnabled: boolean;
  /** klp_transition_patch. */
  transition: KlpPatch | undefined;
  /** klp_target_state; -1 when no transition is in progress. */
  target: PatchState;
  /** The direction the operator asked for. */
  wanted: 0 | 1;
  signalsCnt: number;
  passes: number;
  /** Threads the next pass has to look at, in the order of the task list; some may have switched or died meanwhile. */
  left: Thread[];
  readonly verdicts: Map<Thread, Verdict>;
  /** How many of those that keep a CPU for themselves have yet to switch: idle threads, and kernel threads that never sleep. */
  pendingIdle: number;
  pendingBusy: number;
  /**
   * The CPU on which the passes are made: the loader's. Its timer stays there (get_nohz_timer_target() leaves the
   * timers of a CPU that is not idle), and so does the work; in two recorded transitions of 16 and 25 passes it never moved.
   */
  worker: number;
  /** klp_mutex: held until that time. Infinity: whoever holds it never returns. */
  mutexFreeNs: number;
  ended: 'complete' | 'reversed' | undefined;
  appliedNs: number | undefined;
  completeNs: number | undefined;
}

/** What a pass found against a thread, and what the kernel says about it, if anything. */
export interface Verdict {
  readonly blocker: Blocker;
  readonly line: string | undefined;
}

export const verb = (target: PatchState): string => (target === 1 ? 'patching' : 'unpatching');

export function log(klp: Klp, level: LogLine['level'], text: string, atNs?: number): void {
  klp.simulation.recorder.log(level, `livepatch: ${text}`, atNs);
}

/** A line of the log about the patch in transition. */
export function logOf(klp: Klp, patch: KlpPatch, level: LogLine['level'], text: string): void {
  log(klp, level, `'${patch.patch.name}': ${text}`);
}

/** Everything the patch redirects, nops included. */
export const redirected = ({ functions, nops }: KlpPatch): readonly PatchedFunction[] => [...functions, ...nops];

/** klp_ftrace_handler(): the newest version, or the one below while its patch is in transition and the caller has not switched. */
export function resolve(klp: Klp, { name, thread }: Call): number {
  if (!klp.ftraceEnabled) return 0;
  const top = klp.versions.top(name);
  if (top === 0 || top !== klp.transition?.number) return top;
  return thread.patchState === 0 ? klp.versions.below(name, top) : top;
}

/** The thread begins (1) or ceases (-1) to be pending. When the two kinds are off their CPU is up to whoever else wants it. */
export function countOnCpus(klp: Klp, { kind, behavior }: Thread, by: 1 | -1): void {
  if (kind === 'idle') klp.pendingIdle += by;
  else if (kind === 'kthread' && behavior.kind === 'busy') klp.pendingBusy += by;
}

/**
 * Whether it makes no difference any more that the thread wakes and sleeps: it has switched, or it is all over; it enters no
 * function of a patch; it takes no CPU from, or to, somebody who has yet to switch; and the operator has nothing left to do.
 */
export function atRest({ simulation, transition, target, ended, world, pendingIdle, pendingBusy }: Klp, { patchState, pending, frames }: Thread): boolean {
  if (pending || frames.length > 0 || (simulation.input.actions ?? []).length > 0) return false;
  if (transition === undefined) return ended !== undefined;
  return target !== -1 && patchState === target && pendingIdle === 0 && (pendingBusy === 0 || world.cpus.someIdle());
}

/** klp_copy_process(). */
export function copyProcess(klp: Klp, parent: Thread, child: Thread): void {
  child.pending = parent.pending;
  child.patchState = parent.patchState;
  if (child.pending) klp.left.push(child);
  klp.simulation.recorder.forked(parent, child);
}

/** klp_update_patch_state(): no look at the stack. */
export function updatePatchState(klp: Klp, thread: Thread, cause: SwitchCause): void {
  if (!thread.pending) return;
  thread.pending = false;
  countOnCpus(klp, thread, -1);
  thread.patchState = klp.target;
  klp.simulation.recorder.switched(thread, cause);
  if (klp.transition !== undefined) klp.consistency.switched(thread, klp.transition.number, cause === 'forced' ? 'was forced' : undefined);
}
