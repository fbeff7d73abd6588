/** The machines of a sweep. */
import { createRandom } from '../random';
import type { Machine, Step, Task } from '../types';
import { idle } from '../workloads/idle';
import type { SweepOrder } from './order';

/** Nobody is in it unless the machine has a crowd. */
export const PATCHED = 'visited_function';

/** How long a visit lasts, and the mean time between two: a task is inside for 1 part in 1,000 of its time. */
export const VISIT_MS = 10;
export const BETWEEN_MS = 9_990;

const visit: Step = { call: PATCHED, steps: [{ sleep: { kind: 'fixed', ms: VISIT_MS } }] };
/** Exponential: as likely to end soon at the load as at any other time. */
const elsewhere: Step = { call: 'elsewhere', steps: [{ sleep: { kind: 'exponential', meanMs: BETWEEN_MS }, interruptible: true }] };

export function quietMachine({ kernelVersion, hz, seed }: SweepOrder, cpus: number, tasks: number): Machine {
  return idle.machine({ cpus, tasks, kernelVersion, hz, seed });
}

/** Every user task visits the patched function, each in its own time; those are inside at the load who are by chance. */
export function crowdedMachine(order: SweepOrder, tasks: number, seed: number): Machine {
  const machine = quietMachine({ ...order, seed }, order.crowdCpus, tasks);
  const random = createRandom(seed);
  const isInside = (): boolean => random.int(1, VISIT_MS + BETWEEN_MS) <= VISIT_MS;
  return { ...machine, tasks: machine.tasks.map((task) => (task.kind === 'user' ? visitor(task, isInside()) : task)) };
}

const visitor = ({ pid, comm }: Task, isInside: boolean): Task => ({
  pid, comm, kind: 'user', state: 'S', stack: [], behavior: { kind: 'script', steps: isInside ? [visit, elsewhere] : [elsewhere, visit] },
});
