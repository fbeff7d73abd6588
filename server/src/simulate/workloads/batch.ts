import { every, user, type Draft } from '../machine/drafts';
import { DAEMONS } from './daemons';
import { DURATIONS, KERNEL_THREADS, NUMBERS, SIGNALS_FREE, WAITS } from './facts';
import { ASSUMED, createWorkload } from './workload';

const hog: Draft = { comm: 'solver', kind: 'user', state: 'R', stack: [], behavior: { kind: 'busy' } };

export const batch = createWorkload({
  name: 'batch',
  title: 'a batch node: two tasks for each CPU that compute and never sleep, and the shells that wait for them',
  basis: [
    KERNEL_THREADS,
    WAITS,
    { text: 'a task that computes switches when the tick interrupts it; eight of them on four CPUs completed at pass 2, 1.8 s after the load', source: 'measured on Debian 6.1.192' },
    { text: 'with more of them than CPUs, unpatching ends 2.8 s after the last task switched', source: 'measured on Debian 6.1.192' },
    SIGNALS_FREE,
    { text: 'two computing tasks for each CPU', source: `as in that measurement; that a batch node is loaded so: ${ASSUMED}` },
    DURATIONS,
    NUMBERS,
  ],
  defaults: { cpus: 16, tasks: 260 },
  always: [...DAEMONS, user('slurmd', 'poll', every(1000)), user('munged', 'poll')],
  perCpu: () => [hog, hog],
  crowd: [
    { of: 4, task: user('slurmstepd', 'poll', every(500)) },
    { of: 4, task: user('bash', 'wait4') },
    { of: 2, task: user('tail', 'inotify') },
    { of: 1, task: user('solver', 'futex') },
  ],
});
