// SPDX-License-Identifier: MIT
/*
 * The courier: a kernel thread that empties a depot's inbox into its van.
 */
#include <linux/module.h>
#include <linux/parcel.h>
#include <linux/sched.h>

#define VAN_SLOTS	16
#define VAN_MAX_LOAD	800000	/* grams */

/* A stop of the tour: the label says where, the slot says what for. */
struct tour_stop {
	struct parcel_label	label;
	u16			slot;
	bool			ring_twice;
};

struct van {
	struct parcel		*slots[VAN_SLOTS];
	struct tour_stop	tour[VAN_SLOTS];
	u32			load;		/* grams */
	u16			used;
};

static struct van van;
static struct task_struct *courier;

static noinline bool van_has_room(const struct van *v, u32 weight)
{
	return v->used < VAN_SLOTS && v->load + weight <= VAN_MAX_LOAD;
}

/* Takes one parcel over from the depot. Called with the depot locked. */
static void van_load(struct van *v, struct parcel *parcel)
{
	struct tour_stop *stop = &v->tour[v->used];

	list_del_init(&parcel->node);
	parcel->state = PARCEL_LOADED;
	parcel->van = 1;
	parcel->stop = v->used;

	stop->label = parcel->label;
	stop->slot = v->used;
	stop->ring_twice = parcel->express;

	v->slots[v->used++] = parcel;
	v->load += parcel->weight;
}

static noinline unsigned int courier_load(struct depot *depot)
{
	unsigned int loaded = 0;

	spin_lock(&depot->lock);
	while (!list_empty(&depot->inbox)) {
		struct parcel *parcel = list_entry(depot->inbox.next,
						   struct parcel, node);

		if (!van_has_room(&van, parcel->weight))
			break;
		van_load(&van, parcel);
		depot->count--;
		loaded++;
	}
	spin_unlock(&depot->lock);

	if (loaded)
		wake_up(&depot->space);
	return loaded;
}

static noinline void courier_deliver(struct parcel *parcel)
{
	parcel->attempts++;
	if (route_cost(parcel->label.postcode)) {
		parcel->state = PARCEL_DELIVERED;
	} else if (depot_give_up(parcel)) {
		if (parcel->ops->lost)
			parcel->ops->lost(parcel);
	}
	parcel_put(parcel);
}

static noinline void courier_tour(void)
{
	unsigned int i;

	sort_vector(van.slots, van.used);
	for (i = 0; i < van.used; i++)
		courier_deliver(van.slots[i]);
	van.used = 0;
	van.load = 0;
}

static int courier_thread(void *data)
{
	struct depot *depot = data;

	while (!kthread_should_stop()) {
		if (wait_event_interruptible(depot->work,
					     depot->count > 0 ||
					     kthread_should_stop()))
			continue;
		if (courier_load(depot))
			courier_tour();
		schedule_timeout_interruptible(HZ / 10);
	}
	return 0;
}

/* Sleeps until @depot has room for one more parcel. */
int depot_wait_space(struct depot *depot)
{
	return wait_event_interruptible(depot->space,
					depot->count < depot->capacity);
}
EXPORT_SYMBOL_GPL(depot_wait_space);

int courier_start(struct depot *depot)
{
	courier = kthread_run(courier_thread, depot, "courier");
	return courier ? 0 : -ENOMEM;
}

void courier_stop(void)
{
	if (courier)
		kthread_stop(courier);
	courier = NULL;
}
