/* SPDX-License-Identifier: MIT */
/*
 * Parcels, the depots that keep them and the couriers that carry them.
 */
#ifndef _LINUX_PARCEL_H
#define _LINUX_PARCEL_H

#include <linux/list.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

enum parcel_state {
	PARCEL_NEW,
	PARCEL_STORED,
	PARCEL_LOADED,
	PARCEL_DELIVERED,
	PARCEL_LOST,
};

/**
 * struct parcel_label - where a parcel comes from and where it goes
 * @postcode:	of the recipient
 * @zone:	tariff zone, 0 is the depot's own town
 * @class:	0 for letters, 1 for small and 2 for large parcels
 * @sender:	account that pays
 * @recipient:	account that signs
 */
struct parcel_label {
	u32	postcode;
	u16	zone;
	u8	class;
	u64	sender;
	u64	recipient;
};

struct parcel;
struct route;

struct parcel_ops {
	int	(*accept)(struct parcel *parcel);
	u32	(*price)(const struct parcel *parcel);
	void	(*lost)(struct parcel *parcel);
};

struct parcel {
	struct list_head	node;
	u64			id;
	struct parcel_label	label;
	u32			weight;		/* grams */
	enum parcel_state	state;
	u32			fragile : 1;
	u32			express : 1;
	u32			insured : 1;
	u32			attempts : 5;
	atomic_t		refs;
	union {
		u64		accepted_at;	/* stored, in ms */
		struct {
			u16	van;		/* loaded */
			u16	stop;
		};
	};
	const struct parcel_ops	*ops;
};

struct depot {
	spinlock_t		lock;
	u32			count;
	u32			capacity;
	struct list_head	inbox;
	wait_queue_head_t	space;
	wait_queue_head_t	work;
	char			name[16];
};

#define PARCEL_LETTER_WEIGHT	500	/* grams */
#define PARCEL_HEAVY_WEIGHT	10000	/* grams */

extern struct depot main_depot;

/* kernel/parcel/core.c */
struct parcel *parcel_alloc(const struct parcel_label *label, u32 weight);
void parcel_put(struct parcel *parcel);
u32 parcel_quote(const struct parcel *parcel);
u32 ledger_takings(unsigned int zone);
int depot_accept(struct depot *depot, struct parcel *parcel);
struct parcel *depot_find(struct depot *depot, u64 id);
void depot_set_retry_limit(unsigned int limit);
bool depot_give_up(const struct parcel *parcel);

/* kernel/parcel/clock.c */
u64 depot_clock(void);
u64 depot_clock_coarse(void);
u64 depot_clock_since(u64 start);
void depot_clock_resume(u64 slept);

/* kernel/parcel/sort.c */
void sort_insert(struct list_head *bin, struct parcel *parcel);
struct parcel *sort_find(struct list_head *bin, u32 key);
u32 sort_span(struct list_head *bin);
void sort_vector(struct parcel **vec, unsigned int nr);

/* kernel/parcel/courier.c */
int courier_start(struct depot *depot);
void courier_stop(void);
int depot_wait_space(struct depot *depot);

/* kernel/parcel/tariff.c */
const struct parcel_ops *tariff_ops(const struct parcel *parcel);

/* net/route.c */
int route_add(const struct parcel_label *label, u32 km);
u32 route_cost(u32 postcode);
void route_set_distance(struct route *route, u32 km);
int route_return_label(struct parcel *parcel, unsigned int reason);

/* drivers */
void tracker_set_verbose(bool verbose);
bool tracker_late(struct parcel *parcel);
void tracker_returned(struct parcel *parcel, unsigned int reason);
bool drone_can_lift(const struct parcel *parcel);

/* mm/shelf.c */
int shelf_take(u32 weight);
void shelf_release(int slot);
void shelf_reset(void);

/* lib/postcode.c */
bool postcode_valid(u32 postcode);

static inline void parcel_get(struct parcel *parcel)
{
	atomic_inc(&parcel->refs);
}

static inline bool parcel_is_heavy(const struct parcel *parcel)
{
	return parcel->weight > PARCEL_HEAVY_WEIGHT;
}

/* Postage in cents: a base price, and 15 cents for every started 100 g. */
static inline u32 parcel_postage(const struct parcel *parcel)
{
	u32 cents = 85;

	if (parcel->weight > PARCEL_LETTER_WEIGHT)
		cents += (parcel->weight - PARCEL_LETTER_WEIGHT + 99) / 100 * 15;
	if (parcel->express)
		cents *= 2;
	return cents;
}

#endif /* _LINUX_PARCEL_H */
