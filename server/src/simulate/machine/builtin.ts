/** The machine to rehearse on when there is no snapshot of a real one: a small server, our own making. */
import type { Behavior, Duration, Machine, Task, TaskState } from '../types';
import { KTHREAD_STACKS, USER_STACKS } from './stacks';

/** Debian 12's kernel, the one the simulator was measured against. */
export const DEFAULT_KERNEL_VERSION = '6.1.192';

export interface BuiltinOptions {
  /** Default 4. */
  readonly cpus?: number;
  /** Default 250, Debian's. */
  readonly hz?: number;
  readonly kernelVersion?: string;
}

type Draft = Omit<Task, 'pid'>;

const about = (meanMs: number): Duration => ({ kind: 'exponential', meanMs });
const untilSignal: Behavior = { kind: 'sleep', interruptible: true };
const untilWork: Behavior = { kind: 'sleep', interruptible: false };
const every = (meanMs: number, interruptible = true): Behavior => ({ kind: 'sleep', interruptible, lasts: about(meanMs) });

function kthread(comm: string, state: TaskState, stack: keyof typeof KTHREAD_STACKS, behavior?: Behavior): Draft {
  return { comm, kind: 'kthread', state, stack: KTHREAD_STACKS[stack], behavior: behavior ?? (state === 'S' ? untilSignal : untilWork) };
}

function user(comm: string, stack: keyof typeof USER_STACKS, behavior: Behavior = untilSignal, state: TaskState = 'S'): Draft {
  return { comm, kind: 'user', state, stack: USER_STACKS[stack], behavior };
}

/** The threads every CPU has. */
function perCpu(cpu: number): Draft[] {
  return [
    kthread(`cpuhp/${cpu}`, 'S', 'smpboot'),
    kthread(`migration/${cpu}`, 'S', 'smpboot', every(2000)),
    kthread(`ksoftirqd/${cpu}`, 'S', 'smpboot', every(1500)),
    kthread(`kworker/${cpu}:0`, 'I', 'worker', every(700, false)),
    kthread(`kworker/${cpu}:1`, 'I', 'worker'),
    kthread(`kworker/${cpu}:0H`, 'I', 'worker'),
  ];
}

const RESCUERS = [
  'rcu_gp', 'rcu_par_gp', 'slub_flushwq', 'netns', 'mm_percpu_wq', 'inet_frag_wq', 'writeback', 'kintegrityd', 'kblockd', 'blkcg_punt_bio',
  'edac-poller', 'devfreq_wq', 'kthrotld', 'mld', 'ipv6_addrconf', 'kstrp', 'ext4-rsv-conver', 'nfsiod', 'xprtiod', 'rpciod',
];

const SYSTEM: readonly Draft[] = [
  kthread('kthreadd', 'S', 'kthreadd'),
  ...RESCUERS.map((comm) => kthread(comm, 'I', 'rescuer')),
  kthread('kworker/u8:0', 'I', 'worker', every(900, false)),
  kthread('kworker/u8:1', 'I', 'worker'),
  kthread('rcu_tasks_kthread', 'I', 'rcuTasks'),
  kthread('rcu_tasks_rude_kthread', 'I', 'rcuTasks'),
  kthread('rcu_tasks_trace_kthread', 'I', 'rcuTasks'),
  kthread('rcu_preempt', 'I', 'rcuGp', every(20, false)),
  kthread('kdevtmpfs', 'S', 'kdevtmpfs'),
  kthread('kauditd', 'S', 'kauditd'),
  kthread('khungtaskd', 'S', 'khungtaskd', every(120_000)),
  kthread('oom_reaper', 'S', 'oomReaper'),
  kthread('kcompactd0', 'S', 'kcompactd', every(500)),
  kthread('ksmd', 'S', 'ksmd'),
  kthread('khugepaged', 'S', 'khugepaged', every(10_000)),
  kthread('kswapd0', 'S', 'kswapd'),
  kthread('irq/24-aerdrv', 'S', 'irq'),
  kthread('jbd2/vda1-8', 'S', 'jbd2', every(5000)),
];

const SERVICES: readonly Draft[] = [
  user('systemd-journal', 'epoll', every(3000)),
  user('systemd-udevd', 'epoll'),
  user('systemd-resolve', 'epoll', every(8000)),
  user('systemd-logind', 'epoll'),
  user('dbus-daemon', 'epoll', every(4000)),
  user('rsyslogd', 'select', every(6000)),
  user('in:imuxsock', 'poll'),
  user('cron', 'nanosleep', { kind: 'sleep', interruptible: true, lasts: { kind: 'uniform', minMs: 1, maxMs: 60_000 } }),
  user('sshd', 'poll'),
  user('sshd', 'poll'),
  user('bash', 'wait4'),
  user('agetty', 'tty'),
  user('nginx', 'pause'),
  user('nginx', 'epoll', every(250)),
  user('nginx', 'epoll', every(250)),
  user('httpd', 'accept'),
  user('postgres', 'epoll', every(1000)),
  user('mysqld', 'futex'),
  user('mysqld', 'poll'),
  user('java', 'futex', every(50)),
  user('java', 'futex'),
  user('logger', 'pipe'),
  user('tail', 'inotify'),
  user('rsync', 'nfsRead', { kind: 'sleep', interruptible: false, lasts: about(30) }, 'D'),
  user('unix-server', 'recv'),
  user('lockfile', 'flock'),
  user('sigwaiter', 'sigtimedwait'),
  user('vim', 'stopped', untilWork, 'T'),
  { comm: 'make', kind: 'user', state: 'S', stack: USER_STACKS.wait4, behavior: { kind: 'fork', every: about(400), child: { comm: 'cc1', stack: USER_STACKS.pipe, lives: about(900) } } },
  { comm: 'ffmpeg', kind: 'user', state: 'R', stack: [], behavior: { kind: 'busy' } },
  { comm: 'redis-bench', kind: 'user', state: 'R', stack: [], behavior: { kind: 'busy', syscallEveryUs: 20 } },
];

/** About 90 tasks on 4 CPUs: one busy task, one that makes system calls all the time, one that forks, and sleepers of every kind. */
export function builtinMachine({ cpus = 4, hz = 250, kernelVersion = DEFAULT_KERNEL_VERSION }: BuiltinOptions = {}): Machine {
  const drafts = [user('systemd', 'epoll', every(5000)), ...SYSTEM, ...Array.from({ length: cpus }, (_, cpu) => perCpu(cpu)).flat(), ...SERVICES];
  const tasks = drafts.map((draft, i): Task => ({ pid: i + 1, ...draft }));
  return { cpus, hz, kernelVersion, preemption: 'dynamic', unwinder: 'orc', reliableStacks: true, tasks };
}
