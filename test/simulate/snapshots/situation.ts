/** One machine's tasks, to be told in every format. The stacks were seen on Debian 6.1 (test/simulate/recordings). */
import type { Printed } from './formats';

const HIDDEN = ['__schedule', 'schedule', 'schedule_timeout', 'do_nanosleep', 'io_schedule', 'schedule_hrtimeout_range_clock'];
const SYSCALL = ['do_syscall_64', 'entry_SYSCALL_64_after_hwframe'];
const KTHREAD = ['kthread', 'ret_from_fork'];

const task = (pid: number, comm: string, kthread: boolean, state: Printed['state'], frames: readonly string[]): Printed => ({
  pid, comm, kthread, state, stack: ['__schedule', 'schedule', ...frames, ...(kthread ? KTHREAD : SYSCALL)], hidden: HIDDEN,
});

export const situation: readonly Printed[] = [
  task(1, 'systemd', false, 'S', ['schedule_hrtimeout_range_clock', 'do_epoll_wait', '__x64_sys_epoll_wait']),
  { pid: 2, comm: 'kthreadd', kthread: true, state: 'S', stack: ['__schedule', 'schedule', 'kthreadd', 'ret_from_fork'], hidden: HIDDEN },
  task(17, 'kworker/0:1-eve', true, 'I', ['worker_thread']),
  task(834, 'nfsd', true, 'S', ['schedule_timeout', 'svc_recv [sunrpc]', 'nfsd [nfsd]']),
  task(901, '(sd-pam)', false, 'S', ['do_sigtimedwait', '__x64_sys_rt_sigtimedwait']),
  task(1202, 'pg: writer', false, 'D', ['io_schedule', 'folio_wait_bit_common', 'nfs_file_read [nfs]', 'vfs_read', 'ksys_read']),
  task(1300, 'cron', false, 'S', ['do_nanosleep', 'hrtimer_nanosleep', 'common_nsleep', '__x64_sys_clock_nanosleep']),
  task(1301, 'sshd', false, 'S', ['schedule_hrtimeout_range_clock', 'do_select', 'core_sys_select', 'do_pselect.constprop.0', '__x64_sys_pselect6']),
];
