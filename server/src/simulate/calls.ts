/**
 * Who runs what. At the entry of every patched function the model decides, by its own rule, which version runs; from
 * then on the frame keeps it. Every entry is shown to the consistency checks.
 */
import { isSchedFunction } from '../kernel/schedFunctions';
import type { Call, FrameHolder } from './call';
import type { Consistency } from './consistency';
import { stackOf, type Frame, type Thread } from './thread';

export interface Calls {
  /** Enters a function: the frame it leaves on the holder's stack, undefined when no patch replaces the function. */
  readonly enter: (call: Call, holder: FrameHolder) => Frame | undefined;
  /** Returns from the function entered last. */
  readonly leave: (holder: FrameHolder) => void;
  /** A new system call, interrupt or round of a kernel thread begins: what was entered before does not bind it. */
  readonly begin: (holder: FrameHolder) => void;
  /** A user thread returned to user mode, or a kernel thread to the top of its loop. */
  readonly unwind: (thread: Thread) => void;
  /** The thread is no more. */
  readonly clear: (thread: Thread) => void;
  /** The thread goes to sleep in its recorded stack; the functions it went through to get there are entered anew. */
  readonly fallAsleep: (thread: Thread) => void;
  /** The thread was found asleep in its recorded stack when the simulation began. */
  readonly foundAsleep: (thread: Thread) => void;
  /** The versions in which the function is on the thread's stack; empty when it is not there. */
  readonly versionsOnStack: (thread: Thread, name: string) => readonly Frame[];
}

export interface CallsParts {
  /** The functions that some patch of the simulation replaces. */
  readonly watched: ReadonlySet<string>;
  /** The model's rule: the patch whose code a call runs, 0 for the original. */
  readonly resolve: (call: Call) => number;
  readonly consistency: Consistency;
  /** In which version sleepers are found when the simulation begins. */
  readonly initialVersion: number;
}

/** What lies below a kernel thread's main function, and below the idle loop. */
const BASE = new Set(['kthread', 'ret_from_fork', 'ret_from_fork_asm', 'cpu_startup_entry', 'start_secondary']);

/** Whether a kernel thread never returns from the function: its main function and what called it. */
function stays({ kind, stack }: Thread, name: string): boolean {
  return BASE.has(name) || (kind === 'kthread' && name === stack.findLast((each) => !BASE.has(each)));
}

const NOTHING: readonly string[] = [];
const EMPTY: readonly Frame[] = [];

export function createCalls({ watched, resolve, consistency, initialVersion }: CallsParts): Calls {
  /** Stacks are shared by many tasks: what of each is watched, outermost first. */
  const watchedIn = new WeakMap<readonly string[], readonly string[]>();
  const hiddenNames = [...watched].filter(isSchedFunction);

  function watchedOf(stack: readonly string[]): readonly string[] {
    let names = watchedIn.get(stack);
    if (names === undefined) {
      const found = stack.filter((name) => watched.has(name)).reverse();
      names = found.length === 0 ? NOTHING : found;
      watchedIn.set(stack, names);
    }
    return names;
  }

  function possibleFrames(thread: Thread, version: (name: string) => number): readonly Frame[] {
    if (!thread.hidden || hiddenNames.length === 0) return EMPTY;
    return hiddenNames.filter((name) => !thread.stack.includes(name)).map((name): Frame => ({ name, version: version(name), possible: true }));
  }

  const callOf = (thread: Thread, name: string): Call => ({ name, context: thread.kind === 'idle' ? 'idle' : 'task', thread, cpu: thread.cpu });

  function enter(call: Call, holder: FrameHolder): Frame | undefined {
    if (!watched.has(call.name)) return undefined;
    const frame: Frame = { name: call.name, version: resolve(call) };
    consistency.entered(call, frame, holder);
    holder.frames = [...holder.frames, frame];
    holder.first ??= frame;
    return frame;
  }

  function drop(holder: FrameHolder, frames: readonly Frame[]): void {
    if (holder.frames.length === frames.length) return;
    holder.frames = frames;
    consistency.left(holder);
  }

  function unwind(thread: Thread): void {
    if (thread.frames.length > 0) drop(thread, thread.kind === 'user' ? EMPTY : thread.frames.filter(({ name }) => stays(thread, name)));
    thread.first = thread.frames[0];
  }

  function fallAsleep(thread: Thread): void {
    unwind(thread);
    for (const name of watchedOf(thread.stack)) {
      if (thread.kind === 'user' || !stays(thread, name) || !thread.frames.some((frame) => frame.name === name)) enter(callOf(thread, name), thread);
    }
    const possible = possibleFrames(thread, (name) => resolve(callOf(thread, name)));
    if (possible.length > 0) thread.frames = [...thread.frames, ...possible];
  }

  return {
    enter,
    leave: (holder) => { drop(holder, holder.frames.slice(0, -1)); },
    begin: (holder) => { holder.first = undefined; },
    unwind,
    clear: (thread) => { drop(thread, EMPTY); },
    fallAsleep,
    foundAsleep: (thread) => {
      // A zombie runs nothing any more, whatever was found on its stack.
      if (thread.state === 'Z') return;
      const names = watchedOf(thread.stack);
      if (names.length === 0 && !thread.hidden) return;
      const found = names.map((name): Frame => ({ name, version: initialVersion }));
      const possible = possibleFrames(thread, () => initialVersion);
      if (found.length + possible.length === 0) return;
      thread.frames = [...found, ...possible];
      consistency.found(thread);
    },
    versionsOnStack: (thread, name) => {
      const frames = thread.frames.filter((frame) => frame.name === name);
      // Whoever was preempted, or sleeps in a script, entered the scheduler a moment ago.
      const scheduler = thread.where !== 'sleeping' || thread.script !== undefined;
      if (frames.length > 0 || !scheduler || !stackOf(thread).includes(name)) return frames;
      return [{ name, version: resolve(callOf(thread, name)) }];
    },
  };
}
