/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_SEQ_FILE_H
#define _LINUX_SEQ_FILE_H

#include <linux/types.h>

struct seq_file {
	char *buf;
	size_t size;
	size_t count;
	void *private;
};

struct seq_operations {
	void *(*start)(struct seq_file *m, u64 *pos);
	void *(*next)(struct seq_file *m, void *v, u64 *pos);
	void (*stop)(struct seq_file *m, void *v);
	int (*show)(struct seq_file *m, void *v);
};

__printf(2, 3) void seq_printf(struct seq_file *m, const char *fmt, ...);
void seq_puts(struct seq_file *m, const char *text);

int register_seq_file(const char *name, const struct seq_operations *ops,
		      void *private);
void unregister_seq_file(const char *name);

#endif /* _LINUX_SEQ_FILE_H */
