/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_MODULE_H
#define _LINUX_MODULE_H

#include <linux/kernel.h>

/* Code and data that are freed once the system, or the module, is up. */
#define __init		__section(".init.text") __cold
#define __exit		__section(".exit.text") __cold __used
#define __initdata	__section(".init.data")

typedef int (*initcall_t)(void);
typedef void (*exitcall_t)(void);

#define __define_initcall(fn, level)				\
	static initcall_t __initcall_##fn __used		\
	__section(".initcall" level ".init") = fn

#define core_initcall(fn)	__define_initcall(fn, "1")
#define module_init(fn)		__define_initcall(fn, "6")
#define module_exit(fn)						\
	static exitcall_t __exitcall_##fn __used		\
	__section(".exitcall.exit") = fn

struct kernel_symbol {
	unsigned long value;
	const char *name;
};

#define __EXPORT_SYMBOL(sym, sec)					\
	static const struct kernel_symbol __ksymtab_##sym __used	\
	__section("___ksymtab" sec "+" #sym) =				\
		{ (unsigned long)&sym, #sym }

#define EXPORT_SYMBOL(sym)	__EXPORT_SYMBOL(sym, "")
#define EXPORT_SYMBOL_GPL(sym)	__EXPORT_SYMBOL(sym, "_gpl")

#define __MODULE_INFO(tag, text)				\
	static const char __modinfo_##tag[] __used		\
	__section(".modinfo") = #tag "=" text

#define MODULE_LICENSE(text)		__MODULE_INFO(license, text)
#define MODULE_DESCRIPTION(text)	__MODULE_INFO(description, text)

#endif /* _LINUX_MODULE_H */
