import { about, every, kthread, untilWork, user } from '../machine/drafts';
import { DAEMONS } from './daemons';
import { DURATIONS, KERNEL_THREADS, NUMBERS, SIGNALS_FREE, WAITS } from './facts';
import { ASSUMED, createWorkload } from './workload';

export const nfsClient = createWorkload({
  name: 'nfs-client',
  title: 'a client of an NFS server that stopped to answer: tasks that sleep uninterruptibly until it is back',
  basis: [
    KERNEL_THREADS,
    WAITS,
    { text: 'a call to the server is waited for in rpc_wait_bit_killable(), TASK_KILLABLE: only a fatal signal ends it', source: 'net/sunrpc/sched.c of 6.1, read; the callers in fs/nfs/nfs4proc.c as gcc compiles them' },
    { text: 'a hard mount, the default, waits for ever', source: 'nfs(5)' },
    SIGNALS_FREE,
    { text: 'a D sleeper in the patched set switches at the first pass after it wakes', source: 'measured on Debian 6.1.192: a sleep of 25 s, completion 24.8 s after the load' },
    { text: 'half of those who wait do so for ever, the others for 30 s on the average', source: ASSUMED },
    DURATIONS,
    NUMBERS,
  ],
  defaults: { cpus: 8, tasks: 200 },
  always: [...DAEMONS, kthread('NFSv4 callback', 'S', 'nfsCallback', every(60_000))],
  crowd: [
    { of: 6, task: user('ls', 'nfsGetattr', untilWork, 'D') },
    { of: 6, task: user('rsync', 'nfsRead', { kind: 'sleep', interruptible: false, lasts: about(30_000) }, 'D') },
    { of: 20, task: user('bash', 'wait4') },
    { of: 10, task: user('python3', 'poll', every(1000)) },
    { of: 10, task: user('emacs', 'select', every(3000)) },
    { of: 8, task: user('tail', 'inotify') },
  ],
});
