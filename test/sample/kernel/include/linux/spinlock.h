/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_SPINLOCK_H
#define _LINUX_SPINLOCK_H

#include <linux/types.h>

typedef struct {
	u32 ticket;
} spinlock_t;

#define DEFINE_SPINLOCK(name)	spinlock_t name = { 0 }

void _raw_spin_lock(spinlock_t *lock);
void _raw_spin_unlock(spinlock_t *lock);

static __always_inline void spin_lock(spinlock_t *lock)
{
	_raw_spin_lock(lock);
}

static __always_inline void spin_unlock(spinlock_t *lock)
{
	_raw_spin_unlock(lock);
}

#endif /* _LINUX_SPINLOCK_H */
