/* SPDX-License-Identifier: MIT */
#ifndef _DEPOTFS_H
#define _DEPOTFS_H

#include <linux/seq_file.h>

extern const struct seq_operations depotfs_inbox_ops;

#endif /* _DEPOTFS_H */
