// SPDX-License-Identifier: MIT
/*
 * The tracker writes down what happens to parcels.
 */
#include <linux/module.h>
#include <linux/parcel.h>

#define TRACKER_LATE_MS		(48ULL * 60 * 60 * 1000)

static bool tracker_verbose __read_mostly = true;

/* An event in the parcel's own words. */
__printf(2, 3)
static void tracker_event(const struct parcel *parcel, const char *fmt, ...)
{
	va_list args;

	if (!tracker_verbose)
		return;
	pr_info("tracker: parcel %llu: ", parcel->id);
	va_start(args, fmt);
	vprintk(fmt, args);
	va_end(args);
}

void tracker_set_verbose(bool verbose)
{
	tracker_verbose = verbose;
}

/* Is a stored parcel older than two days? */
bool tracker_late(struct parcel *parcel)
{
	u64 age = depot_clock_since(parcel->accepted_at);

	if (parcel->state != PARCEL_STORED || age < TRACKER_LATE_MS)
		return false;
	tracker_event(parcel, "late by %llu ms\n", age - TRACKER_LATE_MS);
	return true;
}
EXPORT_SYMBOL_GPL(tracker_late);

void tracker_returned(struct parcel *parcel, unsigned int reason)
{
	int err = route_return_label(parcel, reason);

	if (err)
		tracker_event(parcel, "no way back: %d\n", err);
	else
		tracker_event(parcel, "goes back to %05u\n",
			      parcel->label.postcode);
}
EXPORT_SYMBOL_GPL(tracker_returned);

static int __init tracker_init(void)
{
	pr_info("tracker: ready\n");
	return 0;
}
module_init(tracker_init);
MODULE_DESCRIPTION("Parcel tracker");
MODULE_LICENSE("Dual MIT/GPL");
