// SPDX-License-Identifier: MIT
#include <linux/parcel.h>
#include <linux/syscalls.h>

/*
 * parcel_send(label, weight, flags): hands a parcel in at the main depot,
 * waits for room if it must. Gives the parcel's number.
 */
SYSCALL_DEFINE3(parcel_send, const struct parcel_label __user *, ulabel,
		u32, weight, unsigned int, flags)
{
	struct parcel_label label;
	struct parcel *parcel;
	long ret;

	if (flags)
		return -EINVAL;
	if (copy_from_user(&label, ulabel, sizeof(label)))
		return -EFAULT;

	parcel = parcel_alloc(&label, weight);
	if (!parcel)
		return -ENOMEM;

	ret = depot_accept(&main_depot, parcel);
	if (ret == -ENOSPC) {
		ret = depot_wait_space(&main_depot);
		if (!ret)
			ret = depot_accept(&main_depot, parcel);
	}
	if (!ret)
		ret = parcel->id;
	parcel_put(parcel);
	return ret;
}

SYSCALL_DEFINE2(parcel_state, u64, id, int __user *, ustate)
{
	struct parcel *parcel = depot_find(&main_depot, id);
	int state;

	if (!parcel)
		return -EINVAL;
	state = parcel->state;
	parcel_put(parcel);
	return copy_to_user(ustate, &state, sizeof(state)) ? -EFAULT : 0;
}
