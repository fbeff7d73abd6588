/** A situation on which the systems differ, with what each of them makes of it. */
import type { Invariant, Machine, ModelName, SimulationInput, Step, Task } from '../types';

/**
 * `applied`: done, and nothing broke. `broken`: done, and old and new code met where the patch cannot bear it.
 * `not applied`: refused, given up, or still waiting when the operator gives up.
 */
export type ScenarioVerdict = 'applied' | 'broken' | 'not applied';

export interface Expectation {
  readonly verdict: ScenarioVerdict;
  /** What breaks, or what is not promised and did not hold. */
  readonly invariants?: readonly Invariant[];
  /** Why, one sentence. */
  readonly why: string;
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** What the patch changes, and why that is a question. */
  readonly about: string;
  readonly input: Omit<SimulationInput, 'model'>;
  readonly expected: Readonly<Record<ModelName, Expectation>>;
}

/** What holds for every scenario: a kernel that boots anew has no old code, and no old data. */
export const RESTARTS: Pick<Scenario['expected'], 'kexec' | 'reboot' | 'checkpoint-restart'> = {
  kexec: { verdict: 'applied', why: 'The new kernel starts with nothing of the old one.' },
  reboot: { verdict: 'applied', why: 'The new kernel starts with nothing of the old one.' },
  'checkpoint-restart': { verdict: 'applied', why: 'Tasks come back in user mode, on kernel objects that the new kernel made.' },
};

const SYSCALL = ['do_syscall_64', 'entry_SYSCALL_64_after_hwframe'];
const KTHREAD = ['kthread', 'ret_from_fork'];

export const ms = (n: number): { readonly kind: 'fixed'; readonly ms: number } => ({ kind: 'fixed', ms: n });

/** Sleeps outside the patch, in a system call of its own. */
export const pause = (n: number): Step => ({ call: 'hrtimer_nanosleep', steps: [{ sleep: ms(n), interruptible: true }] });

/** A call that works for a moment. */
export const call = (name: string, ...steps: readonly Step[]): Step => ({ call: name, steps: steps.length === 0 ? [{ run: ms(0.01) }] : steps });

export function user(pid: number, comm: string, steps: readonly Step[]): Task {
  return { pid, comm, kind: 'user', state: 'S', stack: [], behavior: { kind: 'script', steps } };
}

/** Asleep in `frames` until a signal comes, if that helps. */
export function sleeper(pid: number, comm: string, frames: readonly string[], interruptible: boolean): Task {
  return { pid, comm, kind: 'user', state: interruptible ? 'S' : 'D', stack: ['__schedule', 'schedule', ...frames, ...SYSCALL], behavior: { kind: 'sleep', interruptible } };
}

/** Two CPUs, a few kernel threads at rest, and the tasks of the scenario. */
export function smallMachine(tasks: readonly Task[], changes: Partial<Machine> = {}): Machine {
  const kthread = (pid: number, comm: string, main: string): Task => ({
    pid, comm, kind: 'kthread', state: 'S', stack: ['__schedule', 'schedule', main, ...KTHREAD], behavior: { kind: 'sleep', interruptible: true },
  });
  const rest = [kthread(2, 'kthreadd', 'kthreadd'), kthread(15, 'ksoftirqd/0', 'smpboot_thread_fn'), kthread(20, 'kworker/0:1', 'worker_thread')];
  return { cpus: 2, hz: 250, kernelVersion: '6.1.192', preemption: 'voluntary', unwinder: 'orc', reliableStacks: true, tasks: [...rest, ...tasks], ...changes };
}
