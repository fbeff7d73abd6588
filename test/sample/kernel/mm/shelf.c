// SPDX-License-Identifier: MIT
/*
 * Shelves: where in the depot a parcel lies. A shelf has rows of 64 slots;
 * the lower a row, the more it carries.
 */
#include <linux/module.h>
#include <linux/parcel.h>

#define SHELF_ROWS	8
#define ROW_SLOTS	64

struct shelf_row {
	u64	used;			/* one bit for each slot */
	u32	carries;		/* grams for one parcel */
	u32	taken;
};

static struct shelf_row rows[SHELF_ROWS];
static DEFINE_SPINLOCK(shelf_lock);

#ifdef CONFIG_SHELF_STATS
static u64 shelf_misses;

static void shelf_miss(u32 weight)
{
	if (weight)
		shelf_misses++;
}
#else
static void shelf_miss(u32 weight)
{
}
#endif

static inline void row_clear(struct shelf_row *row, unsigned int height)
{
	row->used = 0;
	row->taken = 0;
	row->carries = 40000 >> height;
}

static int row_take(struct shelf_row *row)
{
	int slot;

	if (row->used == ~0ULL)
		return -ENOSPC;
	slot = __builtin_ctzll(~row->used);
	row->used |= 1ULL << slot;
	row->taken++;
	return slot;
}

/**
 * shelf_take - find a slot for a parcel
 * @weight:	in grams
 *
 * Return: the slot's number, or -ENOSPC.
 */
int shelf_take(u32 weight)
{
	int height, slot = -ENOSPC;

	spin_lock(&shelf_lock);
	for (height = SHELF_ROWS - 1; height >= 0; height--) {
		if (rows[height].carries < weight)
			continue;
		slot = row_take(&rows[height]);
		if (slot >= 0) {
			slot += height * ROW_SLOTS;
			break;
		}
	}
	if (slot < 0)
		shelf_miss(weight);
	spin_unlock(&shelf_lock);
	return slot;
}
EXPORT_SYMBOL_GPL(shelf_take);

void shelf_release(int slot)
{
	struct shelf_row *row = &rows[slot / ROW_SLOTS];

	spin_lock(&shelf_lock);
	row->used &= ~(1ULL << slot % ROW_SLOTS);
	row->taken--;
	spin_unlock(&shelf_lock);
}
EXPORT_SYMBOL_GPL(shelf_release);

/* After an inventory: every slot is free again. */
void shelf_reset(void)
{
	unsigned int height;

	spin_lock(&shelf_lock);
	for (height = 0; height < SHELF_ROWS; height++)
		row_clear(&rows[height], height);
	spin_unlock(&shelf_lock);
}

static int __init shelf_init(void)
{
	unsigned int height;

	for (height = 0; height < SHELF_ROWS; height++)
		row_clear(&rows[height], height);
	pr_info("shelf: %u slots\n", SHELF_ROWS * ROW_SLOTS);
	return 0;
}
core_initcall(shelf_init);
