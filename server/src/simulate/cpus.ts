/**
 * The CPUs and a scheduler just fine enough for live patching: a thread that wakes gets a CPU at once, preempting busy
 * ones; busy threads that share a CPU take turns and sometimes move; a CPU with nothing to run is idle.
 */
import { IPI_NS, jiffiesAt, jiffiesToNs } from './time';
import { inUserMode, type Thread } from './thread';
import type { WorldParts } from './world-parts';

export interface Cpus {
  /** The CPU on which the patch module is being loaded. */
  readonly loader: number;
  /** Whether the thread is on a CPU, seen by a worker that itself runs on CPU `worker`. */
  readonly isRunning: (thread: Thread, worker: number) => boolean;
  /** Who is on the CPU; its idle thread when nobody else is. */
  readonly currentOn: (cpu: number) => Thread;
  /** Whether some CPU is idle: whoever wakes then takes nobody's. */
  readonly someIdle: () => boolean;
  /** Gives a woken thread a CPU. */
  readonly enqueue: (thread: Thread) => void;
  /** `thread` goes off its CPU. */
  readonly release: (thread: Thread) => void;
  /** `thread` dies: takes it out of whatever queue it is in. */
  readonly remove: (thread: Thread) => void;
  readonly placeBusy: (threads: readonly Thread[]) => void;
  /** Interrupts a busy user thread, which then leaves the kernel. */
  readonly hurry: (thread: Thread) => void;
  /** To be called after threads became pending: busy ones meet their next kernel exit or cond_resched(), idle CPUs their next work. */
  readonly planExits: () => void;
  /** Makes an idle CPU go once through its idle loop (wake_up_if_idle()). */
  readonly wakeIdle: (cpu: number) => void;
  /** A worker that ran on `cpu` is done; an idle CPU goes back to idle. */
  readonly workerDone: (cpu: number) => void;
}

interface Cpu {
  readonly id: number;
  readonly idle: Thread;
  /** Undefined: idle. */
  current: Thread | undefined;
  readonly waiting: Thread[];
  /** Counts changes of `current`, so that what was planned for an earlier turn is void. */
  turn: number;
}

export function createCpus(parts: WorldParts & { readonly idle: readonly Thread[]; readonly ranOnce: (thread: Thread) => void }): Cpus {
  const { machine, queue, random, taskRandom, costs, calls, hooks, uptimeNs, ranOnce } = parts;
  const cpus: Cpu[] = parts.idle.map((idle, id) => ({ id, idle, current: undefined, waiting: [], turn: 0 }));
  let idleCpus = cpus.length;
  const loader = random.int(0, cpus.length - 1);
  const cpuOf = (id: number): Cpu => cpus[id] ?? fail(id);
  const isBusy = (thread: Thread): boolean => thread.behavior.kind === 'busy';
  const load = (cpu: Cpu): number => [cpu.current, ...cpu.waiting].filter((t) => t !== undefined && isBusy(t)).length;

  /** Carries out one of the two below at `atNs`, if the CPU still gives the same turn to the same thread then. */
  function inTurn(cpu: Cpu, atNs: number, what: typeof leaveInTurn | typeof rotateInTurn): void {
    queue.atFor(atNs, what, cpu, cpu.turn);
  }

  function leaveInTurn({ current, turn: now }: Cpu, turn: number): void {
    if (current !== undefined && now === turn) leaveKernel(current);
  }

  function rotateInTurn(cpu: Cpu, turn: number): void {
    const { current } = cpu;
    if (current === undefined || cpu.turn !== turn || cpu.waiting.length === 0) return;
    // Which of them runs makes no difference any more, until somebody joins them to whom it does.
    if (hooks.atRest(current) && cpu.waiting.every(hooks.atRest)) return;
    current.where = 'queued';
    cpu.waiting.push(current);
    runNext(cpu);
  }

  function run(cpu: Cpu, thread: Thread): void {
    if (cpu.current === undefined) idleCpus--;
    cpu.current = thread;
    cpu.turn++;
    thread.where = 'cpu';
    thread.cpu = cpu.id;
    thread.exitPlanned = false;
    if (!isBusy(thread)) {
      ranOnce(thread);
      return;
    }
    planExit(cpu, thread);
    planRotation(cpu);
  }

  function runNext(cpu: Cpu): void {
    const next = cpu.waiting.shift();
    if (next !== undefined) {
      run(cpu, next);
      return;
    }
    cpu.current = undefined;
    cpu.turn++;
    idleCpus++;
    goThroughIdle(cpu.idle);
  }

  /** From the end of do_idle() into the next. */
  function goThroughIdle(idle: Thread): void {
    calls.unwind(idle);
    hooks.leaveIdle(idle);
    calls.fallAsleep(idle);
  }

  /** The next tick interrupts a busy user thread; system calls bring it through the kernel sooner. */
  function planExit(cpu: Cpu, thread: Thread): void {
    if (!thread.pending || thread.exitPlanned) return;
    thread.exitPlanned = true;
    const uptime = uptimeNs + queue.now();
    const tick = jiffiesToNs(jiffiesAt(uptime, machine.hz) + 1, machine.hz) - uptime;
    const every = thread.behavior.kind === 'busy' ? thread.behavior.syscallEveryUs : undefined;
    const wait = every === undefined ? tick : Math.min(tick, every * 1000);
    inTurn(cpu, queue.now() + wait, leaveInTurn);
  }

  function leaveKernel(thread: Thread): void {
    thread.exitPlanned = false;
    if (thread.script !== undefined && !inUserMode(thread)) return;
    if (thread.kind === 'user') hooks.exitToUser(thread);
    else hooks.condResched(thread);
  }

  function planRotation(cpu: Cpu): void {
    if (cpu.waiting.length > 0) inTurn(cpu, queue.now() + costs.sliceNs, rotateInTurn);
  }

  function planMigration(thread: Thread): void {
    const wait = taskRandom.duration({ kind: 'exponential', meanMs: costs.hogMigrationMeanNs / 1e6 }, thread);
    queue.at(queue.now() + wait, () => {
      if (thread.where === 'gone') return;
      const to = cpuOf(taskRandom.below(cpus.length, thread));
      const from = cpuOf(thread.cpu);
      if (load(to) < load(from)) {
        remove(thread);
        enqueueOn(to, thread);
      }
      planMigration(thread);
    });
  }

  /** A CPU that is busy meanwhile leaves idle anyway when it comes back to it. */
  function leaveIdle(cpu: Cpu): void {
    if (cpu.current === undefined) goThroughIdle(cpu.idle);
  }

  function planIdleWake(cpu: Cpu): void {
    const wait = random.duration({ kind: 'exponential', meanMs: costs.idleWakeMeanNs / 1e6 });
    queue.atFor(queue.now() + wait, leaveIdle, cpu, 0);
  }

  function enqueueOn(cpu: Cpu, thread: Thread): void {
    thread.cpu = cpu.id;
    const { current } = cpu;
    if (current === undefined) {
      run(cpu, thread);
    } else if (isBusy(current) && !isBusy(thread)) {
      current.where = 'queued';
      cpu.waiting.unshift(current);
      run(cpu, thread);
    } else {
      thread.where = 'queued';
      if (isBusy(thread)) cpu.waiting.push(thread);
      else cpu.waiting.unshift(thread);
      if (isBusy(current)) planRotation(cpu);
    }
  }

  function remove(thread: Thread): void {
    const cpu = cpuOf(thread.cpu);
    const at = cpu.waiting.indexOf(thread);
    if (at >= 0) cpu.waiting.splice(at, 1);
    if (cpu.current === thread) runNext(cpu);
  }

  return {
    loader,
    isRunning: (thread, worker) => {
      if (thread.cpu === worker) return false;
      if (thread.kind === 'idle') return cpuOf(thread.cpu).current === undefined;
      return thread.where === 'cpu';
    },
    someIdle: () => idleCpus > 0,
    currentOn: (id) => cpuOf(id).current ?? cpuOf(id).idle,
    enqueue: (thread) => {
      const home = cpuOf(thread.cpu);
      enqueueOn(home.current === undefined ? home : (cpus.find((cpu) => cpu.current === undefined) ?? home), thread);
    },
    release: (thread) => {
      const cpu = cpuOf(thread.cpu);
      if (cpu.current === thread) runNext(cpu);
    },
    remove,
    placeBusy: (threads) => {
      // The loader keeps its CPU busy, so the busy threads are found on the others first.
      threads.forEach((thread, i) => {
        enqueueOn(cpuOf((loader + 1 + i) % cpus.length), thread);
        if (cpus.length > 1 && thread.kind === 'user') planMigration(thread);
      });
    },
    hurry: (thread) => {
      if (thread.where === 'cpu' && thread.kind === 'user') inTurn(cpuOf(thread.cpu), queue.now() + IPI_NS, leaveInTurn);
    },
    planExits: () => {
      for (const cpu of cpus) {
        if (cpu.current === undefined) planIdleWake(cpu);
        else if (isBusy(cpu.current) || inUserMode(cpu.current)) planExit(cpu, cpu.current);
      }
    },
    wakeIdle: (id) => {
      queue.atFor(queue.now() + IPI_NS, leaveIdle, cpuOf(id), 0);
    },
    workerDone: (id) => { leaveIdle(cpuOf(id)); },
  };
}

function fail(id: number): never {
  throw new RangeError(`no CPU ${id}`);
}
