/**
 * Functions that some task sleeps in on nearly every machine, so that a patch of them waits for that task.
 *
 * Sources: stacks of the sleeping tasks of Debian 6.1.192 and of a 6.18 host (93 tasks); names of 6.2 and later beside those they replace;
 * the README of kpatch, "Limitations" (schedule, sys_poll, sys_select, sys_read, sys_nanosleep), and stalled transitions in its tracker
 * (n_tty_read, vhost_worker). test/system/names.test.ts holds that each is defined in Linux 6.1, and nothing else by that name.
 */
const THREADS = [
  // Every kernel thread stands in these, or sleeps in them for work.
  'kthread', 'kthreadd', 'worker_thread', 'rescuer_thread', 'kthread_worker_fn', 'smpboot_thread_fn', 'irq_thread',
  // The threads of memory management, RCU and the rest of the core.
  'kswapd', 'kcompactd', 'khugepaged', 'ksm_scan_thread', 'oom_reaper', 'kdamond_fn', 'rcu_gp_kthread', 'rcu_gp_fqs_loop', 'kauditd_thread', 'devtmpfsd', 'devtmpfs_work_loop', 'hwrng_fillfn',
  // File systems, servers and workers on behalf of a user's process.
  'kjournald2', 'xfsaild', 'nfsd', 'lockd', 'svc_recv', 'vhost_worker', 'io_wqe_worker', 'io_sq_thread',
  // The idle loop, and what it grew out of.
  'do_idle', 'cpu_startup_entry', 'rest_init', 'kernel_init',
];

const SYSTEM_CALLS = [
  // poll, select, epoll.
  'do_select', 'core_sys_select', 'do_sys_poll', 'poll_schedule_timeout', 'ep_poll', 'do_epoll_wait',
  // Locks of user space, children, time, signals.
  'futex_wait', 'futex_wait_queue', 'do_futex', 'do_wait', 'kernel_wait4', 'do_nanosleep', 'hrtimer_nanosleep', 'common_nsleep', 'do_sigtimedwait', 'sigsuspend', 'do_signal_stop', 'ptrace_stop',
  // Reading from terminals, pipes and sockets.
  'vfs_read', 'ksys_read', 'new_sync_read', 'pipe_read', 'n_tty_read', 'tty_read', 'iterate_tty_read', 'inotify_read', 'wait_woken',
  'unix_stream_read_generic', '__skb_wait_for_more_packets', 'inet_csk_accept', 'inet_csk_wait_for_connect', 'inet_accept', 'do_accept', '__sys_accept4',
  // Every system call.
  'do_syscall_64',
];

/** Names of later kernels: Linux 6.2 to 6.18. */
const LATER = { threads: ['rcu_tasks_one_gp', 'rcu_tasks_kthread', 'io_wq_worker'], systemCalls: ['futex_do_wait', 'anon_pipe_read'] };

const threads: ReadonlySet<string> = new Set([...THREADS, ...LATER.threads]);
const systemCalls: ReadonlySet<string> = new Set([...SYSTEM_CALLS, ...LATER.systemCalls]);

/** Who sleeps in it: a thread of the kernel, that never leaves it, or processes in a system call; undefined where nobody is known to. */
export function residentOf(name: string): 'thread' | 'process' | undefined {
  return threads.has(name) ? 'thread' : systemCalls.has(name) ? 'process' : undefined;
}

/** Those of Linux 6.1. */
export const residentNames: readonly string[] = [...THREADS, ...SYSTEM_CALLS];
