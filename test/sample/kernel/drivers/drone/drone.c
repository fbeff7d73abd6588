// SPDX-License-Identifier: MIT
/*
 * Drones. CONFIG_DRONE is not set in the sample's .config: nothing of this
 * file is in the running kernel.
 */
#include <linux/module.h>
#include <linux/parcel.h>

#define DRONE_MAX_LOAD	2500	/* grams */

bool drone_can_lift(const struct parcel *parcel)
{
	return parcel->weight <= DRONE_MAX_LOAD && !parcel->fragile;
}
EXPORT_SYMBOL_GPL(drone_can_lift);
