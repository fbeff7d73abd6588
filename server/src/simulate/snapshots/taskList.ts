/** Gathers a snapshot's tasks while its text is read; one entry per thread, the last one told wins. */
import type { TaskState } from '../types';
import { isPreempted, isSwitchedOut, kindByStack, stateByStack } from './stackFacts';
import { createStackPool } from './stacks';
import type { Frame, SnapshotTask } from './types';

/** A task as far as a parser has got; undefined is what the format does not tell. */
export interface Draft {
  pid: number;
  tgid: number | undefined;
  comm: string | undefined;
  state: TaskState | undefined;
  kthread: boolean | undefined;
  frames: Frame[];
  possible: Frame[];
  incomplete: string | undefined;
  pending: boolean | undefined;
  patchState: -1 | 0 | 1 | undefined;
}

export interface TaskList {
  readonly add: (draft: Draft) => void;
  readonly size: () => number;
  readonly finish: () => { readonly tasks: readonly SnapshotTask[]; readonly untold: readonly string[] };
}

export const newDraft = (pid: number): Draft => ({
  pid, tgid: undefined, comm: undefined, state: undefined, kthread: undefined, frames: [], possible: [], incomplete: undefined, pending: undefined, patchState: undefined,
});

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** @param hidden the format leaves out scheduler functions */
export function createTaskList(hidden: boolean): TaskList {
  const drafts = new Map<number, Draft>();
  const pooled = createStackPool();
  return {
    add: (draft) => { drafts.set(draft.pid, draft); },
    size: () => drafts.size,
    finish: () => {
      const tasks = Array.from(drafts.values(), (draft) => settle(draft, hidden, pooled));
      drafts.clear();
      return { tasks, untold: untoldOf(tasks) };
    },
  };
}

function settle(draft: Draft, hidden: boolean, pooled: (stack: readonly Frame[]) => readonly Frame[]): SnapshotTask {
  const { pid, tgid, pending, patchState } = draft;
  const [frames, possible] = [pooled(draft.frames), pooled(draft.possible)];
  const byStack = kindByStack(frames);
  // An io_uring or vhost worker is a user task by flag, but never returns to user space.
  const kind = draft.kthread === true ? 'kthread' : (byStack ?? 'user');
  const incomplete = draft.incomplete ?? (frames.some(({ unresolved }) => unresolved === true) ? 'an address on it has no symbol' : undefined);
  const task: Mutable<SnapshotTask> = { pid, comm: draft.comm ?? '?', kind, state: draft.state ?? inferState(frames, kind, hidden), frames, possible, hidden };
  if (draft.state === undefined) task.stateInferred = true;
  if (tgid !== undefined) task.tgid = tgid;
  if (incomplete !== undefined) task.incomplete = incomplete;
  if (pending !== undefined) task.pending = pending;
  if (patchState !== undefined) task.patchState = patchState;
  return task;
}

function inferState(frames: readonly Frame[], kind: 'user' | 'kthread', hidden: boolean): TaskState {
  if (isPreempted(frames)) return 'R';
  // /proc/PID/stack is empty both for a task that runs and for one whose stack could not be read.
  const asleep = hidden || frames.length === 0 || isSwitchedOut(frames);
  return asleep ? stateByStack(frames, kind) : 'R';
}

/** Whether nothing is known of a stack that there must be. A running task may be in user mode, a zombie has none. */
export function stackIsMissing({ frames, state }: SnapshotTask): boolean {
  return frames.length === 0 && state !== 'R' && state !== 'Z';
}

function untoldOf(tasks: readonly SnapshotTask[]): string[] {
  const untold: string[] = [];
  const tell = (count: number, one: string, many: string): void => {
    if (count > 0) untold.push(count === 1 ? `1 task ${one}` : `${count} tasks ${many}`);
  };
  tell(tasks.filter(stackIsMissing).length, 'is not running and has no stack here: it may sleep anywhere', 'are not running and have no stack here: they may sleep anywhere');
  tell(tasks.filter((task) => task.incomplete !== undefined && task.frames.length > 0).length, 'has an incomplete stack', 'have an incomplete stack');
  tell(tasks.filter((task) => task.stateInferred === true).length, 'has no state letter: it was inferred from its stack', 'have no state letter: it was inferred from their stacks');
  return untold;
}

/** A state letter of the kernel (fs/proc/array.c, include/linux/sched.h), as the simulator has it; undefined for no such letter. */
export function taskState(letter: string | undefined): TaskState | undefined {
  switch (letter) {
    case 'R': case 'S': case 'D': case 'I': case 'T': case 't': case 'Z':
      return letter;
    case 'X': case 'x':
      return 'Z';
    // Waking.
    case 'W':
      return 'R';
    // Parked and killable: no signal that the kernel sends by itself ends these.
    case 'P': case 'K':
      return 'D';
    case undefined: default:
      return undefined;
  }
}
