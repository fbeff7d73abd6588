/** kpatch_verify_activeness_safety(): is a function that changes on some task's stack? Stops at the first one found. */
import { isSchedFunction } from '../../../kernel/schedFunctions';
import type { Recorder } from '../../recorder';
import { stackIsKnown, stackOf, type Thread } from '../../thread';
import type { Blocker, PatchedFunction } from '../../types';
import type { Kpatch } from './state';

/** MAX_STACK_TRACE_DEPTH. */
const MAX_ENTRIES = 64;

export interface Offender {
  readonly thread: Thread;
  readonly blocker: Blocker;
  /** Why, in the module's words. */
  readonly text: string;
}

export function firstOffender(run: Kpatch, threads: readonly Thread[], functions: readonly PatchedFunction[]): Offender | undefined {
  for (const thread of threads) {
    const offender = judge(run, thread, functions);
    if (offender !== undefined) return offender;
  }
  return undefined;
}

function judge({ kernel }: Kpatch, thread: Thread, functions: readonly PatchedFunction[]): Offender | undefined {
  const { pid, comm } = thread;
  if (!stackIsKnown(thread)) return { thread, blocker: { pid, comm, reason: 'unknown' }, text: '' };
  // save_stack_trace_tsk() leaves scheduler functions out: what changes there is not seen.
  if (stackOf(thread).filter((name) => !isSchedFunction(name)).length >= MAX_ENTRIES) return { thread, blocker: { pid, comm, reason: 'unreliable' }, text: `more than ${MAX_ENTRIES} trace entries!` };
  const guesses = kernel.simulation.input.machine.unwinder === 'none';
  for (const { name } of functions) {
    if (isSchedFunction(name)) continue;
    const active = kernel.versions.top(name);
    const there = kernel.calls.versionsOnStack(thread, name).some(({ version }) => version === active);
    if (there || (guesses && active === 0 && thread.task.stale?.includes(name) === true)) {
      return { thread, blocker: { pid, comm, reason: 'sleeping', function: name }, text: `activeness safety check failed for ${name}` };
    }
  }
  return undefined;
}

/** The module's lines: the function, the task, and its whole stack, with addresses hidden as kptr_restrict does. */
export function logOffender(recorder: Recorder, { thread, text }: Offender): void {
  if (text === '') return;
  recorder.log('warn', `kpatch: ${text}`);
  recorder.log('warn', `PID: ${thread.pid} Comm: ${thread.comm.slice(0, 20)}`);
  for (const name of stackOf(thread)) if (!isSchedFunction(name)) recorder.log('warn', `  [<${'0'.repeat(16)}>] ${name}`);
}
