/**
 * Sizes of C types on 64-bit kernels (LP64, x86-64 System V ABI, section 3.1.2): the base types in every spelling, and
 * the kernel's own types that are the same under every configuration.
 */

export interface Size {
  /** Bytes. */
  readonly size: number;
  /** Bytes. */
  readonly align: number;
}

/** The words of a type that say nothing about its size: qualifiers and the annotations of sparse (compiler_types.h). */
const WITHOUT_SIZE = /^(const|volatile|restrict|__restrict|__restrict__|_Atomic|register|static|extern|inline|__(rcu|user|iomem|percpu|kernel|force|bitwise|private|nocast|safe|extension__))$/;

export type TypeName =
  | { readonly space: 'struct' | 'union' | 'enum'; readonly name: string }
  | { readonly space: 'base'; readonly size: Size }
  | { readonly space: 'typedef'; readonly name: string }
  | { readonly space: 'void' };

/** What a type's specifiers name, or undefined when they are none that could be read. */
export function parseTypeName(text: string): TypeName | undefined {
  const words = text.split(/\s+/).filter((word) => word !== '' && !WITHOUT_SIZE.test(word));
  if (words.some((word) => !/^\w+$/.test(word))) return undefined;
  const [first = '', second] = words;
  if (first === 'struct' || first === 'union' || first === 'enum') return second !== undefined && words.length === 2 ? { space: first, name: second } : undefined;
  if (words.length === 1 && first === 'void') return { space: 'void' };
  const size = baseSize(words);
  if (size !== undefined) return { space: 'base', size };
  return words.length === 1 ? { space: 'typedef', name: first } : undefined;
}

/** C11 6.7.2: the words of a base type may come in any order. */
function baseSize(words: readonly string[]): Size | undefined {
  const counts = new Map<string, number>();
  for (const word of words.map((one) => one.replace(/^__(signed|volatile)__$/, '$1'))) counts.set(word, (counts.get(word) ?? 0) + 1);
  const longs = counts.get('long') ?? 0;
  const rest = [...counts.keys()].filter((word) => !/^(long|signed|unsigned|int)$/.test(word));
  const [special, ...more] = rest;
  if (more.length > 0 || counts.size === 0) return undefined;
  if (special === undefined) return natural(longs > 0 ? 8 : 4);
  const sizes: Readonly<Record<string, number>> = { char: 1, short: 2, float: 4, double: longs > 0 ? 16 : 8, bool: 1, _Bool: 1, __int128: 16, __uint128_t: 16 };
  const size = sizes[special];
  return size === undefined ? undefined : natural(size);
}

function natural(size: number): Size {
  return { size, align: size };
}

export const POINTER: Size = natural(8);

function typesOf(size: number, names: string, align = size): [string, Size][] {
  return names.split(/\s+/).map((name) => [name, { size, align }]);
}

/** Typedefs with the same size in every 64-bit x86 build; where each is declared stands beside it. */
export const KERNEL_TYPEDEFS: ReadonlyMap<string, Size> = new Map<string, Size>([
  // include/asm-generic/int-ll64.h, include/uapi/asm-generic/int-ll64.h
  ...typesOf(1, 'u8 s8 __u8 __s8'),
  ...typesOf(2, 'u16 s16 __u16 __s16'),
  ...typesOf(4, 'u32 s32 __u32 __s32'),
  ...typesOf(8, 'u64 s64 __u64 __s64'),
  // include/uapi/linux/types.h
  ...typesOf(2, '__le16 __be16 __sum16'),
  ...typesOf(4, '__le32 __be32 __wsum __poll_t'),
  ...typesOf(8, '__le64 __be64 __aligned_u64 __aligned_s64 __aligned_be64 __aligned_le64'),
  ...typesOf(16, '__u128 __s128 u128 s128'),
  // include/linux/types.h
  ...typesOf(1, 'u_char unchar u_int8_t int8_t uint8_t'),
  ...typesOf(2, 'u_short ushort u_int16_t int16_t uint16_t umode_t'),
  ...typesOf(4, 'u_int uint u_int32_t int32_t uint32_t nlink_t gfp_t slab_flags_t fmode_t atomic_t dev_t mode_t pid_t clockid_t timer_t key_t id_t uid_t gid_t daddr_t'),
  ...typesOf(8, 'u_long ulong u_int64_t int64_t uint64_t size_t ssize_t ptrdiff_t uintptr_t intptr_t ino_t off_t loff_t time_t clock_t caddr_t suseconds_t'),
  ...typesOf(8, 'sector_t blkcnt_t dma_addr_t phys_addr_t resource_size_t irq_hw_number_t pgoff_t atomic64_t atomic_long_t'),
  ...typesOf(2, 'uid16_t gid16_t old_uid_t old_gid_t'),
  // include/linux/uidgid.h, projid.h, refcount.h, mm_types.h, key.h, blk_types.h
  ...typesOf(4, 'kuid_t kgid_t kprojid_t refcount_t vm_fault_t key_serial_t blk_opf_t blk_qc_t'),
  ...typesOf(1, 'blk_status_t'),
  // include/linux/ktime.h, time64.h, errseq.h, netdev_features.h
  ...typesOf(8, 'ktime_t time64_t timeu64_t cycles_t netdev_features_t'),
  ...typesOf(4, 'errseq_t isolate_mode_t'),
  // include/linux/uuid.h
  ...typesOf(16, 'guid_t uuid_t', 1),
  // include/linux/interrupt.h, workqueue.h, fs.h, rcupdate.h: pointers
  ...typesOf(8, 'irq_handler_t work_func_t fl_owner_t rcu_callback_t'),
  // arch/x86/include/asm/pgtable_64_types.h, pgtable_types.h, uapi/asm/signal.h
  ...typesOf(8, 'pteval_t pmdval_t pudval_t p4dval_t pgdval_t pgprotval_t pte_t pmd_t pud_t p4d_t pgd_t pgprot_t sigset_t'),
  // arch/x86/include/asm/compat.h: aligned as on i386
  ...typesOf(8, 'compat_u64 compat_s64', 4),
]);

/** Records whose members are integers and pointers only, under every configuration. */
export const KERNEL_RECORDS: ReadonlyMap<string, Size> = new Map<string, Size>([
  // include/linux/types.h
  ...typesOf(16, 'list_head hlist_node callback_head rcu_head', 8),
  ...typesOf(8, 'hlist_head'),
  // include/linux/rbtree_types.h
  ...typesOf(24, 'rb_node', 8),
  ...typesOf(8, 'rb_root'),
  ...typesOf(16, 'rb_root_cached', 8),
  // include/linux/llist.h, list_bl.h, list_nulls.h, plist.h
  ...typesOf(8, 'llist_head llist_node hlist_bl_head hlist_nulls_head'),
  ...typesOf(16, 'hlist_bl_node hlist_nulls_node plist_head', 8),
  ...typesOf(40, 'plist_node', 8),
  // include/linux/kref.h, refcount.h
  ...typesOf(4, 'kref refcount_struct'),
  // include/linux/time64.h, path.h, dcache.h, percpu-refcount.h
  ...typesOf(16, 'timespec64 path qstr percpu_ref', 8),
  // include/uapi/linux/in.h, in6.h, include/linux/socket.h
  ...typesOf(4, 'in_addr'),
  ...typesOf(16, 'in6_addr', 4),
  ...typesOf(16, 'sockaddr', 2),
]);
