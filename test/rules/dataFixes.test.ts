/** The fixes of the rules make C that gcc takes without a warning, and a reference that gcc keeps. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Profile } from '../../server/src/rules/finding';
import { readObjectFile, type ObjectFile } from '../sample/object-file';
import { analyzed, applied, parse } from './fixture';

/** What the fixes rest on of the kernel and of the build tools, declared as there. */
const HEADERS: Readonly<Record<string, string>> = {
  'kernel.h': `
typedef unsigned int u32;
typedef unsigned long long u64;
typedef _Bool bool;
enum { false, true };
#define NULL ((void *)0)
#define noinline __attribute__((noinline))
#define __always_inline inline __attribute__((always_inline))
#define READ_ONCE(x) (*(const volatile typeof(x) *)&(x))
#define WRITE_ONCE(x, val) do { *(volatile typeof(x) *)&(x) = (val); } while (0)
#define GFP_ATOMIC 0u
typedef struct { int locked; } spinlock_t;
#define DEFINE_SPINLOCK(name) spinlock_t name = { 0 }
#define spin_lock_irqsave(lock, flags) ((flags) = take(lock))
#define spin_unlock_irqrestore(lock, flags) give(lock, flags)
#define smp_load_acquire(place) __atomic_load_n(place, __ATOMIC_ACQUIRE)
#define smp_store_release(place, value) __atomic_store_n(place, value, __ATOMIC_RELEASE)
unsigned long take(spinlock_t *lock);
void give(spinlock_t *lock, unsigned long flags);
void get_random_bytes(void *buffer, unsigned long size);
#define ENOMEM 12
#define __percpu
#define DEFINE_PER_CPU(type, name) typeof(type) name
#define per_cpu_ptr(ptr, cpu) ({ (void)(cpu); (ptr); })
#define per_cpu(var, cpu) (*per_cpu_ptr(&(var), cpu))
#define this_cpu_ptr(ptr) (ptr)
#define this_cpu_inc(var) ((void)(*&(var) += 1))
#define get_cpu_var(var) (*({ preempt_disable(); this_cpu_ptr(&var); }))
#define put_cpu_var(var) do { (void)&(var); preempt_enable(); } while (0)
#define alloc_percpu(type) ((typeof(type) *)__alloc_percpu(sizeof(type), __alignof__(type)))
#define for_each_possible_cpu(cpu) for ((cpu) = 0; (cpu) < 4; (cpu)++)
struct cpumask { unsigned long bits; };
void preempt_disable(void);
void preempt_enable(void);
void *__alloc_percpu(unsigned long size, unsigned long align);
void free_percpu(void *ptr);
void cpumask_set_cpu(unsigned int cpu, struct cpumask *mask);
bool cpumask_test_cpu(int cpu, const struct cpumask *mask);
#define IS_ERR_OR_NULL(p) (!(p))
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define min(x, y) ({ typeof(x) x1 = (x); typeof(y) y1 = (y); (void)(&x1 == &y1); x1 < y1 ? x1 : y1; })
#define DECLARE_STATIC_CALL(name, f) extern struct static_call_key STATIC_CALL_KEY(name); extern typeof(f) STATIC_CALL_TRAMP(name)
#define DEFINE_STATIC_CALL(name, f) DECLARE_STATIC_CALL(name, f); struct static_call_key STATIC_CALL_KEY(name) = { .func = f }
#define STATIC_CALL_KEY(name) __SCK__##name
#define STATIC_CALL_TRAMP(name) __SCT__##name
#define static_call(name) (&STATIC_CALL_TRAMP(name))
#define static_call_cond(name) (void)static_call(name)
struct static_call_key { void *func; };
#define notrace __attribute__((no_instrument_function))
#define __kprobes __attribute__((section(".kprobes.text")))
#define NOKPROBE_SYMBOL(f) static void *f##_address __attribute__((used)) = f
#define __init __attribute__((section(".init.text"), used))
struct work_struct { void (*func)(struct work_struct *); };
struct timer_list { void (*function)(struct timer_list *); };
struct task_struct;
struct notifier_block { int priority; };
#define INIT_WORK(work, f) ((work)->func = (f))
#define timer_setup(timer, f, flags) ((timer)->function = (f))
_Bool cancel_work_sync(struct work_struct *work);
int del_timer_sync(struct timer_list *timer);
struct task_struct *kthread_run(int (*f)(void *), void *data, const char *name);
int kthread_stop(struct task_struct *task);
int register_reboot_notifier(struct notifier_block *block);
int unregister_reboot_notifier(struct notifier_block *block);
struct static_key_false { int enabled; };
#define DEFINE_STATIC_KEY_FALSE(name) struct static_key_false name
#define static_branch_unlikely(key) ((key)->enabled == 1)
#define static_key_enabled(key) ((key)->enabled > 0)
void kfree(const void *object);
__attribute__((format(printf, 1, 2))) int printk(const char *format, ...);
__attribute__((format(printf, 1, 2))) int printk_deferred(const char *format, ...);
#define KERN_ERR "3"
#define KERN_INFO "6"
#define pr_fmt(format) "demo: " format
#define dev_fmt(format) format
#define pr_err(format, ...) printk(KERN_ERR pr_fmt(format), ##__VA_ARGS__)
struct device { int id; };
struct net_device { struct device dev; };
__attribute__((format(printf, 2, 3))) void dev_err(const struct device *dev, const char *format, ...);
__attribute__((format(printf, 2, 3))) void netdev_info(const struct net_device *dev, const char *format, ...);
const char *dev_driver_string(const struct device *dev);
const char *dev_name(const struct device *dev);
const char *netdev_name(const struct net_device *dev);
const char *netdev_reg_state(const struct net_device *dev);
`,
  'linux/percpu.h': '',
  'linux/spinlock.h': '',
  'linux/string.h': `
void *memcpy(void *to, const void *from, unsigned long size);
`,
  'linux/livepatch.h': `
struct klp_object;
void *klp_shadow_get(void *obj, unsigned long id);
void *klp_shadow_get_or_alloc(void *obj, unsigned long id, unsigned long size, unsigned int gfp_flags, void *ctor, void *ctor_data);
void *klp_shadow_alloc(void *obj, unsigned long id, unsigned long size, unsigned int gfp_flags, void *ctor, void *ctor_data);
void klp_shadow_free(void *obj, unsigned long id, void *dtor);
void klp_shadow_free_all(unsigned long id, void *dtor);
`,
  'linux/livepatch_helpers.h': `
#include <linux/livepatch.h>
#define KLP_STATIC_CALL(name) ((typeof(STATIC_CALL_TRAMP(name)) *)(STATIC_CALL_KEY(name).func))
#define KLP_PRE_PATCH_CALLBACK(func) int (*pre_patch_callback)(struct klp_object *) = func
#define KLP_POST_UNPATCH_CALLBACK(func) void (*post_unpatch_callback)(struct klp_object *) = func
`,
  'kpatch-macros.h': `
typedef struct klp_object patch_object;
#define KPATCH_PRINTK(format, ...) ({ printk(format, ##__VA_ARGS__); })
#define KPATCH_PRINTK_DEFERRED(format, ...) ({ printk_deferred(format, ##__VA_ARGS__); })
#define KPATCH_IGNORE_FUNCTION(f) void *ignored_##f = f
#define KPATCH_PRE_PATCH_CALLBACK(func) int (*pre_patch_callback)(patch_object *) = func
#define KPATCH_POST_UNPATCH_CALLBACK(func) void (*post_unpatch_callback)(patch_object *) = func
`,
};

interface Case {
  readonly name: string;
  readonly rule: string;
  readonly profile: Profile;
  readonly before: string;
  readonly after: string;
  /** Further files of the tree, as in a fixture. */
  readonly tree?: string;
  /** The kernel, where it is not the fixtures' own. */
  readonly kernel?: string;
}

/** Too long to be inlined twice. */
const OWNER = `static int owner(int n)\n{\n\tstatic int uses;\n\n${Array.from({ length: 12 }, (_, index) => `\tif (n > ${index * 7})\n\t\tprintk("%d %d", n + ${index}, uses);\n`).join('')}\treturn uses++;\n}\n`;

/** A branch behind a macro and a global function. */
const KEYED = 'DEFINE_STATIC_KEY_FALSE(tracing);\n#define traced() static_branch_unlikely(&tracing)\nint watched(int n);\nint watched(int n)\n{\n\treturn traced() ? n : 0;\n}\n';

const UNTRACED = (step: number): string => `notrace int tick(int n)\n{\n\treturn n + ${step};\n}\nnotrace static int tock(int n)\n{\n\treturn n * ${step};\n}\nint open(int n)\n{\n\treturn tick(n) + tock(n);\n}\n`;

/** Called from above and from other files, by itself, and by one that cannot be replaced. */
const SHARED = (step: number): string => `#include <linux/demo.h>\n\nint early(struct demo *demo)\n{\n\treturn tick(demo);\n}\n\nnotrace int tick(struct demo *demo)\n{\n\treturn demo->tick++ > 7 ? ${step} : tick(demo);\n}\nnotrace int late(struct demo *demo)\n{\n\treturn tick(demo);\n}\n`;

const OPENED = (parameter: string, value: string): string => `#include <linux/demo.h>\n\nstruct demo { int n; };\n\nint open(struct demo *demo${parameter})\n{\n\tint n = demo->n;\n\n\treturn ${value};\n}\n`;

const PROBED = (step: number): string => `static noinline int __kprobes hit(int n);\n\nint early(int n)\n{\n\treturn hit(n);\n}\n\nstatic noinline int __kprobes hit(int n) // of a probe\n{\n\treturn n + ${step};\n}\n\nstatic noinline int __kprobes miss(int n)\n{\n\treturn n - ${step};\n}\nNOKPROBE_SYMBOL(miss);\n\nint late(int n)\n{\n\treturn hit(n) + miss(n);\n}\n`;

const CLOSED = (linkage: string): string => `#include <linux/demo.h>\n\n${linkage}noinline int close(struct demo *demo, int (*call)(int n, int m), const char *const names[], unsigned int at)\n{\n\treturn demo && names[at] ? call(1, 2) : 0;\n}\n${linkage}noinline void stop(void)\n{\n\tprintk("stop");\n}\nint both(struct demo *demo)\n{\n\tstop();\n\treturn close(demo, NULL, NULL, 1);\n}\n`;

/** Inlined into code that has run, and into code that runs. */
const HELPED = (factor: number, mask: number): string => `#define ROUND(n) \\\n\t((n) & ~${mask})\nstatic inline int scaled(int n)\n{\n\treturn n * ${factor};\n}\nint __init setup(int n)\n{\n\treturn scaled(n) + 1;\n}\nint __init early(int n)\n{\n\treturn ROUND(n);\n}\nint open(int n)\n{\n\treturn scaled(n) + scaled(ROUND(n));\n}\n`;

const SUMMED = (mask: number): string => `#include <linux/livepatch.h>\n\nint sum(int a, int b);\nint mean(int a, int b);\nstatic inline int folded(int n)\n{\n\treturn n & ${mask};\n}\n\nint sum(int a, int b)\n{\n\treturn folded(a + b);\n}\n\nint notrace mean(int a, int b)\n{\n\treturn sum(a, b) / 2;\n}\n`;

const CASES: readonly Case[] = [
  { name: 'a number', rule: 'variable-initializer', profile: 'klp-build', before: 'static int limit = 8;\nint next(void) { return limit; }\n', after: 'static int limit = 16;\nint next(void) { return limit; }\n' },
  { name: 'no value before', rule: 'variable-initializer', profile: 'kpatch', before: 'static u64 quota;\nu64 next(void) { return quota; }\n', after: 'static u64 quota = 1u << 20;\nu64 next(void) { return quota; }\n' },
  { name: 'a string', rule: 'variable-initializer', profile: 'kpatch', before: 'static const char *name = "old";\nconst char *next(void) { return name; }\n', after: 'static const char *name = "new";\nconst char *next(void) { return name; }\n' },
  {
    name: 'a table, nested', rule: 'variable-initializer', profile: 'klp-build',
    before: 'struct range { int low, high; };\nstatic struct range ranges[] = { { 1, 2 }, { .low = 3, .high = 4 } };\nint next(int at) { return ranges[at].low; }\n',
    after: 'struct range { int low, high; };\nstatic struct range ranges[] = { { 1, 2 }, { .low = 5, .high = 9 } };\nint next(int at) { return ranges[at].low; }\n',
  },
  {
    name: 'several variables and a table of functions at once', rule: 'variable-initializer', profile: 'kpatch',
    before: 'static int limit = 8, steps[] = { 1, 2 };\nstatic int slow(int n) { return n + 1; }\nstruct ops { int (*run)(int); };\nstruct ops ops = { .run = slow };\nint next(int n) { return limit + steps[n & 1]; }\n',
    after: 'static int limit = 16, steps[] = { 1, 5 };\nstatic int slow(int n) { return n + 1; }\nstatic int fast(int n) { return n + 2; }\nstruct ops { int (*run)(int); };\nstruct ops ops = { .run = fast };\nint next(int n) { return limit + steps[n & 1]; }\nint other(int n) { return slow(n); }\n',
  },
  {
    name: 'a table of functions', rule: 'ops-table', profile: 'klp-build',
    before: 'static int slow(int n) { return n + 1; }\nstruct ops { int (*run)(int); };\nstruct ops ops = { .run = slow };\n',
    after: 'static int slow(int n) { return n + 1; }\nstatic int fast(int n) { return n + 2; }\nstruct ops { int (*run)(int); };\nstruct ops ops = { .run = fast };\nint other(int n) { return slow(n); }\n',
  },
  {
    name: 'the old function by its new name', rule: 'ops-table', profile: 'klp-build',
    before: 'static int slow(int n) { return n + 1; }\nstatic int stop(int n) { return -n; }\nstruct ops { int (*run)(int); int (*stop)(int); };\nextern const struct ops ops;\nconst struct ops ops = { .run = slow, .stop = stop };\n',
    after: 'static int slow(int n) { return n + 1; }\nstatic int fast(int n) { return n > 2 ? 2 : slow(n); }\nstatic int halt(int n) { return -n - 1; }\nstruct ops { int (*run)(int); int (*stop)(int); };\nextern const struct ops ops;\nconst struct ops ops = { .run = fast, .stop = halt };\n',
  },
  {
    name: 'a table of its own for those who call through it', rule: 'ops-table', profile: 'kpatch',
    before: 'static int slow(int n) { return n + 1; }\nstatic int (*const handlers[])(int) = { [1] = slow };\nint handle(unsigned int at, int n)\n{\n\tif (at >= ARRAY_SIZE(handlers) || !handlers[at])\n\t\treturn 0;\n\treturn handlers[at](n);\n}\n',
    after: 'static int slow(int n) { return n + 1; }\nstatic int fast(int n) { return n + 2; }\nstatic int (*const handlers[])(int) = { [1] = slow, [3] = fast };\nint handle(unsigned int at, int n)\n{\n\tif (at >= ARRAY_SIZE(handlers) || !handlers[at])\n\t\treturn 0;\n\treturn handlers[at](n);\n}\n',
  },
  {
    name: 'new variables beside the old', rule: 'variable-type', profile: 'klp-build',
    before: '#define __read_mostly __attribute__((section(".data..read_mostly")))\nstatic u32 total __read_mostly = 2;\nstatic int slots[8];\nu32 add(int at, u32 by)\n{\n\tslots[at & 7]++;\n\ttotal += by;\n\treturn READ_ONCE(total) + sizeof(slots);\n}\n',
    after: '#define __read_mostly __attribute__((section(".data..read_mostly")))\nstatic u64 total __read_mostly = 2;\nstatic int slots[16];\nu32 add(int at, u32 by)\n{\n\tslots[at & 7]++;\n\ttotal += by;\n\treturn READ_ONCE(total) + sizeof(slots);\n}\n',
  },
  {
    name: 'a new table for its readers', rule: 'variable-type', profile: 'kpatch',
    before: 'static const char *const names[] = { "a", "b" };\nconst char *name_of(unsigned int at)\n{\n\treturn at < ARRAY_SIZE(names) ? names[at] : NULL;\n}\n',
    after: 'static const char *const names[] = { "a", "b", "c" };\nconst char *name_of(unsigned int at)\n{\n\treturn at < ARRAY_SIZE(names) ? names[at] : NULL;\n}\n',
  },
  {
    name: 'new ones, and one of another type', rule: 'percpu-variable', profile: 'klp-build',
    before: 'struct state { int hits, misses; };\nstatic DEFINE_PER_CPU(u32, total);\nstatic DEFINE_PER_CPU(int, level) = 3;\nu32 count(int cpu)\n{\n\tthis_cpu_inc(total);\n\treturn per_cpu(total, cpu) + per_cpu(level, cpu);\n}\n',
    after: 'struct state { int hits, misses; };\nstatic DEFINE_PER_CPU(u64, total);\nstatic DEFINE_PER_CPU(int, level) = 4;\nstatic DEFINE_PER_CPU(struct state, state);\nstatic DEFINE_PER_CPU(int, room) = 16;\nu32 count(int cpu)\n{\n\tstruct state *own = this_cpu_ptr(&state);\n\n\town->hits++;\n\tthis_cpu_inc(state.misses);\n\tthis_cpu_inc(total);\n\tget_cpu_var(room)--;\n\tput_cpu_var(room);\n\treturn per_cpu(total, cpu) + per_cpu(level, cpu);\n}\n',
  },
  {
    name: 'a new member', rule: 'struct-layout', profile: 'klp-build',
    before: 'struct entry { u64 stamp; };\nint open(struct entry *entry, u32 owner)\n{\n\tentry->stamp = owner;\n\treturn 0;\n}\nvoid drop(struct entry *entry)\n{\n\tif (entry)\n\t\tkfree(entry);\n}\n',
    after: 'struct entry { u64 stamp; u32 owner; };\nint open(struct entry *entry, u32 owner)\n{\n\tentry->stamp = owner;\n\tentry->owner = owner;\n\tentry->owner += 2;\n\tentry->owner++;\n\treturn entry->owner & 1;\n}\nbool owned(const struct entry *entry)\n{\n\treturn entry->owner != 0;\n}\nvoid drop(struct entry *entry)\n{\n\tif (entry)\n\t\tkfree(entry);\n}\n',
  },
  {
    name: 'several new members', rule: 'struct-layout', profile: 'klp-build',
    before: 'struct entry { u64 stamp; };\nvoid open(struct entry *entry, u32 owner)\n{\n\tentry->stamp = owner;\n}\nvoid drop(struct entry *entry)\n{\n\tif (entry)\n\t\tkfree(entry);\n}\n',
    after: 'struct entry { u32 owner; u64 stamp; struct entry *parent; };\nvoid open(struct entry *entry, u32 owner)\n{\n\tentry->stamp = owner;\n\tentry->owner = owner;\n\tentry->owner += entry->parent ? 2 : 1;\n}\nvoid adopt(struct entry *entry, struct entry *parent)\n{\n\tentry->parent = parent;\n}\nvoid drop(struct entry *entry)\n{\n\tif (entry)\n\t\tkfree(entry);\n}\n',
  },
  {
    name: 'a member in a hole', rule: 'reserved-field', profile: 'kpatch',
    before: 'struct entry { u64 stamp; u32 id; };\nvoid drop(struct entry *entry)\n{\n\tkfree(entry);\n}\n',
    after: 'struct entry { u64 stamp; u32 id; u32 flags; };\nu32 flags_of(struct entry *entry)\n{\n\treturn entry->flags;\n}\nvoid drop(struct entry *entry)\n{\n\tkfree(entry);\n}\n',
  },
  {
    name: 'a message once', rule: 'once-macro', profile: 'kpatch',
    before: '#define dev_warn_once(...) printk(__VA_ARGS__)\n#define dev_warn(...) printk(__VA_ARGS__)\nint next(int n)\n{\n\treturn n;\n}\n',
    after: '#define dev_warn_once(...) printk(__VA_ARGS__)\n#define dev_warn(...) printk(__VA_ARGS__)\nint next(int n)\n{\n\tif (n > 3)\n\t\tdev_warn_once("n is %d",\n\t\t\t      n);\n\telse\n\t\tn++;\n\treturn n;\n}\n',
  },
  {
    name: 'a key and a call once', rule: 'once-macro', profile: 'kpatch', kernel: '4.19.0',
    before: '#define get_random_once(buffer, size) get_random_bytes(buffer, size)\n#define DO_ONCE(call, ...) call(__VA_ARGS__)\nu32 next(u32 n)\n{\n\treturn n;\n}\n',
    after: '#define get_random_once(buffer, size) get_random_bytes(buffer, size)\n#define DO_ONCE(call, ...) call(__VA_ARGS__)\nu32 next(u32 n)\n{\n\tstatic u32 key;\n\n\tif (n > 3)\n\t\tget_random_once(&key, sizeof(key));\n\telse\n\t\tDO_ONCE(printk, "n is %d", n);\n\treturn n ^ key;\n}\n',
  },
  {
    name: 'a reference kept, of a variable that is gone', rule: 'static-local-removed', profile: 'kpatch',
    before: 'int next(int n)\n{\n\tstatic int ticket = 100, *last;\n\n\tn += last ? *last : 0;\n\tlast = n ? &ticket : NULL;\n\treturn n + ticket++;\n}\n',
    after: 'int next(int n)\n{\n\tstatic int ticket = 100;\n\n\treturn n + ticket++;\n}\n',
  },
  {
    name: 'a reference kept, of an array that is declared yet', rule: 'static-local-removed', profile: 'kpatch',
    before: 'int count(int n)\n{\n\tstatic unsigned long hits[4];\n\tint slot = n & 3;\n\n\thits[slot]++;\n\treturn slot;\n}\n',
    after: 'int count(int n)\n{\n\tstatic __attribute__((unused)) unsigned long hits[4];\n\tint slot = n & 3;\n\n\treturn slot;\n}\n',
  },
  {
    name: 'another initial value', rule: 'variable-initializer', profile: 'kpatch',
    before: 'int next(int n)\n{\n\tint by = n & 1;\n\tstatic int ticket = 100;\n\n\treturn by + ticket++;\n}\n',
    after: 'int next(int n)\n{\n\tint by = n & 1;\n\tstatic int ticket = 200;\n\n\treturn by + ticket++;\n}\n',
  },
  {
    name: 'a local of another size', rule: 'variable-type', profile: 'kpatch',
    before: 'int next(int n)\n{\n\tstatic u32 total;\n\n\ttotal += n;\n\treturn total;\n}\n',
    after: 'int next(int n)\n{\n#ifdef __KERNEL__\n\tint by = n & 1;\n#else\n\tint by = n & 3;\n#endif\n\n\tstatic u64 total;\n\n\ttotal += by;\n\treturn total;\n}\n',
  },
  {
    name: 'a call kept', rule: 'static-local-removed', profile: 'kpatch',
    before: 'static inline int marked(int n, const char *why, u64 when)\n{\n\tstatic int marks;\n\n\tmarks += n + (why ? 1 : 0) + (int)when;\n\treturn marks;\n}\nint start(int n)\n{\n\tconst char *why = "start";\n\n\treturn marked(n, why, 3);\n}\nint stop(int n)\n{\n\treturn marked(n, NULL, 4);\n}\n',
    after: 'static inline int marked(int n, const char *why, u64 when)\n{\n\tstatic int marks;\n\n\tmarks += n + (why ? 1 : 0) + (int)when;\n\treturn marks;\n}\nint start(int n)\n{\n\treturn n;\n}\nint stop(int n)\n{\n\treturn marked(n, NULL, 4);\n}\n',
  },
  {
    name: 'inlined now, and not before', rule: 'static-local-removed', profile: 'kpatch',
    before: `${OWNER}int start(int n)\n{\n\treturn owner(n);\n}\nint stop(int n)\n{\n\treturn owner(n + 1);\n}\n`,
    after: `${OWNER}int start(int n)\n{\n\treturn owner(n);\n}\nint stop(int n)\n{\n\treturn n + 1;\n}\n`,
  },
  {
    name: 'inlined before, and not now', rule: 'static-local-removed', profile: 'kpatch',
    before: `${OWNER}int start(int n)\n{\n\treturn owner(n);\n}\nint stop(int n)\n{\n\treturn n + 1;\n}\n`,
    after: `${OWNER}int start(int n)\n{\n\treturn owner(n);\n}\nint stop(int n)\n{\n\treturn owner(n + 1);\n}\n`,
  },
  {
    name: 'never freed', rule: 'shadow-lifecycle', profile: 'klp-build',
    before: 'struct entry { u64 stamp; };\nvoid open(struct entry *entry)\n{\n\tentry->stamp = 1;\n}\nvoid drop(struct entry *entry)\n{\n\tif (entry)\n\t\tkfree(entry);\n}\n',
    after: '#include <linux/livepatch.h>\n#define LIMIT 7\nstruct entry { u64 stamp; };\nvoid open(struct entry *entry)\n{\n\tklp_shadow_alloc(entry, LIMIT, 4, GFP_ATOMIC, NULL, NULL);\n\tentry->stamp = 1;\n}\nvoid drop(struct entry *entry)\n{\n\tif (entry)\n\t\tkfree(entry);\n}\n',
  },
  {
    name: 'used untested', rule: 'shadow-lifecycle', profile: 'klp-build',
    before: 'struct more { int uses; struct more *next; };\nint open(void *entry)\n{\n\treturn !entry;\n}\nint close(void *entry)\n{\n\treturn !entry;\n}\n',
    after: '#include <linux/livepatch_helpers.h>\n#define LIMIT 7\n#define MORE 8\nstruct more { int uses; struct more *next; };\nint open(void *entry)\n{\n\tu64 *limit;\n\n\tlimit = klp_shadow_get(entry, LIMIT);\n\tif (*limit > 3)\n\t\treturn *limit;\n\t*limit = *limit + 1;\n\t(*limit)++;\n\treturn !entry + *limit * 2;\n}\nint close(void *entry)\n{\n\tstruct more *more = klp_shadow_get_or_alloc(entry, MORE, sizeof(*more), GFP_ATOMIC, NULL, NULL);\n\tu64 *limit = klp_shadow_alloc(entry, LIMIT, sizeof(*limit), GFP_ATOMIC, NULL, NULL);\n\n\t*limit = 4;\n\tmore->uses += more->next ? 1 : 2;\n\tmore->next = more->next;\n\tklp_shadow_free(entry, LIMIT, NULL);\n\tklp_shadow_free(entry, MORE, NULL);\n\treturn !entry;\n}\nstatic void last(struct klp_object *obj)\n{\n\tklp_shadow_free_all(LIMIT, NULL);\n\tklp_shadow_free_all(MORE, NULL);\n}\nKLP_POST_UNPATCH_CALLBACK(last);\n',
  },
  {
    name: 'what goes on', rule: 'unpatch-hazard', profile: 'klp-build',
    before: 'void open(int id)\n{\n\tprintk("%d", id);\n}\n',
    after: 'static struct work_struct work;\nstatic struct timer_list timer;\nstatic struct task_struct *task;\nstatic struct notifier_block block;\nstatic void late(struct work_struct *w)\n{\n}\nstatic void expired(struct timer_list *t)\n{\n}\nstatic int poller(void *data)\n{\n\treturn 0;\n}\nvoid open(int id)\n{\n\tINIT_WORK(&work, late);\n\ttimer_setup(&timer, expired, 0);\n\ttask = kthread_run(poller, NULL, "demo");\n\tregister_reboot_notifier(&block);\n\tprintk("%d", id);\n}\n',
  },
  {
    name: 'messages of every kind', rule: 'inline-flip', profile: 'kpatch',
    before: 'int open(struct net_device *device, int id)\n{\n\treturn id;\n}\n',
    after: 'int open(struct net_device *device, int id)\n{\n\tif (!id)\n\t\tdev_err(&device->dev, "id %d "\n\t\t\t"of %s\\n", id, "it");\n\telse if (id > 1)\n\t\tnetdev_info(device, "up\\n");\n\telse\n\t\tpr_err("down\\n");\n\tprintk_deferred(KERN_INFO "%d\\n", id);\n\tprintk(KERN_ERR "again\\n");\n\treturn id;\n}\n',
  },
  {
    name: 'a traced copy', rule: 'notrace', profile: 'klp-build',
    before: `notrace int tick(int n);\n${UNTRACED(1)}`, after: `notrace int tick(int n);\n${UNTRACED(2)}`,
  },
  {
    name: 'a new signature', rule: 'signature-change', profile: 'klp-build',
    before: 'int open(int n);\nint open(int n)\n{\n\treturn n;\n}\nint start(int n)\n{\n\treturn open(n);\n}\n', after: 'int open(int n, u64 flags);\nint open(int n, u64 flags)\n{\n\treturn n + (int)flags;\n}\nint start(int n)\n{\n\treturn open(n, 1);\n}\n',
  },
  {
    name: 'a copy for callers in several files', rule: 'notrace', profile: 'klp-build',
    before: SHARED(1), after: SHARED(2),
    tree: '//- tree include/linux/demo.h\nstruct demo { int tick; };\nint tick(struct demo *demo);\n//- tree kernel/other.c\n#include <linux/demo.h>\n\nint other(struct demo *demo)\n{\n\treturn tick(demo) + demo->tick;\n}\n#include <linux/percpu.h>\n//- tree kernel/old.c\nstruct demo;\nint tick(struct demo *demo);\nint old(struct demo *demo)\n{\n\treturn tick(demo);\n}\n//- tree kernel/Makefile\nobj-y += demo.o other.o old.o\n',
  },
  {
    name: 'a new signature, in a header', rule: 'signature-change', profile: 'kpatch',
    before: `//- before include/linux/demo.h\nstruct demo;\nint open(struct demo *demo);\n//- before kernel/other.c\n#include <linux/demo.h>\nint other(struct demo *demo)\n{\n\treturn open(demo);\n}\n//- before kernel/demo.c\n${OPENED('', 'n')}`,
    after: `//- after include/linux/demo.h\nstruct demo;\nint open(struct demo *demo, u64 flags);\n//- after kernel/other.c\n#include <linux/demo.h>\nint other(struct demo *demo)\n{\n\treturn open(demo, 1) + 1;\n}\n//- after kernel/demo.c\n${OPENED(', u64 flags', 'n + (int)flags')}`,
    tree: '//- tree kernel/Makefile\nobj-y += demo.o other.o\n',
  },
  {
    name: 'a global function beside it', rule: 'linkage-change', profile: 'kpatch',
    before: `//- before include/linux/demo.h\nstruct demo;\n//- before kernel/other.c\n#include <linux/demo.h>\nint other(struct demo *demo)\n{\n\treturn !demo;\n}\n//- before kernel/demo.c\n${CLOSED('static ')}`,
    after: `//- after include/linux/demo.h\nstruct demo;\nint close(struct demo *demo, int (*call)(int n, int m), const char *const names[], unsigned int);\n//- after kernel/other.c\n#include <linux/demo.h>\nvoid stop(void);\nint other(struct demo *demo)\n{\n\tstop();\n\treturn close(demo, NULL, NULL, 3);\n}\n//- after kernel/demo.c\n${CLOSED('')}`,
    tree: '//- tree kernel/Makefile\nobj-y += demo.o other.o\n',
  },
  {
    name: 'a copy that is declared in front', rule: 'special-text-section', profile: 'kpatch',
    before: PROBED(1), after: PROBED(2),
  },
  {
    name: 'helpers that hide it', rule: 'static-key-branch', profile: 'kpatch', tree: '//- tree kernel/Makefile\nobj-m += demo.o\n',
    before: `${KEYED}int open(int n)\n{\n\treturn watched(n) + 1;\n}\n`,
    after: `${KEYED}int open(int n)\n{\n\treturn watched(n) + 2;\n}\n`,
  },
  {
    name: 'with a target, and where there is one', rule: 'static-call', profile: 'klp-build', tree: '//- tree kernel/Makefile\nobj-m += demo.o\n',
    before: 'static void slow(int n, int *m) { *m = n; }\nDEFINE_STATIC_CALL(run, slow);\nvoid open(int n, int *m) { *m += n; }\n',
    after: 'static void slow(int n, int *m) { *m = n; }\nDEFINE_STATIC_CALL(run, slow);\nstatic inline void quietly(int *m)\n{\n\tstatic_call_cond(run)(0, m);\n}\nvoid open(int n, int *m)\n{\n\tif (n > 3)\n\t\tstatic_call_cond(run)(n,\n\t\t\t\t      m);\n\telse\n\t\tstatic_call(run)(n, m + 1);\n\tfor (; n; n--)\n\t\tstatic_call_cond(run)(n == 3, m);\n\tstatic_call_cond(run)(n, m);\n}\nvoid close(int *m)\n{\n\tquietly(m);\n\t*m = 0;\n}\n',
  },
  {
    name: 'a helper and a macro of the file', rule: 'init-code', profile: 'klp-build',
    before: HELPED(2, 3),
    after: HELPED(3, 7),
  },
  {
    name: 'of lib/, in the files of its callers', rule: 'unpatchable-path', profile: 'klp-build', before: 'int idle(void) { return 0; }\n', after: 'int idle(void) { return 1; }\n',
    tree: `//- before lib/sum.c\n${SUMMED(3)}//- after lib/sum.c\n${SUMMED(7)}//- tree kernel/other.c\n#include <linux/livepatch_helpers.h>\nint sum(int a, int b);\nint mean(int a, int b);\n\nint open(int n)\n{\n\treturn sum(n, 1) + mean(n, 2);\n}\n//- tree kernel/more.c\nint mean(int a, int b);\n\nint more(int n)\n{\n\treturn mean(n, 3);\n}\n//- tree Kbuild\nobj-y += kernel/ lib/\n//- tree kernel/Makefile\nobj-y += demo.o other.o more.o\n//- tree lib/Makefile\nobj-y += sum.o\n`,
  },
  {
    name: 'a helper of a header, in another file', rule: 'init-code', profile: 'kpatch',
    before: '#include <linux/demo.h>\nint __init setup(int n)\n{\n\treturn scaled(n) + 1;\n}\n//- before include/linux/demo.h\n#ifndef DEMO_H\n#define DEMO_H\nstatic inline int scaled(int n)\n{\n\treturn n * 2;\n}\n#endif\n',
    after: '#include <linux/demo.h>\nint __init setup(int n)\n{\n\treturn scaled(n) + 1;\n}\n//- after include/linux/demo.h\n#ifndef DEMO_H\n#define DEMO_H\nstatic inline int scaled(int n)\n{\n\treturn n * 3;\n}\n#endif\n',
    tree: '//- tree kernel/other.c\n#include <linux/demo.h>\n\nint open(int n)\n{\n\treturn scaled(n) + scaled(n + 1);\n}\n//- tree kernel/Makefile\nobj-y += demo.o other.o\n',
  },
  {
    name: 'new functions above', rule: 'line-shift', profile: 'kpatch',
    before: '#define fail(n) printk("%s %d %d", __func__, __LINE__, n)\n\nint open(int n)\n{\n\treturn n;\n}\n\nint check(int n)\n{\n\tif (!n)\n\t\tfail(n);\n\treturn 0;\n}\n',
    after: '#define fail(n) printk("%s %d %d", __func__, __LINE__, n)\n\nstatic int may_open(int n)\n{\n\treturn n > 2;\n}\n\nstatic bool is_open(int n)\n{\n\treturn n > 4;\n}\n\nint open(int n)\n{\n\treturn may_open(n) && !is_open(n);\n}\n\nint check(int n)\n{\n\tif (!n)\n\t\tfail(n);\n\treturn 0;\n}\n',
  },
];

const scratch = mkdtempSync(join(tmpdir(), 'data-fixes-'));
afterAll(() => { rmSync(scratch, { recursive: true }); });
for (const [name, text] of Object.entries(HEADERS)) {
  mkdirSync(dirname(join(scratch, name)), { recursive: true });
  writeFileSync(join(scratch, name), text);
}

/** Compiles as the build tools do, with the edit's headers. Throws with gcc's own words when there is so much as a warning. */
function compiled(text: string, texts: ReadonlyMap<string, string> = new Map()): ObjectFile {
  writeFileSync(join(scratch, 'demo.c'), text);
  for (const [path, header] of texts) if (path.startsWith('include/')) writeFileSync(join(scratch, path.slice('include/'.length)), header);
  const args = ['-O2', '-std=gnu11', '-ffreestanding', '-Wall', '-Werror', '-Wdeclaration-after-statement', '-Wno-unused-but-set-variable', '-ffunction-sections', '-fdata-sections', '-I.', '-include', 'kernel.h', '-c', 'demo.c', '-o', 'demo.o'];
  const { status, stderr, error } = spawnSync('gcc', args, { cwd: scratch, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  if (error !== undefined) throw new Error(`gcc is needed (apt-get install gcc): ${error.message}`);
  if (status !== 0) throw new Error(`${stderr}\n${text}`);
  return readObjectFile(readFileSync(join(scratch, 'demo.o')));
}

/** `function static` for each static local that a function's code refers to. */
const references = ({ functions }: ObjectFile): string[] => [...functions].flatMap(([name, { fingerprint }]) => [...fingerprint.matchAll(/=(\w+)\.N\+/g)].map((match) => `${name} ${match[1] ?? ''}`));

/** A text that does not say which files it has is the file's. */
const headed = (version: 'before' | 'after', text: string): string => (text.startsWith('//- ') ? text : `//- ${version} kernel/demo.c\n${text}`);

describe.each(CASES)('$rule: $name', ({ rule, profile, before, after, tree = '', kernel }) => {
  it('is taken by gcc', async () => {
    const fixture = parse(`//- profile ${profile}\n${kernel === undefined ? '' : `//- kernel ${kernel}\n`}${headed('before', before)}${headed('after', after)}${tree}`);
    const { input, analysis } = await analyzed(fixture);
    const fixes = analysis.findings.filter((finding) => finding.rule === rule).flatMap(({ remedies }) => remedies.flatMap(({ fix }) => (fix === undefined ? [] : [fix.edits()])));
    expect(fixes.length).toBeGreaterThan(0);
    for (const edits of fixes) {
      const texts = new Map([...input.tree, ...applied(input, edits)]);
      for (const path of new Set(edits.map((edit) => edit.path))) if (path.endsWith('.c') && path !== 'kernel/demo.c') compiled(texts.get(path) ?? '', texts);
      const fixed = compiled(texts.get('kernel/demo.c') ?? '', texts);
      if (rule !== 'static-local-removed' && !before.includes('\tstatic')) continue;
      // What kpatch-build looks for: each reference of the baseline's functions to a static local is there again.
      const wanted = references(compiled(before));
      if (rule === 'static-local-removed') expect(wanted.filter((one) => !references(compiled(after)).includes(one))).not.toEqual([]);
      expect(wanted.filter((one) => !references(fixed).includes(one))).toEqual([]);
    }
  });
});
