// SPDX-License-Identifier: MIT
/*
 * Depots: accepting parcels, pricing them and finding them again.
 */
#include <linux/module.h>
#include <linux/parcel.h>
#include <linux/slab.h>

#define PARCEL_MAX_WEIGHT	31500	/* grams */
#define LEDGER_SIZE		64

/* One line of the ledger: what a depot took in, and for how much. */
struct ledger_entry {
	u64	parcel_id;
	u32	postage;		/* cents */
	u16	zone;
	bool	express;
	u64	accepted_at;		/* ms */
};

static struct ledger_entry ledger[LEDGER_SIZE];
static unsigned int ledger_head;

/* Cents on top of the postage, by tariff zone. */
static const u32 zone_surcharge[] = { 0, 40, 95, 180 };

/* How often a courier rings before the parcel goes back. */
static unsigned int retry_limit = 3;

struct depot main_depot = {
	.capacity	= 256,
	.inbox		= LIST_HEAD_INIT(main_depot.inbox),
	.space		= __WAIT_QUEUE_INIT(main_depot.space),
	.work		= __WAIT_QUEUE_INIT(main_depot.work),
	.name		= "main",
};
EXPORT_SYMBOL_GPL(main_depot);

/**
 * parcel_alloc - make a parcel that no depot has taken yet
 * @label:	copied into the parcel
 * @weight:	in grams
 */
struct parcel *parcel_alloc(const struct parcel_label *label, u32 weight)
{
	static u64 next_id = 1000;
	struct parcel *parcel = kzalloc(sizeof(*parcel), GFP_KERNEL);

	if (!parcel)
		return NULL;

	INIT_LIST_HEAD(&parcel->node);
	parcel->id = next_id++;
	parcel->label = *label;
	parcel->weight = weight;
	parcel->ops = tariff_ops(parcel);
	parcel_get(parcel);
	return parcel;
}
EXPORT_SYMBOL_GPL(parcel_alloc);

void parcel_put(struct parcel *parcel)
{
	if (atomic_dec_and_test(&parcel->refs))
		kfree(parcel);
}
EXPORT_SYMBOL_GPL(parcel_put);

/* What the sender pays: postage, and the surcharge of the zone. */
u32 parcel_quote(const struct parcel *parcel)
{
	unsigned int zone = parcel->label.zone;
	u32 cents = parcel_postage(parcel);

	if (zone >= ARRAY_SIZE(zone_surcharge))
		zone = ARRAY_SIZE(zone_surcharge) - 1;
	return cents + zone_surcharge[zone];
}
EXPORT_SYMBOL_GPL(parcel_quote);

static int parcel_validate(const struct parcel *parcel)
{
	if (!postcode_valid(parcel->label.postcode))
		return -EINVAL;
	if (parcel->weight == 0 || parcel->weight > PARCEL_MAX_WEIGHT)
		return -ERANGE;
	if (parcel->state != PARCEL_NEW)
		return -EBUSY;
	return 0;
}

static void ledger_write(const struct parcel *parcel, u32 postage)
{
	struct ledger_entry *entry = &ledger[ledger_head % LEDGER_SIZE];

	entry->parcel_id = parcel->id;
	entry->postage = postage;
	entry->zone = parcel->label.zone;
	entry->express = parcel->express;
	entry->accepted_at = parcel->accepted_at;
	ledger_head++;
}

/* What a zone has paid, in cents, as far back as the ledger goes. */
u32 ledger_takings(unsigned int zone)
{
	unsigned int i;
	u32 cents = 0;

	for (i = 0; i < LEDGER_SIZE; i++) {
		if (ledger[i].parcel_id && ledger[i].zone == zone)
			cents += ledger[i].postage;
	}
	return cents;
}
EXPORT_SYMBOL_GPL(ledger_takings);

/* Puts a parcel on the inbox and into the ledger, if there is room. */
static noinline int depot_store(struct depot *depot, struct parcel *parcel)
{
	int err = 0;

	spin_lock(&depot->lock);
	if (depot->count >= depot->capacity) {
		err = -ENOSPC;
		goto out;
	}
	parcel_get(parcel);
	parcel->state = PARCEL_STORED;
	parcel->accepted_at = depot_clock();
	list_add_tail(&parcel->node, &depot->inbox);
	depot->count++;
	ledger_write(parcel, parcel->ops->price(parcel));
out:
	spin_unlock(&depot->lock);
	return err;
}

/**
 * depot_accept - take a parcel into a depot
 * @depot:	the depot that is to keep it
 * @parcel:	a new parcel; the depot takes a reference
 *
 * Return: 0, or a negative error number and the parcel is as it was.
 */
int depot_accept(struct depot *depot, struct parcel *parcel)
{
	int err = parcel_validate(parcel);

	if (err)
		return err;
	if (parcel->ops->accept) {
		err = parcel->ops->accept(parcel);
		if (err)
			return err;
	}

	err = depot_store(depot, parcel);
	if (!err)
		wake_up(&depot->work);
	return err;
}
EXPORT_SYMBOL_GPL(depot_accept);

/**
 * depot_find - find a parcel in a depot's inbox
 *
 * Return: the parcel with a reference taken, or NULL.
 */
struct parcel *depot_find(struct depot *depot, u64 id)
{
	struct parcel *parcel, *found = NULL;

	spin_lock(&depot->lock);
	list_for_each_entry(parcel, &depot->inbox, node) {
		if (parcel->id == id) {
			parcel_get(parcel);
			found = parcel;
			break;
		}
	}
	spin_unlock(&depot->lock);
	return found;
}
EXPORT_SYMBOL_GPL(depot_find);

void depot_set_retry_limit(unsigned int limit)
{
	WRITE_ONCE(retry_limit, max(limit, 1U));
}

bool depot_give_up(const struct parcel *parcel)
{
	return parcel->attempts >= READ_ONCE(retry_limit);
}

static int __init depot_init(void)
{
	main_depot.capacity = 256;
	pr_info("depot: %s holds %u parcels\n", main_depot.name,
		main_depot.capacity);
	return courier_start(&main_depot);
}
core_initcall(depot_init);
