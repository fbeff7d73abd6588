import { about, every, user } from '../machine/drafts';
import { DAEMONS } from './daemons';
import { DURATIONS, KERNEL_THREADS, NUMBERS, SIGNALS_FREE, WAITS } from './facts';
import { ASSUMED, createWorkload } from './workload';

export const database = createWorkload({
  name: 'database',
  title: 'a database server: connections in epoll and futex, commits in fsync and reads from the disk, both uninterruptible',
  basis: [
    KERNEL_THREADS,
    WAITS,
    { text: 'who waits for a commit (jbd2_log_wait_commit) or for a page of the disk (folio_wait_bit_common) sleeps uninterruptibly', source: 'fs/jbd2/journal.c and mm/filemap.c of 6.1, read; the functions around them too' },
    SIGNALS_FREE,
    { text: 'a commit takes 8 ms, a read 5 ms on the average', source: `${ASSUMED}: a disk, or a loaded network volume` },
    DURATIONS,
    NUMBERS,
  ],
  defaults: { cpus: 16, tasks: 500 },
  always: [...DAEMONS, user('postgres', 'epoll', every(200)), user('mysqld', 'poll', every(1000))],
  crowd: [
    { of: 60, task: user('postgres', 'epoll', every(50)) },
    { of: 40, task: user('mysqld', 'futex', every(100)) },
    { of: 10, task: user('postgres', 'fsync', { kind: 'sleep', interruptible: false, lasts: about(8) }, 'D') },
    { of: 10, task: user('postgres', 'diskRead', { kind: 'sleep', interruptible: false, lasts: about(5) }, 'D') },
    { of: 4, task: user('pgbackrest', 'pipe', every(100)) },
  ],
});
