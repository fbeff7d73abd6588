/** What happens between "completing unpatching transition" and "unpatching complete". */
import type { Klp } from './state';

/**
 * unregister_ftrace_function() waits for synchronize_rcu_tasks() when CONFIG_PREEMPTION is set: every task must once
 * switch away by its own will. A kthread that only calls cond_resched() never does, and the worker waits forever with
 * klp_mutex held (measured on Debian 6.1.192; its stack was synchronize_rcu_tasks <- ftrace_shutdown <-
 * unregister_ftrace_function <- klp_complete_transition).
 *
 * @returns ns; Infinity when it never ends
 */
export function unpatchTailNs({ simulation, world }: Klp): number {
  const { costs, input, recorder } = simulation;
  const { machine } = input;
  const busy = world.threads.filter((thread) => thread.where !== 'gone' && thread.behavior.kind === 'busy');
  const preemption = machine.preemption === 'full' || machine.preemption === 'dynamic';
  const kthread = busy.find((thread) => thread.kind === 'kthread');
  if (preemption && kthread !== undefined) {
    recorder.note(
      `Unpatching never ends: synchronize_rcu_tasks() waits for ${kthread.comm}:${kthread.pid}, which never sleeps; until it does, every other load and unload hangs.`,
    );
    return Infinity;
  }
  return busy.length > machine.cpus ? costs.unpatchTailBusyNs : costs.unpatchTailNs;
}
