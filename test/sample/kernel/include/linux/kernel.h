/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_KERNEL_H
#define _LINUX_KERNEL_H

#include <linux/types.h>

#define EIO		5
#define EAGAIN		11
#define ENOMEM		12
#define EFAULT		14
#define EBUSY		16
#define ENODEV		19
#define EINVAL		22
#define ENOSPC		28
#define ERANGE		34
#define ERESTARTSYS	512

#define HZ		250

#define offsetof(type, member)	__builtin_offsetof(type, member)
#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define BIT(nr)			(1UL << (nr))
#define min(a, b)		((a) < (b) ? (a) : (b))
#define max(a, b)		((a) > (b) ? (a) : (b))

extern u64 jiffies;

__printf(1, 2) __cold int _printk(const char *fmt, ...);
__printf(1, 0) __cold int vprintk(const char *fmt, __builtin_va_list args);

#define pr_info(fmt, ...)	_printk("\0016" fmt, ##__VA_ARGS__)
#define pr_warn(fmt, ...)	_printk("\0014" fmt, ##__VA_ARGS__)

typedef __builtin_va_list va_list;
#define va_start(args, last)	__builtin_va_start(args, last)
#define va_end(args)		__builtin_va_end(args)

void *memset(void *to, int byte, size_t count);
void *memcpy(void *to, const void *from, size_t count);
ssize_t strscpy(char *to, const char *from, size_t size);

static inline int atomic_read(const atomic_t *v)
{
	return READ_ONCE(v->counter);
}

static inline void atomic_inc(atomic_t *v)
{
	__atomic_fetch_add(&v->counter, 1, __ATOMIC_SEQ_CST);
}

static inline bool atomic_dec_and_test(atomic_t *v)
{
	return __atomic_sub_fetch(&v->counter, 1, __ATOMIC_SEQ_CST) == 0;
}

#endif /* _LINUX_KERNEL_H */
