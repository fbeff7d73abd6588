import { every, user } from '../machine/drafts';
import { DAEMONS } from './daemons';
import { DURATIONS, KERNEL_THREADS, NUMBERS, SIGNALS_FREE, WAITS } from './facts';
import { createWorkload } from './workload';

export const idle = createWorkload({
  name: 'idle',
  title: 'a server that waits for work: daemons, shells, nobody busy',
  basis: [
    KERNEL_THREADS,
    WAITS,
    { text: 'of the sleepers that are no kernel threads, pipe reads, wait4 and epoll are the most frequent (15, 11 and 2 of 93 tasks)', source: 'counted on a 6.18 host and a 6.1 guest at rest' },
    SIGNALS_FREE,
    { text: 'an idle machine completes at pass 1, 1.0 to 1.6 s after the load', source: 'measured on Debian 6.1.192, ten transitions' },
    DURATIONS,
    { ...NUMBERS, text: 'how many tasks there are besides' },
  ],
  defaults: { cpus: 4, tasks: 110 },
  always: DAEMONS,
  crowd: [
    { of: 15, task: user('sh', 'pipe') },
    { of: 11, task: user('bash', 'wait4') },
    { of: 2, task: user('systemd', 'epoll', every(60_000)) },
    { of: 1, task: user('dhclient', 'select', every(20_000)) },
    { of: 1, task: user('python3', 'futex') },
  ],
});
