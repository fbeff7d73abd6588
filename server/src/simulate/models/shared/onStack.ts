/** Looking for functions on a task's stack. */
import { stackIsKnown, type Thread } from '../../thread';
import type { Blocker } from '../../types';
import type { WholeKernel } from './wholeKernel';

export interface Found {
  readonly thread: Thread;
  /** The functions found; none when the stack is not known. */
  readonly labels: readonly string[];
  /** Whether they are really there: a recorded stack may hide scheduler functions, or not be known at all. */
  readonly certain: boolean;
}

/**
 * @param searched the functions that change, with the version that must be on no stack
 * @param alsoAt what else counts as being in the function
 * @returns undefined when nothing speaks against the thread
 */
export function findOnStack({ calls }: WholeKernel, thread: Thread, searched: ReadonlyMap<string, number>, alsoAt: (name: string, version: number) => boolean = () => false): Found | undefined {
  if (!stackIsKnown(thread)) return { thread, labels: [], certain: false };
  const found: string[] = [];
  const possible: string[] = [];
  for (const [name, version] of searched) {
    const frames = calls.versionsOnStack(thread, name).filter((frame) => frame.version === version);
    if (alsoAt(name, version) || frames.some((frame) => frame.possible !== true)) found.push(name);
    else if (frames.length > 0) possible.push(name);
  }
  if (found.length > 0) return { thread, labels: found, certain: true };
  return possible.length > 0 ? { thread, labels: possible, certain: false } : undefined;
}

export function blockerOf({ thread: { pid, comm }, labels: [label], certain }: Found): Blocker {
  return { pid, comm, reason: certain ? 'sleeping' : 'unknown', ...(label !== undefined && { function: label }) };
}
