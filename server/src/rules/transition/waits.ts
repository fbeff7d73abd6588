/**
 * What a task waits in, and what can end it: for the question how long a transition waits for it.
 *
 * livepatch wakes whoever sleeps in TASK_INTERRUPTIBLE after 15 tries, a second each (SIGNALS_TIMEOUT, klp_send_signals() of
 * kernel/livepatch/transition.c). Every other sleep has to end by itself. Locks are left out: their holders go on.
 *
 * Sources (Linux 6.1): include/linux/{wait,wait_bit,swait,completion,sched,delay,freezer,rcuwait,pagemap,buffer_head,kthread}.h, kernel/time/timer.c.
 */
export interface Wait {
  /** `state`: whatever state the task has set for itself. */
  readonly sleep: 'interruptible' | 'killable' | 'uninterruptible' | 'state';
  /** What ends it: an event that may never come, a transfer of a device, the clock. */
  readonly ends: 'event' | 'transfer' | 'clock';
  /** For the clock: which argument says how long, and the unit of a plain number there. */
  readonly limit?: { readonly argument: number; readonly unit: 'us' | 'ms' | 's' | 'jiffies' };
}

const WAITS: ReadonlyMap<string, Wait> = new Map([
  // Events; a signal ends the sleep.
  ...each('wait_event_interruptible wait_event_interruptible_exclusive wait_event_interruptible_locked wait_event_interruptible_locked_irq', 'interruptible', 'event'),
  ...each('wait_event_interruptible_lock_irq wait_event_interruptible_lock_irq_cmd wait_event_freezable wait_event_freezable_exclusive', 'interruptible', 'event'),
  ...each('swait_event_interruptible_exclusive wait_var_event_interruptible wait_for_completion_interruptible down_interruptible', 'interruptible', 'event'),
  // Events; only a signal that kills the task ends the sleep, and livepatch's does not.
  ...each('wait_event_killable wait_event_killable_exclusive wait_for_completion_killable wait_var_event_killable', 'killable', 'event'),
  // Events; nothing else ends the sleep. `_idle` differs in what the load average counts.
  ...each('wait_event wait_event_cmd wait_event_exclusive_cmd wait_event_lock_irq wait_event_lock_irq_cmd wait_event_idle wait_event_idle_exclusive', 'uninterruptible', 'event'),
  ...each('wait_var_event swait_event_exclusive swait_event_idle_exclusive wait_for_completion', 'uninterruptible', 'event'),
  // As the task's state, or an argument, says.
  ...each('schedule freezable_schedule schedule_preempt_disabled rcuwait_wait_event wait_on_bit wait_on_bit_lock ___wait_event', 'state', 'event'),
  // Transfers: as long as the disk, or the server, takes.
  ...each('io_schedule wait_for_completion_io io_wait_event wait_on_bit_io wait_on_buffer __wait_on_buffer lock_buffer', 'uninterruptible', 'transfer'),
  ...each('folio_wait_bit folio_wait_locked folio_wait_writeback wait_on_page_bit wait_on_page_locked wait_on_page_writeback', 'uninterruptible', 'transfer'),
  ...each('folio_wait_bit_killable folio_wait_locked_killable wait_on_page_locked_killable', 'killable', 'transfer'),
  // The clock.
  ...timed('msleep', 'uninterruptible', 0, 'ms'),
  ...timed('ssleep', 'uninterruptible', 0, 's'),
  ...timed('usleep_range usleep_range_state usleep_idle_range', 'uninterruptible', 1, 'us'),
  ...timed('fsleep', 'uninterruptible', 0, 'us'),
  ...timed('msleep_interruptible', 'interruptible', 0, 'ms'),
  ...timed('schedule_timeout_uninterruptible schedule_timeout_idle io_schedule_timeout', 'uninterruptible', 0, 'jiffies'),
  ...timed('schedule_timeout_killable', 'killable', 0, 'jiffies'),
  ...timed('schedule_timeout_interruptible', 'interruptible', 0, 'jiffies'),
  ...timed('schedule_timeout freezable_schedule_timeout', 'state', 0, 'jiffies'),
  ...timed('wait_woken', 'state', 2, 'jiffies'),
  ...timed('wait_event_timeout wait_event_idle_timeout wait_event_idle_exclusive_timeout wait_var_event_timeout swait_event_timeout_exclusive', 'uninterruptible', 2, 'jiffies'),
  ...timed('wait_event_interruptible_timeout wait_event_freezable_timeout swait_event_interruptible_timeout_exclusive', 'interruptible', 2, 'jiffies'),
  ...timed('wait_event_killable_timeout', 'killable', 2, 'jiffies'),
  ...timed('wait_for_completion_timeout wait_for_completion_io_timeout', 'uninterruptible', 1, 'jiffies'),
  ...timed('wait_for_completion_interruptible_timeout', 'interruptible', 1, 'jiffies'),
  ...timed('wait_for_completion_killable_timeout', 'killable', 1, 'jiffies'),
]);

/** What `name` waits for when it is called; undefined when it is no wait. */
export function waitBy(name: string): Wait | undefined {
  return WAITS.get(name);
}

export const waitNames: readonly string[] = [...WAITS.keys()];

/**
 * Milliseconds a clock's wait takes at most, where the argument is a number the text tells; undefined where it is not, and Infinity for
 * MAX_SCHEDULE_TIMEOUT.
 */
export function longest(argument: string, unit: 'us' | 'ms' | 's' | 'jiffies'): number | undefined {
  if (argument === 'MAX_SCHEDULE_TIMEOUT') return Infinity;
  const seconds = /^\(?(?:(\d+)\*)?HZ\)?$/.exec(argument) ?? /^\(?HZ\*(\d+)\)?$/.exec(argument);
  if (seconds !== null) return Number(seconds[1] ?? 1) * 1000;
  const milliseconds = /^msecs_to_jiffies\((\d+)\)$/.exec(argument);
  if (milliseconds !== null) return Number(milliseconds[1]);
  if (!/^\d+[uUlL]*$/.test(argument) || unit === 'jiffies') return undefined;
  return Number.parseInt(argument, 10) * { us: 0.001, ms: 1, s: 1000 }[unit];
}

function each(names: string, sleep: Wait['sleep'], ends: Wait['ends']): [string, Wait][] {
  return names.split(' ').map((name) => [name, { sleep, ends }]);
}

function timed(names: string, sleep: Wait['sleep'], argument: number, unit: 'us' | 'ms' | 's' | 'jiffies'): [string, Wait][] {
  return names.split(' ').map((name) => [name, { sleep, ends: 'clock', limit: { argument, unit } }]);
}
