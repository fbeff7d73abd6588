import { every, user } from '../machine/drafts';
import { DAEMONS } from './daemons';
import { DURATIONS, KERNEL_THREADS, NUMBERS, SIGNALS_FREE, WAITS } from './facts';
import { ASSUMED, createWorkload } from './workload';

export const web = createWorkload({
  name: 'web',
  title: 'a web server: workers in epoll that wake all the time, a pool of processes in accept, logs in pipes',
  basis: [KERNEL_THREADS, WAITS, SIGNALS_FREE, { text: 'one worker process for each CPU', source: `nginx's worker_processes auto; that it is set: ${ASSUMED}` }, DURATIONS, NUMBERS],
  defaults: { cpus: 8, tasks: 250 },
  always: [...DAEMONS, user('nginx', 'pause'), user('redis-server', 'epoll', every(2)), user('rsyslogd', 'select', every(500))],
  perCpu: () => [user('nginx', 'epoll', every(5))],
  crowd: [
    { of: 60, task: user('php-fpm', 'accept', every(200)) },
    { of: 20, task: user('node', 'epoll', every(20)) },
    { of: 30, task: user('node', 'futex') },
    { of: 10, task: user('logger', 'pipe', every(1000)) },
  ],
});
