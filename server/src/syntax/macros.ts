/**
 * The macros of the kernel that change how C has to be read, as data. Facts from include/linux/{init,compiler*,
 * compiler_types,compiler_attributes,linkage,cache,syscalls,filter}.h of 6.1 and 6.12.
 */
import { knownMakers, withArguments } from './makers';

/** How an attribute macro is written: alone, or with arguments in parentheses. */
export type AttributeForm = 'word' | 'call';

/**
 * Macros that stand where GNU C takes an attribute and vanish when the parser reads: `static int __init f(void)`.
 * A name that begins with two underscores between a type and a name is taken for one even when it is not listed.
 */
export const attributeMacros: ReadonlyMap<string, AttributeForm> = new Map<string, AttributeForm>([
  // Sections of code and data (init.h, cache.h, linkage.h, kprobes.h, percpu-defs.h, memblock.h).
  ...words('__init __exit __initdata __exitdata __initconst __exitconst __init_or_module __initdata_or_module __initconst_or_module'),
  ...words('__meminit __memexit __meminitdata __meminitconst __cpuinit __cpuexit __cpuinitdata __cpuinitconst __devinit __devexit __devinitdata __devinitconst'),
  ...words('__net_init __net_exit __net_initdata __init_memblock __initdata_memblock __ref __refdata __refconst __head __ro_after_init __read_mostly'),
  ...words('__sched __lockfunc __kprobes __cpuidle __irq_entry __irqentry_text __softirq_entry __entry_text __latent_entropy'),
  ...words('____cacheline_aligned ____cacheline_aligned_in_smp __cacheline_aligned __cacheline_aligned_in_smp ____cacheline_internodealigned_in_smp'),
  ...words('__page_aligned_data __page_aligned_bss __bss_decrypted __nosavedata'),
  ...calls('__section __noinstr_section'),
  // Inlining, tracing and linkage (compiler_types.h, compiler_attributes.h, linkage.h).
  ...words('__always_inline nokprobe_inline noinline noinline_for_stack notrace noinstr asmlinkage __visible __weak __used __maybe_unused __always_unused'),
  ...words('__cold __hot __pure __attribute_const__ __flatten __naked __noreturn __deprecated __must_check __malloc __efiapi __bpf_kfunc'),
  ...words('__no_kasan_or_inline __no_sanitize_or_inline __no_sanitize_address __no_sanitize_undefined __no_sanitize_coverage __no_kcsan __no_kmsan_checks'),
  ...words('__no_sanitize_memory __no_sanitize_thread __no_stack_protector __no_profile __nocfi __noscs __noclone __noendbr __noretpoline'),
  // Not attributes, but they stand in front of members and vanish unless layouts are randomized.
  ...words('randomized_struct_fields_start randomized_struct_fields_end'),
  ...words('__randomize_layout __no_randomize_layout __designated_init __packed __gnu_inline __inline __inline__ __no_caller_saved_registers'),
  ...calls('__attribute__ __attribute __printf __scanf __format_arg __aligned __alloc_size __realloc_size __assume_aligned __diagnose_as __no_sanitize'),
  ...calls('__alias __copy __nonnull __counted_by __counted_by_le __counted_by_be __guarded_by __pt_guarded_by __free __cleanup'),
  ...calls('__compiletime_error __compiletime_warning'),
  // Checkers: sparse and lockdep (compiler_types.h).
  ...calls('__acquires __releases __cond_acquires __cond_releases __must_hold __acquires_shared __releases_shared'),
  ...words('__user __kernel __iomem __percpu __rcu __force __bitwise __bitwise__ __nocast __safe __private __nonstring'),
]);

/** Words of C that no rule may take for a name. */
export const keywords: ReadonlySet<string> = new Set(
  ('auto break case char const continue default do double else enum extern float for goto if inline int long register restrict return short signed ' +
    'sizeof static struct switch typedef union unsigned void volatile while _Bool _Alignof _Alignas _Generic _Noreturn _Static_assert _Thread_local _Atomic ' +
    '__inline __inline__ __attribute__ __asm__ asm __asm typeof __typeof__ __typeof __volatile__ __const __extension__ __alignof__ __auto_type __thread __signed__ __label__').split(' '),
);

/** Specifiers that may stand in front of a definer macro: `static DEFINE_MUTEX(x);`. */
export const storageSpecifiers: ReadonlySet<string> = new Set(['static', 'extern', 'const', 'volatile', 'inline', '__inline', '__inline__', '__extension__', 'typedef', 'register', '_Noreturn']);

/**
 * The function that a macro call in front of a body opens: SYSCALL_DEFINE3(read, …) { is __do_sys_read (makers.ts). Of a macro nobody knows, the
 * function is taken to be named like the first argument.
 */
export function definedFunctionName(macro: string, args: readonly string[]): string {
  const opens = knownMakers.get(macro)?.opens;
  const name = opens === undefined ? undefined : withArguments(opens, args);
  return name ?? withArguments('$0$', args) ?? macro;
}

/** File-scope macros that define a variable, and which argument is its name (counted from 0). */
export function definedVariable(macro: string): { readonly nameArgument: number; readonly typeArgument?: number; readonly type?: string } | undefined {
  if (/^(DEFINE|DECLARE)_PER_CPU(_\w+)?$/.test(macro)) return { nameArgument: 1, typeArgument: 0 };
  const type = variableDefiners.get(macro);
  return type === undefined ? undefined : { nameArgument: 0, type };
}

/** linux/{mutex,spinlock,list,wait,static_key,workqueue,idr,notifier,ratelimit,rwsem,semaphore,completion,timer,hashtable,types}.h. */
const variableDefiners: ReadonlyMap<string, string> = new Map([
  ['DEFINE_MUTEX', 'struct mutex'],
  ['DEFINE_SPINLOCK', 'spinlock_t'],
  ['DEFINE_RAW_SPINLOCK', 'raw_spinlock_t'],
  ['DEFINE_RWLOCK', 'rwlock_t'],
  ['DECLARE_RWSEM', 'struct rw_semaphore'],
  ['DEFINE_SEMAPHORE', 'struct semaphore'],
  ['DEFINE_SEQLOCK', 'seqlock_t'],
  ['LIST_HEAD', 'struct list_head'],
  ['HLIST_HEAD', 'struct hlist_head'],
  ['LLIST_HEAD', 'struct llist_head'],
  ['DECLARE_WAIT_QUEUE_HEAD', 'wait_queue_head_t'],
  ['DECLARE_COMPLETION', 'struct completion'],
  ['DECLARE_WORK', 'struct work_struct'],
  ['DECLARE_DELAYED_WORK', 'struct delayed_work'],
  ['DEFINE_TIMER', 'struct timer_list'],
  ['DEFINE_STATIC_KEY_TRUE', 'struct static_key_true'],
  ['DEFINE_STATIC_KEY_FALSE', 'struct static_key_false'],
  ['DEFINE_STATIC_KEY_TRUE_RO', 'struct static_key_true'],
  ['DEFINE_STATIC_KEY_FALSE_RO', 'struct static_key_false'],
  ['DEFINE_IDR', 'struct idr'],
  ['DEFINE_IDA', 'struct ida'],
  ['DEFINE_XARRAY', 'struct xarray'],
  ['DEFINE_XARRAY_ALLOC', 'struct xarray'],
  ['DEFINE_RATELIMIT_STATE', 'struct ratelimit_state'],
  ['BLOCKING_NOTIFIER_HEAD', 'struct blocking_notifier_head'],
  ['ATOMIC_NOTIFIER_HEAD', 'struct atomic_notifier_head'],
  ['RAW_NOTIFIER_HEAD', 'struct raw_notifier_head'],
  ['SRCU_NOTIFIER_HEAD', 'struct srcu_notifier_head'],
  ['DEFINE_SRCU', 'struct srcu_struct'],
  ['DEFINE_STATIC_SRCU', 'struct srcu_struct'],
  ['DEFINE_HASHTABLE', 'struct hlist_head []'],
  ['DECLARE_HASHTABLE', 'struct hlist_head []'],
  ['DECLARE_BITMAP', 'unsigned long []'],
  ['DEFINE_KFIFO', 'struct kfifo'],
]);

/** A member that a macro declares in a record. */
export interface MadeMember {
  readonly name: string;
  readonly type: string;
  readonly arrays: readonly string[];
}

/** What a macro call declares in a record; of a macro nobody knows, a member named like its first argument whose type is the call as written. */
export function madeMember(macro: string, args: readonly string[], call: string): MadeMember {
  const [first = '', second = ''] = args;
  const bitmap = (bits: string): MadeMember => ({ name: first, type: 'unsigned long', arrays: [`BITS_TO_LONGS(${bits})`] });
  switch (macro) {
    case 'DECLARE_BITMAP': // include/linux/types.h
      return bitmap(second);
    case '__ETHTOOL_DECLARE_LINK_MODE_MASK': // include/linux/ethtool.h
      return bitmap('__ETHTOOL_LINK_MODE_MASK_NBITS');
    case 'DECLARE_PHY_INTERFACE_MASK': // include/linux/phy.h
      return bitmap('PHY_INTERFACE_MODE_MAX');
    case 'DECLARE_HASHTABLE': // include/linux/hashtable.h
      return { name: first, type: 'struct hlist_head', arrays: [`1 << (${second})`] };
    case 'DECLARE_FLEX_ARRAY': // include/linux/stddef.h, include/uapi/linux/stddef.h
    case '__DECLARE_FLEX_ARRAY':
      return { name: second, type: first, arrays: [''] };
    default:
      return { name: first, type: call, arrays: [] };
  }
}

/**
 * Macros that hold the members of a record among their arguments, as one anonymous record and once more under a name of their own
 * (include/linux/stddef.h); which argument the members begin with, counted from 0.
 */
export const memberGroups: ReadonlyMap<string, number> = new Map([['struct_group', 1], ['struct_group_attr', 2], ['struct_group_tagged', 2], ['__struct_group', 3]]);

/** EXPORT_SYMBOL and its kin (include/linux/export.h); the first argument is the symbol. */
export const isExportMacro = (macro: string): boolean => /^EXPORT_(UNUSED_)?(PER_CPU_)?(STATIC_CALL|SYMBOL|TRACEPOINT_SYMBOL)(_NS)?(_GPL)?(_GPL_FUTURE|_FOR_KUNIT|_FOR_TESTS_ONLY|_TRAMP|_TRAMP_GPL)?$/.test(macro);

function words(list: string): [string, AttributeForm][] {
  return list.split(' ').map((name) => [name, 'word']);
}

function calls(list: string): [string, AttributeForm][] {
  return list.split(' ').map((name) => [name, 'call']);
}
