import { every, user, type Draft } from '../machine/drafts';
import { DAEMONS } from './daemons';
import { DURATIONS, KERNEL_THREADS, NUMBERS, SIGNALS_FREE, WAITS } from './facts';
import { ASSUMED, createWorkload } from './workload';

const busy: Draft = { comm: 'worker', kind: 'user', state: 'R', stack: [], behavior: { kind: 'busy', syscallEveryUs: 100 } };

export const containers = createWorkload({
  name: 'containers',
  title: 'a container host: 10,000 tasks, most of them threads of runtimes asleep in futex and epoll',
  basis: [
    KERNEL_THREADS,
    WAITS,
    { text: 'the first task of a pod waits in pause()', source: 'Kubernetes\' pause container' },
    SIGNALS_FREE,
    { text: 'six tasks of ten are threads in futex, as those of Go, Java and Node.js wait; one CPU of four is busy', source: ASSUMED },
    DURATIONS,
    NUMBERS,
  ],
  defaults: { cpus: 32, tasks: 10_000 },
  always: [...DAEMONS, user('containerd', 'epoll', every(100)), user('kubelet', 'futex', every(50))],
  perCpu: (cpu) => (cpu % 4 === 0 ? [busy] : []),
  crowd: [
    { of: 40, task: user('java', 'futex', every(60_000)) },
    { of: 20, task: user('containerd-shim', 'futex', every(120_000)) },
    { of: 12, task: user('node', 'epoll', every(5000)) },
    { of: 8, task: user('nginx', 'epoll', every(2000)) },
    { of: 6, task: user('envoy', 'epoll', every(1000)) },
    { of: 5, task: user('pause', 'pause') },
    { of: 4, task: user('php-fpm', 'accept', every(10_000)) },
    { of: 3, task: user('sh', 'wait4') },
    { of: 1, task: user('fluent-bit', 'inotify', every(5000)) },
    { of: 1, task: user('sleep', 'nanosleep', every(30_000)) },
  ],
});
