/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_SYSCALLS_H
#define _LINUX_SYSCALLS_H

#include <linux/kernel.h>

struct pt_regs {
	unsigned long di, si, dx, r10, r8, r9;
	unsigned long ax, ip, sp, flags;
};

unsigned long copy_from_user(void *to, const void __user *from, size_t size);
unsigned long copy_to_user(void __user *to, const void *from, size_t size);

#define __SYSCALL_ENTRY(name, decl, ...)				\
	static inline long __do_sys_##name decl;			\
	long __x64_sys_##name(const struct pt_regs *regs);		\
	long __x64_sys_##name(const struct pt_regs *regs)		\
	{								\
		return __do_sys_##name(__VA_ARGS__);			\
	}								\
	static inline long __do_sys_##name decl

#define SYSCALL_DEFINE1(name, t1, a1)					\
	__SYSCALL_ENTRY(name, (t1 a1), (t1)regs->di)

#define SYSCALL_DEFINE2(name, t1, a1, t2, a2)				\
	__SYSCALL_ENTRY(name, (t1 a1, t2 a2),				\
			(t1)regs->di, (t2)regs->si)

#define SYSCALL_DEFINE3(name, t1, a1, t2, a2, t3, a3)			\
	__SYSCALL_ENTRY(name, (t1 a1, t2 a2, t3 a3),			\
			(t1)regs->di, (t2)regs->si, (t3)regs->dx)

#endif /* _LINUX_SYSCALLS_H */
