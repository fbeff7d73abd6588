/** Small machines for tests, and simulating on them in one line. */
import {
  builtinMachine, simulate, type Action, type Behavior, type Machine, type ModelName, type SimulationInput, type Task, type Trace,
} from '../../server/src/simulate';

export const SYSCALL = ['do_syscall_64', 'entry_SYSCALL_64_after_hwframe'];
export const KTHREAD = ['kthread', 'ret_from_fork'];

export const forever = (interruptible: boolean): Behavior => ({ kind: 'sleep', interruptible });

export function user(pid: number, comm: string, frames: readonly string[], behavior: Behavior, state: Task['state'] = 'S'): Task {
  return { pid, comm, kind: 'user', state, stack: frames.length === 0 ? [] : ['__schedule', 'schedule', ...frames, ...SYSCALL], behavior };
}

export function kthread(pid: number, comm: string, frames: readonly string[], behavior: Behavior, state: Task['state'] = 'S'): Task {
  return { pid, comm, kind: 'kthread', state, stack: ['__schedule', 'schedule', ...frames, ...KTHREAD], behavior };
}

/** A few sleepers that no patch of these tests concerns, and whoever the test adds. */
export function quietMachine(tasks: readonly Task[] = [], changes: Partial<Machine> = {}): Machine {
  const sleepers = [
    user(1, 'init', ['do_wait', 'kernel_wait4', '__do_sys_wait4'], forever(true)),
    kthread(2, 'kthreadd', ['kthreadd'], forever(true)),
    kthread(3, 'rcu_gp', ['rescuer_thread'], forever(false), 'I'),
  ];
  return { ...builtinMachine(), tasks: [...sleepers, ...tasks], ...changes };
}

export interface Options extends Partial<Omit<SimulationInput, 'model' | 'patch'>> {
  readonly functions?: readonly string[];
  readonly actions?: readonly Action[];
}

/** The same with any model. */
export function loadBy(model: ModelName, { functions = ['cmdline_proc_show'], ...options }: Options & Pick<Partial<SimulationInput>, 'patch'> = {}): Trace {
  const patch = { name: 'lp', functions: functions.map((name) => ({ name, object: 'vmlinux' })) };
  const result = simulate({ model, patch, machine: quietMachine(), seed: 1, ...options });
  if (!result.ok) throw new Error(result.message);
  return result.trace;
}

/** Loads a live patch named `lp` of `functions` (default: one nobody uses). */
export const load = (options: Options = {}): Trace => loadBy('livepatch', options);

/** Lines as they are, for logs of other systems than upstream's. */
export const lines = (trace: Trace): string[] => trace.log.map(({ text }) => text);

export const texts = (trace: Trace): string[] => trace.log.map(({ text }) => text.replace(/^livepatch: /, ''));
