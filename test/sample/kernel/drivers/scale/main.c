// SPDX-License-Identifier: MIT
/*
 * Counter scales.
 */
#include <linux/module.h>
#include "scale.h"

#define SCALE_REG_VALUE		0
#define SCALE_REG_IDENT		1

static u32 counter_read_raw(struct scale *scale)
{
	return scale->regs[SCALE_REG_VALUE] & 0xffffff;
}

static int counter_tare(struct scale *scale)
{
	scale->ident = scale->regs[SCALE_REG_IDENT];
	if (!scale->legal_for_trade)
		return -ENODEV;
	scale->zero = counter_read_raw(scale);
	return 0;
}

const struct scale_ops scale_counter_ops = {
	.read_raw	= counter_read_raw,
	.tare		= counter_tare,
};

static struct scale counter_scale = {
	.ops	= &scale_counter_ops,
	.gain	= 1024,
};

u32 scale_to_grams(const struct scale *scale, u32 steps)
{
	return (u64)steps * scale->gain / 1024;
}

/* Weighs a parcel. Return: its postage in cents, or a negative error. */
int scale_weigh(struct scale *scale, struct parcel *parcel)
{
	s32 steps = (s32)scale->ops->read_raw(scale) - scale->zero;

	if (steps < 0)
		return -EIO;
	parcel->weight = scale_to_grams(scale, steps);
	return parcel_postage(parcel);
}
EXPORT_SYMBOL_GPL(scale_weigh);

static int __init scale_init(void)
{
	return scale_calibrate(&counter_scale, 1000);
}

static void __exit scale_exit(void)
{
	pr_info("scale: gain was %u\n", counter_scale.gain);
}

module_init(scale_init);
module_exit(scale_exit);
MODULE_DESCRIPTION("Counter scales");
MODULE_LICENSE("Dual MIT/GPL");
