/** What a task that was only seen once will do, as far as its state tells. */
import type { Behavior, Task } from '../types';

/**
 * Infers a behavior from one look at a task. How long it will sleep cannot be seen, so it sleeps until a signal ends
 * it: the most pessimistic reading.
 *
 * Interruptible (S) sleepers react to signals; D, stopped and traced ones do not, and neither do idle kthreads (I),
 * which sleep uninterruptibly. A running task (R) is taken to stay busy.
 */
export function inferBehavior({ state }: Pick<Task, 'state'>): Behavior {
  if (state === 'R') return { kind: 'busy' };
  return { kind: 'sleep', interruptible: state === 'S' };
}
