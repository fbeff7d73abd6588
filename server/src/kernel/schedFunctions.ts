/**
 * Scheduler functions: those in the kernel's .sched.text section (marked `__sched`). /proc/PID/stack leaves them out
 * (stack_trace_save_tsk() of kernel/stacktrace.c skips in_sched_functions()), livepatch's own stack check does not.
 * So a stack from /proc cannot say whether a task sleeps on one of these.
 */
const NAMES = new Set([
  '__schedule', 'schedule', 'schedule_idle', 'schedule_user', 'schedule_preempt_disabled', 'schedule_rtlock',
  'preempt_schedule', 'preempt_schedule_common', 'preempt_schedule_irq', 'preempt_schedule_notrace',
  'dynamic_preempt_schedule', 'dynamic_preempt_schedule_notrace', '__cond_resched', 'yield', 'yield_to',
  'schedule_timeout', 'schedule_timeout_interruptible', 'schedule_timeout_killable',
  'schedule_timeout_uninterruptible', 'schedule_timeout_idle',
  'schedule_hrtimeout', 'schedule_hrtimeout_range', 'schedule_hrtimeout_range_clock', 'do_nanosleep', 'usleep_range_state',
  'io_schedule', 'io_schedule_timeout', 'bit_wait', 'bit_wait_io', 'bit_wait_timeout', 'bit_wait_io_timeout',
  '__wait_on_bit', '__wait_on_bit_lock', 'out_of_line_wait_on_bit', 'out_of_line_wait_on_bit_lock',
  'out_of_line_wait_on_bit_timeout',
  '__wait_for_common', 'wait_for_common', 'wait_for_common_io', 'wait_for_completion', 'wait_for_completion_timeout',
  'wait_for_completion_io', 'wait_for_completion_io_timeout', 'wait_for_completion_interruptible',
  'wait_for_completion_interruptible_timeout', 'wait_for_completion_killable',
  'wait_for_completion_killable_timeout', 'wait_for_completion_state',
  'mutex_lock', 'mutex_lock_interruptible', 'mutex_lock_killable', 'mutex_lock_io', 'mutex_unlock',
  '__mutex_lock', '__mutex_lock_slowpath', '__mutex_lock_interruptible_slowpath', '__mutex_lock_killable_slowpath',
  '__mutex_unlock_slowpath', 'ww_mutex_lock', 'ww_mutex_lock_interruptible', 'ww_mutex_unlock',
  'down_read', 'down_read_interruptible', 'down_read_killable', 'down_write', 'down_write_killable',
  'rwsem_down_read_slowpath', 'rwsem_down_write_slowpath', '__down', '__down_interruptible', '__down_killable',
  '__down_timeout', '__down_common', 'rt_mutex_lock', 'rt_mutex_lock_interruptible', 'rt_mutex_slowlock',
  'rt_mutex_slowlock_block', '__rt_mutex_slowlock', 'percpu_rwsem_wait', '__percpu_down_read', 'percpu_down_write',
]);

/** Whether `name` is a scheduler function; the compiler's suffixes (`.part.0`, `.constprop.0`, `.isra.0`) do not count. */
export function isSchedFunction(name: string): boolean {
  const dot = name.indexOf('.');
  return NAMES.has(dot > 0 ? name.slice(0, dot) : name);
}
