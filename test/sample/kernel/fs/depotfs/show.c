// SPDX-License-Identifier: MIT
/*
 * depotfs: the inbox of a depot as text, one parcel a line.
 */
#include <linux/parcel.h>
#include "depotfs.h"

static const char *const state_names[] = {
	[PARCEL_NEW]		= "new",
	[PARCEL_STORED]		= "stored",
	[PARCEL_LOADED]		= "loaded",
	[PARCEL_DELIVERED]	= "delivered",
	[PARCEL_LOST]		= "lost",
};

static void *inbox_start(struct seq_file *m, u64 *pos)
{
	struct depot *depot = m->private;
	struct parcel *parcel;
	u64 skip = *pos;

	spin_lock(&depot->lock);
	list_for_each_entry(parcel, &depot->inbox, node) {
		if (skip-- == 0)
			return parcel;
	}
	return NULL;
}

static void *inbox_next(struct seq_file *m, void *v, u64 *pos)
{
	struct depot *depot = m->private;
	struct parcel *parcel = v;

	++*pos;
	if (parcel->node.next == &depot->inbox)
		return NULL;
	return list_entry(parcel->node.next, struct parcel, node);
}

static void inbox_stop(struct seq_file *m, void *v)
{
	struct depot *depot = m->private;

	spin_unlock(&depot->lock);
}

static int inbox_show(struct seq_file *m, void *v)
{
	const struct parcel *parcel = v;

	seq_printf(m, "%llu %05u %u g %u ct %s\n", parcel->id,
		   parcel->label.postcode, parcel->weight,
		   parcel_postage(parcel), state_names[parcel->state]);
	if (parcel->fragile)
		seq_puts(m, "  handle with care\n");
	return 0;
}

const struct seq_operations depotfs_inbox_ops = {
	.start	= inbox_start,
	.next	= inbox_next,
	.stop	= inbox_stop,
	.show	= inbox_show,
};
