/** How the machines of our own making say what a task is; its pid comes with its place. */
import type { Behavior, Duration, Task, TaskState } from '../types';
import { KTHREAD_STACKS, USER_STACKS } from './stacks';

export type Draft = Omit<Task, 'pid'>;

export const about = (meanMs: number): Duration => ({ kind: 'exponential', meanMs });
export const untilSignal: Behavior = { kind: 'sleep', interruptible: true };
export const untilWork: Behavior = { kind: 'sleep', interruptible: false };
export const every = (meanMs: number, interruptible = true): Behavior => ({ kind: 'sleep', interruptible, lasts: about(meanMs) });

export function kthread(comm: string, state: TaskState, stack: keyof typeof KTHREAD_STACKS, behavior?: Behavior): Draft {
  return { comm, kind: 'kthread', state, stack: KTHREAD_STACKS[stack], behavior: behavior ?? (state === 'S' ? untilSignal : untilWork) };
}

export function user(comm: string, stack: keyof typeof USER_STACKS, behavior: Behavior = untilSignal, state: TaskState = 'S'): Draft {
  return { comm, kind: 'user', state, stack: USER_STACKS[stack], behavior };
}

export function numbered(drafts: readonly Draft[]): Task[] {
  return drafts.map((draft, i) => ({ pid: i + 1, ...draft }));
}
