/** Facts that several workloads rest on, each with where it comes from. */
import { ASSUMED, type Basis } from './workload';

export const KERNEL_THREADS: Basis = {
  text: 'the kernel\'s own threads: per CPU cpuhp, migration, ksoftirqd (smpboot_thread_fn) and three kworkers, about twenty rescuers, three RCU tasks threads, and one each of kthreadd, kswapd and the like',
  source: 'recorded on Debian 6.1.192 with 2 CPUs (test/simulate/recordings); devices add more',
};
export const WAITS: Basis = {
  text: 'the functions a task waits in, and who calls them',
  source: '/proc/PID/stack and sysrq-t of Debian 6.1.192 (test/simulate/recordings)',
};
export const SIGNALS_FREE: Basis = {
  text: 'signals free whoever waits in poll, select, epoll, nanosleep, futex, wait4, accept, recv, pause, flock and reads of pipes; not D sleepers, stopped tasks and kernel threads',
  source: '23 transitions recorded on Debian 6.1.192 (test/simulate/recordings)',
};
export const DURATIONS: Basis = { text: 'how often each task wakes, and that its sleeps are exponentially distributed', source: ASSUMED };
export const NUMBERS: Basis = { text: 'how many tasks of which kind there are', source: ASSUMED };
