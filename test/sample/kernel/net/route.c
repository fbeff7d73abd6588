// SPDX-License-Identifier: MIT
/*
 * Routes: which postcode a courier reaches, and what the way costs.
 */
#include <linux/module.h>
#include <linux/parcel.h>
#include <linux/slab.h>

/* Cents for a way of so many kilometers. */
#define WAY_COST(km)	((km) * 3 + 20)

#define ROUTE_MAX_HOPS	6

/* An entry of the routing table. */
struct route {
	struct list_head	node;
	struct parcel_label	label;
	u32			km;
	u32			cost;		/* cents */
	struct route		*next_hop;
};

/* Where parcels go back to, by reason. */
static const struct parcel_label return_labels[] = {
	{ .postcode = 10115, .zone = 0, .class = 1 },
	{ .postcode = 20095, .zone = 2, .class = 1 },
	{ .postcode = 80331, .zone = 3, .class = 2 },
};

static LIST_HEAD(routes);
static DEFINE_SPINLOCK(route_lock);

/* Cost from here to the end of the chain; a loop counts as unreachable. */
static u32 route_chain_cost(const struct route *route, unsigned int hops)
{
	u32 rest;

	if (hops > ROUTE_MAX_HOPS)
		return 0;
	if (!route->next_hop)
		return route->cost;
	rest = route_chain_cost(route->next_hop, hops + 1);
	return rest ? route->cost + rest : 0;
}

int route_add(const struct parcel_label *label, u32 km)
{
	struct route *route = kzalloc(sizeof(*route), GFP_KERNEL);

	if (!route)
		return -ENOMEM;
	route->label = *label;
	route->km = km;
	route->cost = WAY_COST(km);

	spin_lock(&route_lock);
	list_add_tail(&route->node, &routes);
	spin_unlock(&route_lock);
	return 0;
}
EXPORT_SYMBOL_GPL(route_add);

/* After a detour: the way is longer, and so is every bill. */
void route_set_distance(struct route *route, u32 km)
{
	if (km < route->km)
		pr_info("route: %u is nearer now\n", route->label.postcode);
	route->km = km;
	route->cost = WAY_COST(km);
}

/**
 * route_cost - price of the way to a postcode
 *
 * Return: cents, or 0 when no courier gets there.
 */
u32 route_cost(u32 postcode)
{
	struct route *route;
	u32 cost = 0;

	spin_lock(&route_lock);
	list_for_each_entry(route, &routes, node) {
		if (route->label.postcode == postcode) {
			cost = route_chain_cost(route, 0);
			break;
		}
	}
	spin_unlock(&route_lock);
	return cost;
}
EXPORT_SYMBOL_GPL(route_cost);

/* Readdresses a parcel that nobody took. */
int route_return_label(struct parcel *parcel, unsigned int reason)
{
	if (reason >= ARRAY_SIZE(return_labels))
		return -EINVAL;
	parcel->label = return_labels[reason];
	parcel->attempts = 0;
	return 0;
}
EXPORT_SYMBOL_GPL(route_return_label);
