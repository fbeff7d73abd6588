/** Tasks that go through written steps: calls, sleeps, work. */
import type { Calls } from './calls';
import type { EventQueue } from './queue';
import type { Level, ScriptState } from './script-state';
import type { TaskRandom } from './task-random';
import type { Thread } from './thread';
import { IPI_NS } from './time';
import type { Costs, Duration, Step } from './types';
import type { Hooks } from './world-parts';

export interface Scripts {
  readonly begin: (thread: Thread) => void;
  /** The thread got a CPU: goes on until it sleeps, or works for a while. */
  readonly goOn: (thread: Thread) => void;
  /** A signal: ends an interruptible sleep. False when it does not react. */
  readonly signal: (thread: Thread) => boolean;
}

export interface ScriptParts {
  readonly queue: EventQueue;
  readonly taskRandom: TaskRandom;
  readonly costs: Costs;
  readonly calls: Calls;
  readonly hooks: Hooks;
  /** Puts the thread to sleep and gives its CPU away; it is woken after `lasts`. */
  readonly sleep: (thread: Thread, lasts: Duration) => void;
}

export function createScripts({ queue, taskRandom, costs, calls, hooks, sleep }: ScriptParts): Scripts {
  const now = (): number => queue.now();

  function work(thread: Thread, script: ScriptState, ns: number): void {
    queue.atFor(now() + ns, endWork, thread, ++script.works);
  }

  function endWork(thread: Thread, work: number): void {
    if (thread.where === 'cpu' && thread.script?.works === work) goOn(thread);
  }

  /** One step; false when the thread does not go on at this instant. */
  function take(thread: Thread, script: ScriptState, step: Step): boolean {
    if ('call' in step) {
      if (thread.kind === 'user' && script.calls.length === 0) {
        hooks.enterKernel(thread);
        calls.begin(thread);
        script.signalled = false;
      }
      script.calls.push(step.call);
      const framed = calls.enter({ name: step.call, context: 'task', thread, cpu: thread.cpu }, thread) !== undefined;
      script.levels.push({ steps: step.steps ?? [], next: 0, framed });
      return true;
    }
    script.interruptible = step.interruptible === true;
    if (script.interruptible && script.signalled) return true;
    if ('run' in step) {
      work(thread, script, taskRandom.duration(step.run, thread));
      return false;
    }
    if (step.freezable === true) hooks.freezableSleep(thread);
    sleep(thread, step.sleep);
    return false;
  }

  /** The steps of a call, or of the whole script, are done. False when the thread does not go on at this instant. */
  function finish(thread: Thread, script: ScriptState, level: Level): boolean {
    if (script.levels.length === 1) {
      level.next = 0;
      calls.begin(thread);
      if (thread.kind === 'kthread') hooks.loopTop(thread);
      // A round takes time, whatever its steps say: time would stand still otherwise.
      script.interruptible = false;
      work(thread, script, costs.runNs);
      return false;
    }
    script.levels.pop();
    script.calls.pop();
    if (level.framed) calls.leave(thread);
    if (thread.kind === 'user' && script.calls.length === 0) hooks.exitToUser(thread);
    return true;
  }

  function goOn(thread: Thread): void {
    const { script } = thread;
    if (script === undefined) return;
    for (let going = true; going; ) {
      const level = script.levels.at(-1);
      if (level === undefined) return;
      const step = level.steps[level.next++];
      going = step === undefined ? finish(thread, script, level) : take(thread, script, step);
    }
  }

  return {
    begin: (thread) => {
      if (thread.behavior.kind !== 'script') return;
      thread.script = { calls: [], levels: [{ steps: thread.behavior.steps, next: 0, framed: false }], interruptible: false, signalled: false, works: 0 };
    },
    goOn,
    signal: (thread) => {
      const { where, script } = thread;
      if (script === undefined) return false;
      script.signalled = true;
      if (where === 'cpu' && script.interruptible) work(thread, script, IPI_NS);
      return where === 'sleeping' && script.interruptible;
    },
  };
}
