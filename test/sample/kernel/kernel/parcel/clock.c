// SPDX-License-Identifier: MIT
/*
 * The depot's clock. It is read from the tracer itself, so the readers
 * must not be traced.
 */
#include <linux/module.h>
#include <linux/parcel.h>

/* Milliseconds that went by before the last suspend. */
static u64 clock_offset;

static inline u64 ticks_to_ms(u64 ticks)
{
	return ticks * 1000 / HZ;
}

notrace u64 depot_clock(void)
{
	return clock_offset + ticks_to_ms(READ_ONCE(jiffies));
}
EXPORT_SYMBOL_GPL(depot_clock);

/* To the full second: cheap, and good enough for a timetable. */
notrace u64 depot_clock_coarse(void)
{
	u64 seconds = READ_ONCE(jiffies) / HZ;

	return clock_offset + seconds * 1000;
}

/**
 * depot_clock_since - how long ago something was
 * @start:	what depot_clock() said then
 *
 * Return: milliseconds, 0 when @start is still to come.
 */
u64 depot_clock_since(u64 start)
{
	u64 now = clock_offset + ticks_to_ms(READ_ONCE(jiffies));

	return now > start ? now - start : 0;
}
EXPORT_SYMBOL_GPL(depot_clock_since);

void depot_clock_resume(u64 slept)
{
	clock_offset += slept;
}
