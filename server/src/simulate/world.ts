/**
 * The machine at work: who runs where, who sleeps, who wakes. It knows nothing about live patching; a model learns of
 * the instants that matter to it through `Hooks`.
 */
import { createCpus, type Cpus } from './cpus';
import { planInterrupts } from './interrupts';
import { createScripts } from './script';
import { createIdle, createThread, inUserMode, type Thread } from './thread';
import type { Duration } from './types';
import type { WorldParts } from './world-parts';

export interface World {
  /** Every thread that lives or lived, in the order of the kernel's task list; `gone` ones are dead. */
  readonly threads: readonly Thread[];
  /** The idle threads of the online CPUs, by CPU. */
  readonly idle: readonly Thread[];
  /** The idle threads of possible CPUs that are offline. */
  readonly offline: readonly Thread[];
  readonly cpus: Cpus;
  /** Ends a sleep that a signal can end, or hurries a running user thread out of the kernel (set_notify_signal()). */
  readonly signal: (thread: Thread) => void;
  /** SIGSTOP and SIGCONT: like a signal, and ends a stop too. False when the task does not react. */
  readonly poke: (thread: Thread) => boolean;
  /** wake_up_process(): ends whatever sleep a kernel thread is in. */
  readonly wakeUp: (thread: Thread) => void;
  /** Every task ends at once: what a new kernel begins with. */
  readonly endAll: () => void;
  /** Takes every task out of the kernel: its kernel stack is empty. */
  readonly leaveKernel: () => void;
  /** Lets every task that was taken out go on: from user mode, or from the top of its loop. */
  readonly enterKernel: () => void;
}

/** Visits the threads that live, then the idle ones by CPU, then those of offline CPUs. */
export function forEveryone({ threads, idle, offline }: World, visit: (thread: Thread) => void): void {
  for (const thread of threads) if (thread.where !== 'gone') visit(thread);
  idle.forEach(visit);
  offline.forEach(visit);
}

export function createWorld(parts: WorldParts): World {
  const { machine, queue, taskRandom, costs, hooks, calls } = parts;
  const threads: Thread[] = [];
  const idle = Array.from({ length: machine.cpus }, (_, cpu) => createIdle(cpu));
  const offline = Array.from({ length: machine.offlineCpus ?? 0 }, (_, i) => createIdle(machine.cpus + i));
  let nextPid = 1 + machine.tasks.reduce((max, task) => Math.max(max, task.pid), 0);

  const cpus = createCpus({ ...parts, idle, ranOnce: runOnce });
  const scripts = createScripts({ ...parts, sleep: sleepInScript });

  function wake(thread: Thread): void {
    if (thread.where !== 'sleeping') return;
    thread.sleeps++;
    cpus.enqueue(thread);
  }

  function sleep(thread: Thread): void {
    thread.where = 'sleeping';
    calls.fallAsleep(thread);
    planWake(thread);
  }

  function sleepInScript(thread: Thread, lasts: Duration): void {
    thread.where = 'sleeping';
    planWakeAfter(thread, ++thread.sleeps, lasts);
    cpus.release(thread);
  }

  /** Plans the end of the sleep that begins now, when the behavior has one. */
  function planWake(thread: Thread): void {
    const { behavior } = thread;
    const sleepNumber = ++thread.sleeps;
    if (behavior.kind === 'busy' || behavior.kind === 'script') return;
    if (staysAsleep(thread)) return;
    if (behavior.kind === 'sleep' && behavior.once === true && sleepNumber > 1) return;
    const lasts = behavior.kind === 'fork' ? behavior.every : behavior.lasts;
    if (lasts !== undefined) planWakeAfter(thread, sleepNumber, lasts);
  }

  function planWakeAfter(thread: Thread, sleepNumber: number, lasts: Duration): void {
    queue.atFor(queue.now() + taskRandom.duration(lasts, thread), endSleep, thread, sleepNumber);
  }

  function endSleep(thread: Thread, sleepNumber: number): void {
    if (thread.sleeps !== sleepNumber || staysAsleep(thread)) return;
    wake(thread);
  }

  /** It would wake, run and sleep in the same stack again, and nothing would come of it. */
  const staysAsleep = (thread: Thread): boolean => thread.behavior.kind === 'sleep' && hooks.atRest(thread);

  /** A woken thread got its CPU: it leaves the kernel if it is a user task, runs for a moment and sleeps again. */
  function runOnce(thread: Thread): void {
    if (thread.script !== undefined) {
      scripts.goOn(thread);
      return;
    }
    calls.unwind(thread);
    if (thread.kind === 'user') {
      hooks.exitToUser(thread);
      hooks.enterKernel(thread);
    } else {
      hooks.loopTop(thread);
    }
    if (thread.behavior.kind === 'fork') fork(thread, thread.behavior);
    queue.atFor(queue.now() + costs.runNs, endRun, thread, 0);
  }

  function endRun(thread: Thread): void {
    if (thread.where === 'gone') return;
    sleep(thread);
    cpus.release(thread);
  }

  function fork(parent: Thread, { child }: Extract<Thread['behavior'], { kind: 'fork' }>): void {
    const thread = createThread(
      {
        pid: nextPid++,
        comm: child.comm,
        kind: parent.kind === 'user' ? 'user' : 'kthread',
        state: 'S',
        stack: child.stack,
        behavior: { kind: 'sleep', interruptible: true },
      },
      parent.cpu,
    );
    threads.push(thread);
    hooks.forked(parent, thread);
    if (thread.kind === 'user') hooks.exitToUser(thread);
    sleep(thread);
    queue.atFor(queue.now() + taskRandom.duration(child.lives, thread), end, thread, 0);
  }

  function end(thread: Thread): void {
    if (thread.where === 'gone') return;
    calls.clear(thread);
    if (thread.where !== 'sleeping') cpus.remove(thread);
    thread.where = 'gone';
    hooks.exited(thread);
  }

  function signal(thread: Thread): void {
    const { behavior } = thread;
    if (behavior.kind === 'busy') cpus.hurry(thread);
    else if (behavior.kind === 'script') {
      if (scripts.signal(thread)) wake(thread);
    } else if (behavior.kind === 'fork' || behavior.interruptible) wake(thread);
  }

  const busy: Thread[] = [];
  for (const task of machine.tasks) {
    const thread = createThread(task, 0);
    thread.cpu = taskRandom.below(machine.cpus, thread);
    threads.push(thread);
    scripts.begin(thread);
    if (!inUserMode(thread)) calls.foundAsleep(thread);
    if (task.behavior.kind === 'busy') busy.push(thread);
    else if (task.behavior.kind === 'script') queue.atFor(0, wake, thread, 0);
    else planWake(thread);
  }
  for (const thread of [...idle, ...offline]) calls.foundAsleep(thread);
  cpus.placeBusy(busy);
  planInterrupts(parts, cpus.currentOn);

  return {
    threads,
    idle,
    offline,
    cpus,
    signal,
    poke: (thread) => {
      if (thread.kind !== 'user' || thread.where === 'gone') return false;
      const wakes = thread.state === 'T' || (thread.script?.interruptible ?? (thread.behavior.kind !== 'sleep' || thread.behavior.interruptible));
      if (thread.state === 'T') wake(thread);
      else signal(thread);
      return wakes;
    },
    wakeUp: wake,
    endAll: () => {
      for (const thread of threads) end(thread);
    },
    leaveKernel: () => {
      for (const thread of [...threads, ...idle]) {
        calls.clear(thread);
        thread.first = undefined;
      }
    },
    enterKernel: () => {
      for (const thread of [...threads, ...idle]) {
        if (thread.where === 'gone') continue;
        scripts.begin(thread);
        if (thread.script !== undefined) wake(thread);
        else if (!inUserMode(thread)) calls.fallAsleep(thread);
      }
    },
  };
}
