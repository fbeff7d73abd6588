/* SPDX-License-Identifier: MIT */
#ifndef _SCALE_H
#define _SCALE_H

#include <linux/parcel.h>

struct scale;

struct scale_ops {
	u32	(*read_raw)(struct scale *scale);
	int	(*tare)(struct scale *scale);
};

/**
 * struct scale - a scale on the depot's counter
 * @ops:	how this model is read
 * @zero:	raw reading of the empty plate
 * @gain:	grams for 1024 raw steps
 * @model:	bits 0-7 of the identification register
 * @revision:	bits 8-15
 * @ident:	the whole register
 */
struct scale {
	const struct scale_ops	*ops;
	s32			zero;
	u32			gain;
	union {
		u32		ident;
		struct {
			u32	model : 8;
			u32	revision : 8;
			u32	: 15;
			u32	legal_for_trade : 1;
		};
	};
	volatile u32		*regs;
};

extern const struct scale_ops scale_counter_ops;

int scale_calibrate(struct scale *scale, u32 reference);
u32 scale_to_grams(const struct scale *scale, u32 steps);
int scale_weigh(struct scale *scale, struct parcel *parcel);

#endif /* _SCALE_H */
