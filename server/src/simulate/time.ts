/**
 * The kernel's coarse clock and its timers: when a delayed work queued with round_jiffies_relative() runs.
 *
 * Jiffies here are counted as the kernel counts them on a 64-bit machine, from INITIAL_JIFFIES on, because both the
 * rounding to full seconds and the timer wheel look at the absolute number. Below 2^53 for the next million years.
 */

export const NS_PER_MS = 1_000_000;
export const NS_PER_S = 1_000_000_000;

/** How long an inter-processor interrupt takes to arrive; nothing rests on the exact figure. */
export const IPI_NS = 10_000;

/** INITIAL_JIFFIES of include/linux/jiffies.h: minus five minutes as an unsigned 32-bit number, then widened. */
export function initialJiffies(hz: number): number {
  return 2 ** 32 - 300 * hz;
}

/** Jiffies when the tick has been running for `uptimeNs`. */
export function jiffiesAt(uptimeNs: number, hz: number): number {
  // Seconds and the rest apart: the product of the whole would not fit a double exactly.
  const seconds = Math.floor(uptimeNs / NS_PER_S);
  return initialJiffies(hz) + seconds * hz + Math.floor(((uptimeNs - seconds * NS_PER_S) * hz) / NS_PER_S);
}

/** The uptime, in ns, at which jiffies becomes `jiffies`. */
export function jiffiesToNs(jiffies: number, hz: number): number {
  const ticks = jiffies - initialJiffies(hz);
  return Math.floor(ticks / hz) * NS_PER_S + Math.ceil(((ticks % hz) * NS_PER_S) / hz);
}

/**
 * round_jiffies_relative() of kernel/time/timer.c: rounds to a full second, down within the first quarter of it and
 * up otherwise, where each CPU's second lies 3 jiffies after the one before it, so that CPUs do not all wake at once.
 *
 * @param now jiffies now
 * @param delay jiffies to wait at least roughly
 * @returns the rounded delay; for one second it is more than 0.75 s and at most 1.75 s (438 jiffies at 250 Hz, where a quarter of a second is 62)
 */
export function roundJiffiesRelative(now: number, delay: number, hz: number, cpu: number): number {
  const skew = 3 * cpu;
  const wanted = now + delay + skew;
  const past = wanted % hz;
  const rounded = (past < Math.floor(hz / 4) ? wanted - past : wanted - past + hz) - skew;
  return rounded > now ? rounded - now : delay;
}

/** Buckets per level (LVL_SIZE), and how much coarser each level is (LVL_CLK_SHIFT): kernel/time/timer.c since 4.8. */
const LEVEL_SIZE = 64;
const LEVEL_SHIFT = 3;

/** How many jiffies the timer wheel rounds to for a timer `delta` jiffies ahead. */
export function wheelGranularity(delta: number): number {
  let granularity = 1;
  while (delta >= (LEVEL_SIZE - 1) * granularity) granularity <<= LEVEL_SHIFT;
  return granularity;
}

/**
 * When the timer wheel really fires a timer (calc_index() of kernel/time/timer.c): always at the next bucket's start,
 * never early. At 250 Hz a timer one second ahead fires at a multiple of 8 jiffies, which is why the passes of a real
 * transition are 0.992 s or 1.024 s apart (measured on Debian 6.1.192).
 */
export function wheelExpiry(now: number, expires: number): number {
  const granularity = wheelGranularity(expires - now);
  return (Math.floor(expires / granularity) + 1) * granularity;
}

/** Jiffies at which the retry work of a pass that ended at `now` on `cpu` runs: schedule_delayed_work(round_jiffies_relative(HZ)). */
export function retryJiffies(now: number, hz: number, cpu: number): number {
  return wheelExpiry(now, now + roundJiffiesRelative(now, hz, hz, cpu));
}
