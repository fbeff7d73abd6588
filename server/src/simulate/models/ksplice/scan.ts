/** check_task() and check_stack(): every word of a stack is taken for a return address; there is no unwinder and no "unreliable". */
import { stackOf, type Thread } from '../../thread';
import { findOnStack, type Found } from '../shared/onStack';
import type { WholeKernel } from '../shared/wholeKernel';

/** Words a task's stack holds for each frame, on average; only the cost of a stop rests on it. */
const WORDS_PER_FRAME = 12;

/** How many words the scan of the thread looks at. */
export const wordsOn = (thread: Thread): number => stackOf(thread).length * WORDS_PER_FRAME;

/** @param searched the functions that change, with the version that must be on no stack */
export function conflictOf(kernel: WholeKernel, thread: Thread, searched: ReadonlyMap<string, number>): Found | undefined {
  // A dead task is not looked at.
  if (thread.state === 'Z') return undefined;
  const { stale = [], restart } = thread.task;
  // A stale word is an address of the code that ran first; so is a restart block's.
  return findOnStack(kernel, thread, searched, (name, version) => version === 0 && (stale.includes(name) || restart === name));
}
