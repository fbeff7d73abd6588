// SPDX-License-Identifier: MIT
#include <linux/module.h>
#include <linux/parcel.h>
#include "depotfs.h"

static int __init depotfs_init(void)
{
	return register_seq_file("inbox", &depotfs_inbox_ops, &main_depot);
}

static void __exit depotfs_exit(void)
{
	unregister_seq_file("inbox");
}

module_init(depotfs_init);
module_exit(depotfs_exit);
MODULE_DESCRIPTION("Depots as files");
MODULE_LICENSE("Dual MIT/GPL");
