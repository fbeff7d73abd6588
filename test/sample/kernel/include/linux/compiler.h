/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_COMPILER_H
#define _LINUX_COMPILER_H

#define __maybe_unused		__attribute__((__unused__))
#define __used			__attribute__((__used__))
#define __cold			__attribute__((__cold__))
#define __packed		__attribute__((__packed__))
#define __aligned(bytes)	__attribute__((__aligned__(bytes)))
#define __section(name)		__attribute__((__section__(name)))
#define __printf(fmt, args)	__attribute__((__format__(printf, fmt, args)))
#define __read_mostly		__section(".data..read_mostly")
#define __user

#define notrace			__attribute__((__no_instrument_function__))
#define noinline		__attribute__((__noinline__))

/* As in the kernel: what is declared inline has no ftrace entry of its own. */
#define inline			inline __attribute__((__gnu_inline__)) \
				__maybe_unused notrace
#define __always_inline		inline __attribute__((__always_inline__))

#define likely(cond)		__builtin_expect(!!(cond), 1)
#define unlikely(cond)		__builtin_expect(!!(cond), 0)

#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, val)	(*(volatile __typeof__(x) *)&(x) = (val))

#endif /* _LINUX_COMPILER_H */
