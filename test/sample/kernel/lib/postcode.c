// SPDX-License-Identifier: MIT
#include <linux/module.h>
#include <linux/parcel.h>

#define POSTCODE_MAX	99999

/* Postcodes have five digits and do not begin with 00. */
bool postcode_valid(u32 postcode)
{
	return postcode >= 1000 && postcode <= POSTCODE_MAX;
}
EXPORT_SYMBOL_GPL(postcode_valid);
