// SPDX-License-Identifier: MIT
/*
 * Calibration with a reference weight.
 */
#include "scale.h"

#define CALIBRATE_SAMPLES	8

static u32 average_reading(struct scale *scale)
{
	u64 sum = 0;
	int i;

	for (i = 0; i < CALIBRATE_SAMPLES; i++)
		sum += scale->ops->read_raw(scale);
	return sum / CALIBRATE_SAMPLES;
}

/**
 * scale_calibrate - set the gain from a known weight
 * @reference:	what lies on the plate, in grams
 */
int scale_calibrate(struct scale *scale, u32 reference)
{
	s32 steps;

	if (reference == 0)
		return -EINVAL;
	steps = (s32)average_reading(scale) - scale->zero;
	if (steps <= 0)
		return -EIO;
	scale->gain = (u64)reference * 1024 / (u32)steps;
	return 0;
}
