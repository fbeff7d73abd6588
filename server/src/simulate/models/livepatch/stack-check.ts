/** klp_check_stack() of kernel/livepatch/transition.c: may this thread switch, judged by its kernel stack? */
import { stackIsKnown, stackOf, type Thread } from '../../thread';
import type { Machine } from '../../types';
import { redirected, type Klp } from './state';

export type StackVerdict =
  | { readonly reason: 'clean' }
  | { readonly reason: 'unreliable' }
  | { readonly reason: 'sleeping'; readonly function: string }
  /** The kernel would know; we do not, because the recorded stack is missing or hides scheduler functions. */
  | { readonly reason: 'unknown'; readonly function?: string };

/** MAX_STACK_ENTRIES: the walk fails once the hundredth entry is stored. */
const MAX_STACK_ENTRIES = 100;

/** klp_have_reliable_stack(): CONFIG_STACKTRACE and an architecture (with an unwinder) whose traces can be trusted. */
export function haveReliableStack(machine: Machine): boolean {
  return machine.reliableStacks && machine.unwinder !== 'none';
}

/** Judges by the patch in transition: patching looks for the code that ran before it, unpatching for its own. */
export function checkStack(klp: Klp, thread: Thread): StackVerdict {
  const { machine } = klp.simulation.input;
  if (!stackIsKnown(thread)) return { reason: 'unknown' };
  if (stackOf(thread).length >= MAX_STACK_ENTRIES || isPreemptedInKernel(thread, machine)) return { reason: 'unreliable' };
  const patch = klp.transition;
  if (patch === undefined || (thread.frames.length === 0 && thread.where === 'sleeping' && thread.script === undefined)) return { reason: 'clean' };
  let possible: string | undefined;
  for (const { name, object } of redirected(patch)) {
    if (!patch.patched.has(object)) continue;
    const searched = codeOf(klp, name, klp.target === 0 ? patch.number : klp.versions.below(name, patch.number));
    const found = klp.calls.versionsOnStack(thread, name).find(({ version }) => codeOf(klp, name, version) === searched);
    if (found === undefined) continue;
    if (found.possible !== true) return { reason: 'sleeping', function: name };
    if (thread.where === 'sleeping') possible ??= name;
  }
  return possible === undefined ? { reason: 'clean' } : { reason: 'unknown', function: possible };
}

/** Whose code that version is: a nop's is the original. */
function codeOf(klp: Klp, name: string, version: number): number {
  const patch = klp.patches.find(({ number }) => number === version);
  return patch?.nops.some((nop) => nop.name === name) === true ? 0 : version;
}

/**
 * With frame pointers, registers saved in kernel mode on the stack make it unreliable (arch/x86/kernel/unwind_frame.c
 * and stacktrace.c); ORC walks past them. Only full preemption takes a kthread off its CPU inside an interrupt.
 */
function isPreemptedInKernel(thread: Thread, machine: Machine): boolean {
  return (
    machine.unwinder === 'frame-pointer' &&
    machine.preemption === 'full' &&
    thread.kind === 'kthread' &&
    thread.behavior.kind === 'busy'
  );
}
