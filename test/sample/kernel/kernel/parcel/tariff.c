// SPDX-License-Identifier: MIT
/*
 * Tariffs: what differs between a standard and an express parcel. These
 * functions are only ever called through their tables.
 */
#include <linux/module.h>
#include <linux/parcel.h>

static int standard_accept(struct parcel *parcel)
{
	return parcel_is_heavy(parcel) && parcel->fragile ? -EINVAL : 0;
}

static u32 standard_price(const struct parcel *parcel)
{
	return parcel_quote(parcel);
}

static void standard_lost(struct parcel *parcel)
{
	pr_warn("parcel %llu is lost\n", parcel->id);
	parcel->state = PARCEL_LOST;
}

static int express_accept(struct parcel *parcel)
{
	if (parcel_is_heavy(parcel))
		return -ERANGE;
	parcel->insured = 1;
	return 0;
}

static u32 express_price(const struct parcel *parcel)
{
	return parcel_quote(parcel) + 490;
}

static void express_lost(struct parcel *parcel)
{
	pr_warn("express parcel %llu is lost, account %llu gets a refund\n",
		parcel->id, parcel->label.sender);
	parcel->state = PARCEL_LOST;
}

/* Nobody signs for a letter, and nobody misses one. */
static const struct parcel_ops letter_ops = {
	.price	= standard_price,
};

static const struct parcel_ops standard_ops = {
	.accept	= standard_accept,
	.price	= standard_price,
	.lost	= standard_lost,
};

static const struct parcel_ops express_ops = {
	.accept	= express_accept,
	.price	= express_price,
	.lost	= express_lost,
};

const struct parcel_ops *tariff_ops(const struct parcel *parcel)
{
	if (parcel->express)
		return &express_ops;
	return parcel->label.class ? &standard_ops : &letter_ops;
}
