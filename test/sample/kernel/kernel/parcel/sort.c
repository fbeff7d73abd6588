// SPDX-License-Identifier: MIT
/*
 * Sorting: by zone first, by class within a zone.
 */
#include <linux/parcel.h>

static u32 sort_key(const struct parcel *parcel)
{
	return (u32)parcel->label.zone << 8 | parcel->label.class;
}

static bool sort_before(const struct parcel *a, const struct parcel *b)
{
	return sort_key(a) < sort_key(b);
}

/* Puts @parcel into @bin, behind those that go to the same place. */
void sort_insert(struct list_head *bin, struct parcel *parcel)
{
	struct parcel *pos;

	list_for_each_entry(pos, bin, node) {
		if (sort_before(parcel, pos))
			break;
	}
	list_add_tail(&parcel->node, &pos->node);
}

struct parcel *sort_find(struct list_head *bin, u32 key)
{
	struct parcel *parcel;

	list_for_each_entry(parcel, bin, node) {
		if (sort_key(parcel) == key)
			return parcel;
	}
	return NULL;
}

/* How far apart the first and the last parcel of a sorted bin are. */
u32 sort_span(struct list_head *bin)
{
	struct parcel *first, *last;

	if (list_empty(bin))
		return 0;
	first = list_entry(bin->next, struct parcel, node);
	last = list_entry(bin->prev, struct parcel, node);
	return sort_key(last) - sort_key(first);
}

static unsigned int sort_partition(struct parcel **vec, unsigned int nr)
{
	u64 pivot = vec[nr - 1]->id;
	unsigned int i, store = 0;

	for (i = 0; i + 1 < nr; i++) {
		if (vec[i]->id < pivot) {
			struct parcel *tmp = vec[i];

			vec[i] = vec[store];
			vec[store++] = tmp;
		}
	}
	vec[nr - 1] = vec[store];
	return store;
}

/* Recurses into the smaller half only: the stack stays shallow. */
static void sort_range(struct parcel **vec, unsigned int nr)
{
	while (nr > 1) {
		struct parcel *pivot = vec[nr - 1];
		unsigned int mid = sort_partition(vec, nr);

		vec[mid] = pivot;
		if (mid < nr / 2) {
			sort_range(vec, mid);
			vec += mid + 1;
			nr -= mid + 1;
		} else {
			sort_range(vec + mid + 1, nr - mid - 1);
			nr = mid;
		}
	}
}

/* Sorts a vector of parcels by their number. */
void sort_vector(struct parcel **vec, unsigned int nr)
{
	if (nr > 1)
		sort_range(vec, nr);
}
