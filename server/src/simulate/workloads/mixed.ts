import { builtinMachine, SERVICES } from '../machine/builtin';
import { numbered } from '../machine/drafts';
import { DURATIONS, KERNEL_THREADS, NUMBERS, SIGNALS_FREE, WAITS } from './facts';
import { varied, type Workload } from './workload';

/** What to rehearse on when nothing else is said. Its services are there again and again where more tasks are asked for. */
export const mixed: Workload = {
  name: 'mixed',
  title: 'a small server with a bit of everything: one task busy, one that forks, sleepers of every kind',
  basis: [KERNEL_THREADS, WAITS, SIGNALS_FREE, DURATIONS, NUMBERS],
  defaults: { cpus: 4, tasks: builtinMachine().tasks.length },
  machine: ({ seed = 1, tasks = 0, ...settings } = {}) => {
    const machine = builtinMachine(settings);
    const missing = Math.max(0, tasks - machine.tasks.length);
    const more = Array.from({ length: Math.ceil(missing / SERVICES.length) }, () => SERVICES).flat().slice(0, missing);
    return { workload: 'mixed', ...machine, tasks: numbered([...machine.tasks, ...varied(more, seed)]) };
  },
};
