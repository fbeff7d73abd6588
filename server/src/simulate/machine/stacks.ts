/**
 * Kernel stacks of sleeping tasks on x86-64 6.1, innermost frame first, scheduler functions included. The chains of
 * functions were seen with sysrq-t on Debian 6.1.192, but for those said to be read: these follow the source of 6.1.
 */
const ASLEEP = ['__schedule', 'schedule'];
const TIMED = [...ASLEEP, 'schedule_timeout'];
const HRTIMED = [...ASLEEP, 'schedule_hrtimeout_range_clock'];
const SYSCALL = ['do_syscall_64', 'entry_SYSCALL_64_after_hwframe'];
const KTHREAD = ['kthread', 'ret_from_fork'];
const READ = ['vfs_read', 'ksys_read', ...SYSCALL];

/** Where user tasks wait. */
export const USER_STACKS = {
  epoll: [...HRTIMED, 'do_epoll_wait', '__x64_sys_epoll_wait', ...SYSCALL],
  poll: [...HRTIMED, 'do_sys_poll', '__x64_sys_poll', ...SYSCALL],
  select: [...HRTIMED, 'do_select', 'core_sys_select', 'do_pselect.constprop.0', '__x64_sys_pselect6', ...SYSCALL],
  nanosleep: [...ASLEEP, 'do_nanosleep', 'hrtimer_nanosleep', 'common_nsleep', '__x64_sys_clock_nanosleep', ...SYSCALL],
  futex: [...ASLEEP, 'futex_wait_queue', 'futex_wait', 'do_futex', '__x64_sys_futex', ...SYSCALL],
  pipe: [...ASLEEP, 'pipe_read', ...READ],
  /** Read: drivers/tty. */
  tty: [...TIMED, 'wait_woken', 'n_tty_read', 'tty_read', ...READ],
  inotify: [...TIMED, 'wait_woken', 'inotify_read', ...READ],
  wait4: [...ASLEEP, 'do_wait', 'kernel_wait4', '__do_sys_wait4', ...SYSCALL],
  accept: [...TIMED, 'inet_csk_accept', 'inet_accept', 'do_accept', '__sys_accept4', '__x64_sys_accept', ...SYSCALL],
  recv: [...TIMED, 'unix_stream_read_generic', 'unix_stream_recvmsg', '__sys_recvfrom', '__x64_sys_recvfrom', ...SYSCALL],
  pause: [...ASLEEP, '__do_sys_pause', ...SYSCALL],
  sigtimedwait: [...HRTIMED, 'do_sigtimedwait', '__x64_sys_rt_sigtimedwait', ...SYSCALL],
  flock: [...ASLEEP, 'locks_lock_inode_wait', '__do_sys_flock', ...SYSCALL],
  /** Read: mm/filemap.c, fs/nfs/file.c. */
  nfsRead: [...ASLEEP, 'io_schedule', 'folio_wait_bit_common', 'filemap_get_pages', 'filemap_read', 'nfs_file_read', ...READ],
  /** Read: fs/nfs, net/sunrpc/sched.c; rpc_wait_bit_killable() is TASK_KILLABLE, which no signal of a transition ends. */
  nfsGetattr: [
    ...ASLEEP, 'rpc_wait_bit_killable', '__wait_on_bit', 'out_of_line_wait_on_bit', '__rpc_execute', 'rpc_execute', 'rpc_run_task', 'nfs4_do_call_sync',
    '_nfs4_proc_getattr', 'nfs4_proc_getattr', '__nfs_revalidate_inode', 'nfs_getattr', 'vfs_statx', 'vfs_fstatat', '__do_sys_newfstatat', ...SYSCALL,
  ],
  /** Read: fs/ext4/fsync.c, fs/jbd2/journal.c; jbd2_complete_transaction() and vfs_fsync_range() end in tail calls. */
  fsync: [...ASLEEP, 'jbd2_log_wait_commit', 'ext4_sync_file', 'do_fsync', '__x64_sys_fdatasync', ...SYSCALL],
  /** Read: mm/filemap.c; a page that comes from the disk. */
  diskRead: [...ASLEEP, 'io_schedule', 'folio_wait_bit_common', 'filemap_get_pages', 'filemap_read', 'ext4_file_read_iter', ...READ],
  stopped: [
    ...ASLEEP, 'do_signal_stop', 'get_signal', 'arch_do_signal_or_restart', 'exit_to_user_mode_prepare', 'syscall_exit_to_user_mode', ...SYSCALL,
  ],
  vforkParent: [...TIMED, '__wait_for_common', 'wait_for_completion_state', 'kernel_clone', '__do_sys_vfork', ...SYSCALL],
} satisfies Record<string, readonly string[]>;

/** Where kernel threads wait for work. */
export const KTHREAD_STACKS = {
  kthreadd: [...ASLEEP, 'kthreadd', 'ret_from_fork'],
  rescuer: [...ASLEEP, 'rescuer_thread', ...KTHREAD],
  worker: [...ASLEEP, 'worker_thread', ...KTHREAD],
  smpboot: [...ASLEEP, 'smpboot_thread_fn', ...KTHREAD],
  rcuTasks: [...ASLEEP, 'rcu_tasks_one_gp', 'rcu_tasks_kthread', ...KTHREAD],
  rcuGp: [...TIMED, 'rcu_gp_fqs_loop', 'rcu_gp_kthread', ...KTHREAD],
  kdevtmpfs: [...ASLEEP, 'devtmpfs_work_loop', 'devtmpfsd', ...KTHREAD],
  kauditd: [...ASLEEP, 'kauditd_thread', ...KTHREAD],
  khungtaskd: [...TIMED, 'watchdog', ...KTHREAD],
  oomReaper: [...ASLEEP, 'oom_reaper', ...KTHREAD],
  kcompactd: [...TIMED, 'kcompactd', ...KTHREAD],
  ksmd: [...ASLEEP, 'ksm_scan_thread', ...KTHREAD],
  khugepaged: [...ASLEEP, 'khugepaged', ...KTHREAD],
  kswapd: [...ASLEEP, 'kswapd', ...KTHREAD],
  /** Read: fs/jbd2/journal.c and kernel/irq/manage.c. */
  jbd2: [...ASLEEP, 'kjournald2', ...KTHREAD],
  irq: [...ASLEEP, 'irq_thread', ...KTHREAD],
  /** Read: drivers/vhost/vhost.c and fs/nfs/callback.c. */
  vhost: [...ASLEEP, 'vhost_worker', ...KTHREAD],
  nfsCallback: [...TIMED, 'svc_recv', 'nfs4_callback_svc', ...KTHREAD],
} satisfies Record<string, readonly string[]>;
