/** klp_check_stack() of kernel/livepatch/transition.c: may this thread switch, judged by its kernel stack? */
import { isSchedFunction } from '../../../kernel/schedFunctions';
import { framesOf, stackIsKnown, type Thread } from '../../thread';
import type { Machine, PatchedFunction } from '../../types';

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

/**
 * @param target the universe to switch to: patching looks for the old functions, unpatching for the new ones
 */
export function checkStack(thread: Thread, functions: readonly PatchedFunction[], target: 0 | 1, machine: Machine): StackVerdict {
  if (!stackIsKnown(thread)) return { reason: 'unknown' };
  const frames = framesOf(thread);
  if (frames.length >= MAX_STACK_ENTRIES || isPreemptedInKernel(thread, machine)) return { reason: 'unreliable' };
  const versionMatters = thread.inNew === (target === 0);
  let possible: string | undefined;
  for (const { name } of functions) {
    if (versionMatters && frames.includes(name)) return { reason: 'sleeping', function: name };
    if (versionMatters && thread.hidden && thread.where === 'sleeping' && isSchedFunction(name)) possible ??= name;
  }
  return possible === undefined ? { reason: 'clean' } : { reason: 'unknown', function: possible };
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
