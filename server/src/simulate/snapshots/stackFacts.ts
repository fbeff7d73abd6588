/** What a stack says of its task where the format does not: whether it is a kernel thread, whether it runs, how it sleeps. */
import type { Frame } from './types';

/** Outermost function of a kernel thread, by architecture: x86 and most, s390, powerpc. */
const KTHREAD_ENTRIES = new Set([
  'ret_from_fork', 'ret_from_fork_asm', 'ret_from_fork_nospec_begin', 'ret_from_fork_nospec_end', '__ret_from_fork', 'kernel_thread_starter', 'child_rip', 'kernel_thread_helper',
  'ret_from_kernel_thread', 'ret_from_kernel_user_thread', 'start_kernel_thread', 'ret_from_kernel_thread_asm',
]);

/** Outermost function of a task that came from user space: x86, arm64, s390, powerpc, loongarch, riscv. */
const USER_ENTRIES = /^(entry_|asm_|system_call|__do_syscall|do_syscall|sysenter_|ia32_|int_ret_|tracesys|stub_|el0_|el0t_|ret_fast_syscall|handle_syscall|handle_sys|ret_from_exception|handle_exception|syscall_)/;

/** By the outermost frame; undefined when it is not one of those a stack begins with. */
export function kindByStack(frames: readonly Frame[]): 'user' | 'kthread' | undefined {
  const outermost = frames.at(-1)?.name;
  if (outermost === undefined) return undefined;
  if (KTHREAD_ENTRIES.has(outermost)) return 'kthread';
  return USER_ENTRIES.test(outermost) ? 'user' : undefined;
}

/** Where a task is when it has given up its CPU; anything above them is a tracer's. */
const SWITCHED_OUT = new Set(['__schedule', 'schedule', 'finish_task_switch', 'schedule_idle', '__switch_to']);

/** Whether a full stack (scheduler functions included) is that of a task off its CPU. */
export function isSwitchedOut(frames: readonly Frame[]): boolean {
  return frames.some(({ name }) => SWITCHED_OUT.has(name));
}

/** What stands outside of __schedule() when a task did not ask to sleep: it was preempted and would rather run. */
const PREEMPTED_IN = new Set([
  '__cond_resched', 'preempt_schedule', 'preempt_schedule_common', 'preempt_schedule_irq', 'preempt_schedule_notrace', 'dynamic_cond_resched',
  'raw_irqentry_exit_cond_resched', 'irqentry_exit', 'irqentry_exit_to_user_mode', 'exit_to_user_mode_loop', 'exit_to_user_mode_prepare',
]);

export function isPreempted(frames: readonly Frame[]): boolean {
  const caller = frames.find(({ name }) => !SWITCHED_OUT.has(name));
  return caller !== undefined && PREEMPTED_IN.has(caller.name);
}

/**
 * Functions in which user tasks sleep interruptibly, whoever calls them: each sets TASK_INTERRUPTIBLE itself (6.1: fs/select.c,
 * fs/eventpoll.c, kernel/futex/waitwake.c, kernel/time/hrtimer.c, kernel/exit.c, fs/pipe.c, kernel/signal.c, ...).
 */
const INTERRUPTIBLE = new Set([
  'do_sys_poll', 'do_select', 'poll_schedule_timeout', 'do_epoll_wait', 'ep_poll', 'futex_wait_queue', 'futex_wait_queue_me', 'futex_do_wait', 'hrtimer_nanosleep',
  'do_nanosleep', 'do_wait', 'pipe_read', 'anon_pipe_read', 'pipe_wait', '__do_sys_pause', 'sys_pause', 'sigsuspend', 'do_sigtimedwait', 'inet_csk_accept',
  'unix_stream_read_generic', 'unix_stream_data_wait', '__skb_wait_for_more_packets', 'sk_wait_data', 'n_tty_read', 'inotify_read', 'do_msgrcv', 'locks_lock_inode_wait',
]);

/**
 * The state of a sleeping task whose state letter is not known. What is not certain to be interruptible counts as
 * uninterruptible: no signal frees it, the more pessimistic reading.
 */
export function stateByStack(frames: readonly Frame[], kind: 'user' | 'kthread'): 'S' | 'D' {
  return kind === 'user' && frames.some(({ name }) => INTERRUPTIBLE.has(name)) ? 'S' : 'D';
}
