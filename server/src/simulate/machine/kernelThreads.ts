/** The kernel's own threads on a Debian 6.1 server, as recorded on one without devices to speak of (test/simulate/recordings). */
import { every, kthread, type Draft } from './drafts';

/** The threads every CPU has. */
export function threadsOfCpu(cpu: number): Draft[] {
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

/** Those there is one of. */
export const SYSTEM_THREADS: readonly Draft[] = [
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
