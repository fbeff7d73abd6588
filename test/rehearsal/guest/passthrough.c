// SPDX-License-Identifier: MIT
/*
 * Live patches functions of vmlinux, named when it is loaded, without changing what they do: each replacement goes on in the
 * function itself, behind the instruction that ftrace has taken. So whatever sleeps in them sleeps on as before.
 * x86-64 without indirect branch tracking (Debian's 6.1): the call to __fentry__, five bytes, is a function's first instruction.
 */
#include <linux/livepatch.h>
#include <linux/module.h>
#include <asm/nospec-branch.h>

#define MOST 4
#define FENTRY_BYTES 5

static char *functions[MOST];
static int function_count;
module_param_array(functions, charp, &function_count, 0444);
MODULE_PARM_DESC(functions, "names of the functions");

static unsigned long addresses[MOST];
static int address_count;
module_param_array(addresses, ulong, &address_count, 0444);
MODULE_PARM_DESC(addresses, "where each is, from /proc/kallsyms");

/* Written once, before anything is patched. */
unsigned long rehearsal_rest[MOST];

#define REPLACEMENT(n)								\
	void rehearsal_replacement_##n(void);					\
	asm(".pushsection .text\n"						\
	    ".type rehearsal_replacement_" #n ", @function\n"			\
	    "rehearsal_replacement_" #n ":\n"					\
	    ANNOTATE_RETPOLINE_SAFE						\
	    "	jmp *rehearsal_rest+" #n "*8(%rip)\n"				\
	    "	int3\n"								\
	    ".size rehearsal_replacement_" #n ", .-rehearsal_replacement_" #n "\n"	\
	    ".popsection\n")

REPLACEMENT(0);
REPLACEMENT(1);
REPLACEMENT(2);
REPLACEMENT(3);

static void *const replacements[MOST] = {
	rehearsal_replacement_0, rehearsal_replacement_1, rehearsal_replacement_2, rehearsal_replacement_3,
};

/* The last one of each is empty: it ends the list. */
static struct klp_func funcs[MOST + 1];
static struct klp_object objs[] = { { .funcs = funcs }, { } };
static struct klp_patch patch = { .mod = THIS_MODULE, .objs = objs };

static int __init rehearsal_init(void)
{
	int i;

	if (function_count == 0 || function_count != address_count)
		return -EINVAL;
	for (i = 0; i < function_count; i++) {
		rehearsal_rest[i] = addresses[i] + FENTRY_BYTES;
		funcs[i].old_name = functions[i];
		funcs[i].new_func = replacements[i];
	}
	return klp_enable_patch(&patch);
}

static void __exit rehearsal_exit(void)
{
}

module_init(rehearsal_init);
module_exit(rehearsal_exit);
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
MODULE_DESCRIPTION("Live patches functions without changing what they do");
