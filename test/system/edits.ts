/**
 * Small edits of real kernel files, and what a live patch of each has to replace. Which functions' machine code changes was asked of
 * gcc 12.2 (Linux 6.1, defconfig, x86-64) with compiler-truth.ts; where the heuristics say something else, `differs` says what, and why.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Replacement {
  readonly file: string;
  /** Tokens that occur once in the file. */
  readonly find: string;
  /** On as many lines as before: `__LINE__` in the code below stays what it is. */
  readonly replace: string;
}

export interface KernelEdit {
  readonly name: string;
  readonly replacements: readonly Replacement[];
  /** For headers: the .c files to ask gcc about. */
  readonly users?: readonly string[];
  readonly verdict: 'patchable' | 'unpatchable' | 'undecided';
  /** `name change`, for a reached function with `via` and the way, edited function first; by object, in any order. */
  readonly objects: Readonly<Record<string, readonly string[]>>;
  /** `rule severity function-or-symbol`, with `in` and the function that holds its code; in any order. */
  readonly findings: readonly string[];
  /** A part of each reason why the verdict is undecided. */
  readonly reasons?: readonly string[];
  readonly differs?: {
    /** Replaced by us, though gcc makes the same code of them. */
    readonly extra?: readonly string[];
    /** Changed by gcc, and not seen by us. */
    readonly missing?: readonly string[];
    readonly because: string;
  };
}

/** Edits of .c files: the tree need not be under git. */
export const edits: readonly KernelEdit[] = [
  // fs/proc/cmdline.c
  {
    name: 'a seq_file function whose address is stored',
    replacements: [{ file: 'fs/proc/cmdline.c', find: "'\\n');\n\treturn 0", replace: "'\\n');\n\treturn 1" }],
    verdict: 'patchable',
    objects: { vmlinux: ['cmdline_proc_show changed'] },
    findings: [],
  },
  {
    name: 'an initcall',
    replacements: [{ file: 'fs/proc/cmdline.c', find: '"cmdline", 0', replace: '"cmdline", 0400' }],
    verdict: 'unpatchable',
    objects: { vmlinux: ['proc_cmdline_init changed'] },
    findings: ['init-code error proc_cmdline_init'],
  },
  {
    name: 'a comment',
    replacements: [{ file: 'fs/proc/cmdline.c', find: 'return 0;\n}\nfs_initcall', replace: 'return 0; /* always */\n}\nfs_initcall' }],
    verdict: 'patchable',
    objects: {},
    findings: ['no-functional-change info'],
  },

  // fs/proc/meminfo.c
  {
    name: 'a small static helper of 47 calls',
    replacements: [{ file: 'fs/proc/meminfo.c', find: 'PAGE_SHIFT - 10), 8', replace: 'PAGE_SHIFT - 10), 9' }],
    verdict: 'patchable',
    objects: { vmlinux: ['show_val_kb changed', 'meminfo_proc_show reached via show_val_kb'] },
    findings: ['inlined-callers info show_val_kb'],
  },
  {
    name: 'a long function',
    replacements: [{ file: 'fs/proc/meminfo.c', find: 'if (cached < 0)', replace: 'if (cached < 9)' }],
    verdict: 'patchable',
    objects: { vmlinux: ['meminfo_proc_show changed'] },
    findings: [],
  },
  {
    name: 'a weak function: its callers hold no copy',
    replacements: [{ file: 'fs/proc/meminfo.c', find: 'arch_report_meminfo(struct seq_file *m)\n{', replace: 'arch_report_meminfo(struct seq_file *m)\n{ seq_putc(m, 0);' }],
    verdict: 'patchable',
    objects: { vmlinux: ['arch_report_meminfo changed'] },
    findings: ['weak-symbol warning arch_report_meminfo'],
  },

  // fs/ext4/super.c; without a .config its tristate option is taken as a module
  {
    name: 'a static function called once',
    replacements: [{ file: 'fs/ext4/super.c', find: 'return bdi->dev == NULL', replace: 'return bdi->dev != NULL' }],
    verdict: 'patchable',
    objects: { ext4: ['block_device_ejected changed', 'ext4_commit_super reached via block_device_ejected'] },
    findings: ['inlined-callers info block_device_ejected', 'late-module info ext4'],
  },
  {
    name: 'a static helper that is called through a macro',
    replacements: [{ file: 'fs/ext4/super.c', find: '(*hi) << 32) +', replace: '(*hi) << 33) +' }],
    verdict: 'patchable',
    objects: {
      ext4: ['__ext4_get_tstamp changed', 'ext4_setup_super reached via __ext4_get_tstamp > ext4_get_tstamp', 'print_daily_error_info reached via __ext4_get_tstamp > ext4_get_tstamp'],
    },
    findings: ['inlined-callers info __ext4_get_tstamp', 'late-module info ext4'],
  },
  {
    name: 'that macro itself',
    replacements: [{ file: 'fs/ext4/super.c', find: '\t__ext4_get_tstamp(&', replace: '\t1 + __ext4_get_tstamp(&' }],
    verdict: 'patchable',
    objects: { ext4: ['ext4_setup_super reached via ext4_get_tstamp', 'print_daily_error_info reached via ext4_get_tstamp'] },
    findings: ['late-module info ext4'],
  },
  {
    name: 'a static function that both its callers hold, and they are one another\'s',
    replacements: [{ file: 'fs/ext4/super.c', find: 'return EXT4_ERR_UNKNOWN;', replace: 'return EXT4_ERR_UNKNOWN + 1;' }],
    verdict: 'patchable',
    objects: { ext4: ['ext4_errno_to_code changed', 'ext4_update_super reached via ext4_errno_to_code'] },
    findings: ['inlined-callers info ext4_errno_to_code', 'late-module info ext4'],
  },
  {
    name: 'a global function called from other files only',
    replacements: [{ file: 'fs/ext4/super.c', find: 's_journal;\n\treturn ext4_journal_force', replace: 's_journal; if (!journal) return 0;\n\treturn ext4_journal_force' }],
    verdict: 'patchable',
    objects: { ext4: ['ext4_force_commit changed'] },
    findings: ['late-module info ext4'],
  },
  {
    name: 'an entry of an ops table',
    replacements: [{ file: 'fs/ext4/super.c', find: '= ext4_drop_inode,', replace: '= NULL,' }],
    verdict: 'unpatchable',
    objects: {},
    findings: ['ops-table error ext4_sops'],
    differs: { missing: ['ext4_drop_inode'], because: 'a static function nobody names any more is dropped by gcc; it stays loaded in the running kernel, and nothing calls the patched one' },
  },
  {
    name: 'a static __init function within another',
    replacements: [{ file: 'fs/ext4/super.c', find: 'if (ext4_inode_cachep == NULL)', replace: 'if (ext4_inode_cachep == NULL + 1)' }],
    verdict: 'unpatchable',
    objects: { ext4: ['init_inodecache changed', 'ext4_init_fs reached via init_inodecache'] },
    findings: ['init-code error init_inodecache', 'init-code error init_inodecache in ext4_init_fs', 'inlined-callers info init_inodecache', 'late-module info ext4'],
  },

  // net/core/dev.c
  {
    name: 'a static variable\'s initial value',
    replacements: [{ file: 'net/core/dev.c', find: 'napi_gen_id = NR_CPUS;', replace: 'napi_gen_id = NR_CPUS + 1;' }],
    verdict: 'unpatchable',
    objects: {},
    findings: ['variable-initializer error napi_gen_id'],
  },
  {
    name: 'a small static helper whose three callers are long',
    replacements: [{ file: 'net/core/dev.c', find: 'ndo_change_rx_flags(dev, flags);', replace: 'ndo_change_rx_flags(dev, flags | 1);' }],
    verdict: 'patchable',
    objects: {
      vmlinux: [
        'dev_change_rx_flags changed', '__dev_set_promiscuity reached via dev_change_rx_flags', '__dev_set_allmulti reached via dev_change_rx_flags',
        '__dev_change_flags reached via dev_change_rx_flags',
      ],
    },
    findings: ['inlined-callers info dev_change_rx_flags'],
  },
  {
    name: 'a small exported function that the same file calls',
    replacements: [{ file: 'net/core/dev.c', find: 'dev_get_by_index_rcu(struct net *net, int ifindex)\n{', replace: 'dev_get_by_index_rcu(struct net *net, int ifindex)\n{ if (!ifindex) return NULL;' }],
    verdict: 'patchable',
    objects: {
      vmlinux: [
        'dev_get_by_index_rcu changed', 'dev_get_by_index reached via dev_get_by_index_rcu', 'netdev_get_name reached via dev_get_by_index_rcu',
        'bpf_xdp_link_attach reached via dev_get_by_index_rcu > dev_get_by_index',
      ],
    },
    findings: ['inlined-callers info dev_get_by_index_rcu'],
  },
  {
    name: 'a new member of a struct',
    replacements: [{ file: 'net/core/dev.c', find: 'no refcnt held */\n\tint flags;', replace: 'no refcnt held */\n\tint flags, drops, lost;' }],
    verdict: 'unpatchable',
    objects: { vmlinux: ['bpf_xdp_link_attach reached via bpf_xdp_link'] },
    findings: ['struct-layout error bpf_xdp_link'],
  },

  // kernel/sched/core.c
  {
    name: 'a function that sleeps on nobody\'s stack',
    replacements: [{ file: 'kernel/sched/core.c', find: 'p == current)\n\t\treturn 0;\n\n\t/* Only', replace: 'p == current)\n\t\treturn 1;\n\n\t/* Only' }],
    verdict: 'patchable',
    objects: { vmlinux: ['get_wchan changed'] },
    findings: [],
  },
  {
    name: 'an inline function, of which there is another under #else',
    replacements: [{ file: 'kernel/sched/core.c', find: '& _TIF_POLLING_NRFLAG);\n}', replace: '& (_TIF_POLLING_NRFLAG | 1));\n}' }],
    verdict: 'patchable',
    objects: {
      vmlinux: ['set_nr_and_not_polling changed', 'resched_curr reached via set_nr_and_not_polling', 'wake_up_nohz_cpu reached via set_nr_and_not_polling > wake_up_idle_cpu'],
    },
    findings: ['inlined-callers info set_nr_and_not_polling'],
  },
  {
    name: 'an inline function three deep',
    replacements: [{ file: 'kernel/sched/core.c', find: 'prio = MAX_DL_PRIO - 1;', replace: 'prio = MAX_DL_PRIO - 2;' }],
    verdict: 'patchable',
    objects: {
      vmlinux: ['__normal_prio changed', 'set_user_nice reached via __normal_prio > normal_prio > effective_prio', '__sched_setscheduler reached via __normal_prio'],
    },
    findings: ['inlined-callers info __normal_prio'],
  },
  {
    name: 'a notrace function',
    replacements: [{ file: 'kernel/sched/core.c', find: 'notrace dynamic_preempt_schedule(void)\n{', replace: 'notrace dynamic_preempt_schedule(void)\n{ cpu_relax();' }],
    verdict: 'unpatchable',
    objects: { vmlinux: ['dynamic_preempt_schedule changed'] },
    findings: ['notrace error dynamic_preempt_schedule', 'scheduler-function warning dynamic_preempt_schedule', 'special-text-section info dynamic_preempt_schedule'],
    differs: { because: 'gcc compiles nothing of it: x86 selects HAVE_PREEMPT_DYNAMIC_CALL, and the function stands in the branch of HAVE_PREEMPT_DYNAMIC_KEY; there is no .config to tell' },
  },
  {
    name: 'a boot parameter',
    replacements: [{ file: 'kernel/sched/core.c', find: 'set_schedstats(false);\n\t\tret = 1', replace: 'set_schedstats(false);\n\t\tret = 2' }],
    verdict: 'unpatchable',
    objects: { vmlinux: ['setup_schedstats changed'] },
    findings: ['init-code error setup_schedstats'],
  },

  // mm/page_alloc.c
  {
    name: 'a tunable\'s initial value',
    replacements: [{ file: 'mm/page_alloc.c', find: 'min_free_kbytes = 1024', replace: 'min_free_kbytes = 2048' }],
    verdict: 'unpatchable',
    objects: {},
    findings: ['variable-initializer error min_free_kbytes'],
  },
  {
    name: 'a table of destructors',
    replacements: [{ file: 'mm/page_alloc.c', find: '[COMPOUND_PAGE_DTOR] = free_compound_page', replace: '[COMPOUND_PAGE_DTOR] = NULL' }],
    verdict: 'unpatchable',
    objects: {},
    findings: ['ops-table error compound_page_dtors'],
  },
  {
    name: 'a static predicate of one long function',
    replacements: [{ file: 'mm/page_alloc.c', find: 'if (!(flags & SHOW_MEM_FILTER_NODES))', replace: 'if (!(flags & (SHOW_MEM_FILTER_NODES | 4)))' }],
    verdict: 'patchable',
    objects: { vmlinux: ['show_mem_node_skip changed', '__show_free_areas reached via show_mem_node_skip'] },
    findings: ['inlined-callers info show_mem_node_skip'],
    differs: { extra: ['show_mem_node_skip'], because: 'gcc splits it: the edited test is inlined, the rest keeps a symbol and its code' },
  },
  {
    name: 'a constant',
    replacements: [{ file: 'mm/page_alloc.c', find: 'HIGH_FRACTION (8)', replace: 'HIGH_FRACTION (4)' }],
    verdict: 'patchable',
    objects: { vmlinux: ['percpu_pagelist_high_fraction_sysctl_handler reached via MIN_PERCPU_PAGELIST_HIGH_FRACTION'] },
    findings: [],
  },
  {
    name: 'a macro that an __init function uses, too',
    replacements: [{ file: 'mm/page_alloc.c', find: '((x) << (PAGE_SHIFT-10))', replace: '((x) << (PAGE_SHIFT-11))' }],
    verdict: 'unpatchable',
    objects: { vmlinux: ['__show_free_areas reached via K', 'free_reserved_area reached via K', 'mem_init_print_info reached via K'] },
    findings: ['init-code error K in mem_init_print_info'],
  },
  {
    name: 'an exported function that a header\'s macro calls',
    replacements: [{ file: 'mm/page_alloc.c', find: 'if (addr != 0) {\n\t\tVM_BUG', replace: 'if (addr > 1) {\n\t\tVM_BUG' }],
    verdict: 'patchable',
    objects: { vmlinux: ['free_pages changed'] },
    findings: [],
    differs: { missing: ['free_pages_exact'], because: 'it calls free_pages by the name of free_page(), a macro of include/linux/gfp.h' },
  },
];

/** Edits of headers: who uses a name is known in full where git can be asked. */
export const headerEdits: readonly KernelEdit[] = [
  {
    name: 'a helper that one function uses',
    replacements: [{ file: 'include/linux/netdevice.h', find: 'cpu_max_bits_warn(j, nr_bits);\n\treturn test_bit(j, mask);', replace: 'cpu_max_bits_warn(j, nr_bits);\n\treturn !test_bit(j, mask);' }],
    users: ['net/core/dev.c', 'net/core/net-sysfs.c'],
    verdict: 'patchable',
    objects: { vmlinux: ['netif_attr_test_mask changed', '__netif_set_xps_queue reached via netif_attr_test_mask'] },
    findings: ['inlined-callers info netif_attr_test_mask'],
  },
  {
    name: 'a helper that another header\'s helper uses',
    replacements: [{ file: 'kernel/sched/sched.h', find: 'return policy == SCHED_FIFO ||', replace: 'return policy == SCHED_RR + 1 ||' }],
    users: ['kernel/sched/core.c', 'kernel/sched/fair.c', 'kernel/sched/build_policy.c', 'kernel/sched/build_utility.c'],
    verdict: 'unpatchable',
    objects: {
      vmlinux: [
        'rt_policy changed', '__sched_setscheduler reached via rt_policy', 'sched_fork reached via rt_policy > task_has_rt_policy',
        'set_user_nice reached via rt_policy > task_has_rt_policy', '__do_sys_sched_getparam reached via rt_policy > task_has_rt_policy',
        '__do_sys_sched_setattr reached via rt_policy > task_has_rt_policy > get_params',
        '__do_sys_sched_getattr reached via rt_policy > task_has_rt_policy > get_params',
      ],
    },
    findings: ['inlined-callers info rt_policy', 'syscall-wrapper error rt_policy in __do_sys_sched_getparam', 'syscall-wrapper warning rt_policy in __do_sys_sched_getattr', 'syscall-wrapper warning rt_policy in __do_sys_sched_setattr'],
    reasons: ['__do_sys_sched_getparam, the inline body of a system call'],
    differs: {
      extra: ['__do_sys_sched_getattr', '__do_sys_sched_getparam'],
      missing: ['__ia32_sys_sched_getattr', '__ia32_sys_sched_getparam', '__x64_sys_sched_getattr', '__x64_sys_sched_getparam'],
      because: 'the body of a system call is inlined into one wrapper for each calling convention; we name the body, as the source does',
    },
  },
  {
    name: 'a helper in functions that are inlined themselves',
    replacements: [{ file: 'include/linux/mmzone.h', find: 'mt < MIGRATE_PCPTYPES', replace: 'mt <= MIGRATE_PCPTYPES' }],
    users: ['mm/page_alloc.c'],
    verdict: 'unpatchable',
    objects: {
      vmlinux: [
        'migratetype_is_mergeable changed', '__free_one_page reached via migratetype_is_mergeable', '__isolate_free_page reached via migratetype_is_mergeable',
        'get_page_from_freelist reached via migratetype_is_mergeable > reserve_highatomic_pageblock',
      ],
    },
    findings: ['inline-notrace error migratetype_is_mergeable in __free_one_page', 'inlined-callers info migratetype_is_mergeable'],
    differs: {
      missing: ['__putback_isolated_page'],
      because: '__free_one_page is declared inline and too large for it: gcc keeps it a function, which is notrace as every inline one, and inlines it into one caller all the same',
    },
  },
];

/** Both texts of the files of an edit, by path. Throws when a snippet does not occur exactly once. */
export function textsOf(edit: KernelEdit, tree: string): Map<string, { readonly before: string; readonly after: string }> {
  const texts = new Map<string, { before: string; after: string }>();
  for (const { file, find, replace } of edit.replacements) {
    const { before, after } = texts.get(file) ?? sameText(readFileSync(join(tree, file), 'utf8'));
    if (after.split(find).length !== 2) throw new Error(`${edit.name}: ${JSON.stringify(find)} occurs ${after.split(find).length - 1} times in ${file}`);
    texts.set(file, { before, after: after.replace(find, () => replace) });
  }
  return texts;
}

const sameText = (text: string): { before: string; after: string } => ({ before: text, after: text });
