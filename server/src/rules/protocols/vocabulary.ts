/**
 * The kernel's pairs: what takes and releases a lock, gets and puts a reference, allocates and frees memory. Data only; one line for each pair,
 * names apart by spaces. test/system/names.test.ts looks every name up in Linux 6.1 (those of other versions stand in NOT_IN_6_1).
 */

export interface LockPair {
  /** What is locked, and how, where that matters: the same lock taken for reading and for writing is two. */
  readonly kind: string;
  readonly take: string;
  /** Takes it or fails, so that what follows may run with or without the lock. */
  readonly tryTake?: string;
  readonly release: string;
  /** Which argument is the lock; absent where there is but one of its kind. */
  readonly argument?: number;
  /** Keeps something off this CPU or keeps readers' data alive: no lock that others wait for, so order does not matter. */
  readonly isSection?: true;
}

export const LOCKS: readonly LockPair[] = [
  // include/linux/mutex.h, ww_mutex.h, rtmutex.h
  { kind: 'mutex', argument: 0, take: 'mutex_lock mutex_lock_nested mutex_lock_io mutex_lock_nest_lock', tryTake: 'mutex_trylock mutex_lock_interruptible mutex_lock_killable mutex_lock_interruptible_nested mutex_lock_killable_nested', release: 'mutex_unlock' },
  { kind: 'ww_mutex', argument: 0, take: 'ww_mutex_lock_slow', tryTake: 'ww_mutex_lock ww_mutex_lock_interruptible ww_mutex_trylock', release: 'ww_mutex_unlock' },
  { kind: 'rt_mutex', argument: 0, take: 'rt_mutex_lock', tryTake: 'rt_mutex_lock_interruptible rt_mutex_trylock', release: 'rt_mutex_unlock' },
  // include/linux/spinlock.h: how interrupts are kept off is no part of the lock.
  {
    kind: 'spinlock',
    argument: 0,
    take: 'spin_lock spin_lock_bh spin_lock_irq spin_lock_irqsave spin_lock_nested spin_lock_irqsave_nested spin_lock_bh_nested spin_lock_nest_lock raw_spin_lock raw_spin_lock_bh raw_spin_lock_irq raw_spin_lock_irqsave raw_spin_lock_nested raw_spin_lock_irqsave_nested',
    tryTake: 'spin_trylock spin_trylock_bh spin_trylock_irq spin_trylock_irqsave raw_spin_trylock raw_spin_trylock_irq raw_spin_trylock_irqsave',
    release: 'spin_unlock spin_unlock_bh spin_unlock_irq spin_unlock_irqrestore raw_spin_unlock raw_spin_unlock_bh raw_spin_unlock_irq raw_spin_unlock_irqrestore',
  },
  // include/linux/rwlock.h
  { kind: 'rwlock for reading', argument: 0, take: 'read_lock read_lock_bh read_lock_irq read_lock_irqsave', tryTake: 'read_trylock', release: 'read_unlock read_unlock_bh read_unlock_irq read_unlock_irqrestore' },
  { kind: 'rwlock for writing', argument: 0, take: 'write_lock write_lock_bh write_lock_irq write_lock_irqsave', tryTake: 'write_trylock write_trylock_irqsave', release: 'write_unlock write_unlock_bh write_unlock_irq write_unlock_irqrestore' },
  // include/linux/rwsem.h, semaphore.h, percpu-rwsem.h
  { kind: 'rw_semaphore for reading', argument: 0, take: 'down_read down_read_nested down_read_non_owner', tryTake: 'down_read_trylock down_read_interruptible down_read_killable', release: 'up_read up_read_non_owner' },
  { kind: 'rw_semaphore for writing', argument: 0, take: 'down_write down_write_nested down_write_nest_lock', tryTake: 'down_write_trylock down_write_killable', release: 'up_write downgrade_write' },
  { kind: 'semaphore', argument: 0, take: 'down', tryTake: 'down_interruptible down_killable down_trylock down_timeout', release: 'up' },
  { kind: 'percpu_rw_semaphore for reading', argument: 0, take: 'percpu_down_read', tryTake: 'percpu_down_read_trylock', release: 'percpu_up_read' },
  { kind: 'percpu_rw_semaphore for writing', argument: 0, take: 'percpu_down_write', release: 'percpu_up_write' },
  // include/linux/seqlock.h, bit_spinlock.h, local_lock.h, list_bl.h
  { kind: 'seqlock', argument: 0, take: 'write_seqlock write_seqlock_bh write_seqlock_irq write_seqlock_irqsave read_seqlock_excl read_seqlock_excl_bh', release: 'write_sequnlock write_sequnlock_bh write_sequnlock_irq write_sequnlock_irqrestore read_sequnlock_excl read_sequnlock_excl_bh' },
  { kind: 'seqcount', argument: 0, take: 'write_seqcount_begin raw_write_seqcount_begin', release: 'write_seqcount_end raw_write_seqcount_end', isSection: true },
  { kind: 'bit lock', argument: 1, take: 'bit_spin_lock', tryTake: 'bit_spin_trylock', release: 'bit_spin_unlock __bit_spin_unlock' },
  { kind: 'local lock', argument: 0, take: 'local_lock local_lock_irq local_lock_irqsave', release: 'local_unlock local_unlock_irq local_unlock_irqrestore', isSection: true },
  { kind: 'bit lock of a list', argument: 0, take: 'hlist_bl_lock', release: 'hlist_bl_unlock' },
  // Locks with a name of their own: include/net/sock.h, linux/{fs,mmap_lock,sched/task,device,pagemap,netdevice}.h
  { kind: 'socket', argument: 0, take: 'lock_sock lock_sock_nested', release: 'release_sock' },
  { kind: 'socket spinlock', argument: 0, take: 'bh_lock_sock bh_lock_sock_nested', release: 'bh_unlock_sock' },
  { kind: 'inode', argument: 0, take: 'inode_lock inode_lock_nested', tryTake: 'inode_trylock', release: 'inode_unlock' },
  { kind: 'inode for reading', argument: 0, take: 'inode_lock_shared inode_lock_shared_nested', tryTake: 'inode_trylock_shared', release: 'inode_unlock_shared' },
  { kind: 'mmap_lock for reading', argument: 0, take: 'mmap_read_lock', tryTake: 'mmap_read_trylock mmap_read_lock_killable', release: 'mmap_read_unlock mmap_read_unlock_non_owner' },
  { kind: 'mmap_lock for writing', argument: 0, take: 'mmap_write_lock mmap_write_lock_nested', tryTake: 'mmap_write_lock_killable', release: 'mmap_write_unlock mmap_write_downgrade' },
  { kind: 'i_mmap_rwsem for writing', argument: 0, take: 'i_mmap_lock_write', tryTake: 'i_mmap_trylock_write', release: 'i_mmap_unlock_write' },
  { kind: 'i_mmap_rwsem for reading', argument: 0, take: 'i_mmap_lock_read', tryTake: 'i_mmap_trylock_read', release: 'i_mmap_unlock_read' },
  { kind: 'alloc_lock of a task', argument: 0, take: 'task_lock', release: 'task_unlock' },
  { kind: 'device', argument: 0, take: 'device_lock', tryTake: 'device_lock_interruptible device_trylock', release: 'device_unlock' },
  { kind: 'page', argument: 0, take: 'lock_page', tryTake: 'lock_page_killable trylock_page', release: 'unlock_page' },
  { kind: 'folio', argument: 0, take: 'folio_lock', tryTake: 'folio_lock_killable folio_trylock', release: 'folio_unlock' },
  { kind: 'transmit queues', argument: 0, take: 'netif_tx_lock netif_tx_lock_bh', release: 'netif_tx_unlock netif_tx_unlock_bh' },
  // Of which there is one: include/linux/{rtnetlink,console,cpu}.h
  { kind: 'rtnl_mutex', take: 'rtnl_lock', tryTake: 'rtnl_trylock rtnl_lock_killable', release: 'rtnl_unlock' },
  { kind: 'console_sem', take: 'console_lock', tryTake: 'console_trylock', release: 'console_unlock' },
  { kind: 'cpu_hotplug_lock', take: 'cpus_read_lock get_online_cpus', tryTake: 'cpus_read_trylock', release: 'cpus_read_unlock put_online_cpus' },
  // Sections: include/linux/{rcupdate,srcu,preempt,irqflags,bottom_half}.h
  { kind: 'RCU read section', take: 'rcu_read_lock', release: 'rcu_read_unlock', isSection: true },
  { kind: 'RCU-bh read section', take: 'rcu_read_lock_bh', release: 'rcu_read_unlock_bh', isSection: true },
  { kind: 'RCU-sched read section', take: 'rcu_read_lock_sched rcu_read_lock_sched_notrace', release: 'rcu_read_unlock_sched rcu_read_unlock_sched_notrace', isSection: true },
  { kind: 'SRCU read section', argument: 0, take: 'srcu_read_lock', release: 'srcu_read_unlock', isSection: true },
  { kind: 'preemption off', take: 'preempt_disable get_cpu', release: 'preempt_enable preempt_enable_no_resched put_cpu', isSection: true },
  { kind: 'interrupts off', take: 'local_irq_disable local_irq_save', release: 'local_irq_enable local_irq_restore', isSection: true },
  { kind: 'softirqs off', take: 'local_bh_disable', release: 'local_bh_enable', isSection: true },
];

/** `guard(mutex)(&lock)` and `scoped_guard(mutex, &lock)`: the kind each class of include/linux/cleanup.h takes; it releases by itself. */
export const GUARDS: Readonly<Record<string, string>> = {
  mutex: 'mutex', spinlock: 'spinlock', spinlock_irq: 'spinlock', spinlock_irqsave: 'spinlock', spinlock_bh: 'spinlock', raw_spinlock: 'spinlock', raw_spinlock_irq: 'spinlock', raw_spinlock_irqsave: 'spinlock',
  rwsem_read: 'rw_semaphore for reading', rwsem_write: 'rw_semaphore for writing', read_lock: 'rwlock for reading', write_lock: 'rwlock for writing', device: 'device',
};

export interface ReferencePair {
  /** What is counted, for messages. */
  readonly kind: string;
  /** Takes a reference to its first argument. */
  readonly get?: string;
  /** Gives an object with a reference taken. */
  readonly find?: string;
  /** Drops a reference to its first argument. */
  readonly put: string;
}

export const REFERENCES: readonly ReferencePair[] = [
  // Counters: include/linux/{kref,refcount,kobject}.h
  { kind: 'kref', get: 'kref_get kref_get_unless_zero', put: 'kref_put kref_put_mutex kref_put_lock' },
  { kind: 'refcount', get: 'refcount_inc refcount_inc_not_zero', put: 'refcount_dec refcount_dec_and_test refcount_dec_and_lock refcount_dec_and_mutex_lock refcount_dec_and_lock_irqsave' },
  { kind: 'kobject', get: 'kobject_get kobject_get_unless_zero', put: 'kobject_put' },
  // Memory: include/linux/mm.h, sched/mm.h
  { kind: 'page', get: 'get_page', find: 'find_get_page grab_cache_page', put: 'put_page' },
  { kind: 'folio', get: 'folio_get folio_try_get', find: 'filemap_get_folio', put: 'folio_put' },
  { kind: 'users of an mm', get: 'mmget mmget_not_zero', find: 'get_task_mm', put: 'mmput mmput_async' },
  { kind: 'mm', get: 'mmgrab', put: 'mmdrop' },
  // Processes: include/linux/{sched/task,pid,cred,pid_namespace}.h, net/net_namespace.h
  { kind: 'task', get: 'get_task_struct', find: 'get_pid_task find_get_task_by_vpid', put: 'put_task_struct' },
  { kind: 'pid', get: 'get_pid', find: 'find_get_pid get_task_pid', put: 'put_pid' },
  { kind: 'credentials', get: 'get_cred', find: 'get_task_cred get_current_cred', put: 'put_cred' },
  { kind: 'network namespace', get: 'get_net maybe_get_net', find: 'get_net_ns_by_pid get_net_ns_by_fd', put: 'put_net' },
  // Files: include/linux/{file,fs,dcache,mount,path}.h
  { kind: 'file', get: 'get_file', find: 'fget fget_raw', put: 'fput' },
  { kind: 'fd', find: 'fdget fdget_pos fdget_raw', put: 'fdput fdput_pos' },
  { kind: 'dentry', get: 'dget', find: 'dget_parent d_find_alias', put: 'dput' },
  { kind: 'inode', get: 'ihold igrab', find: 'ilookup ilookup5 iget_locked iget5_locked', put: 'iput' },
  { kind: 'mount', get: 'mntget', put: 'mntput' },
  { kind: 'path', get: 'path_get', put: 'path_put' },
  { kind: 'buffer head', get: 'get_bh', find: 'sb_bread sb_getblk __getblk', put: 'put_bh brelse __brelse' },
  // Devices: include/linux/{device,of,pci,usb,module,fwnode,pm_runtime}.h
  { kind: 'device', get: 'get_device', find: 'bus_find_device driver_find_device class_find_device device_find_child', put: 'put_device' },
  {
    kind: 'device tree node',
    get: 'of_node_get',
    find: 'of_find_node_by_name of_find_node_by_path of_find_node_by_phandle of_find_compatible_node of_find_matching_node of_get_parent of_get_next_child of_get_child_by_name of_parse_phandle of_get_next_available_child',
    put: 'of_node_put',
  },
  { kind: 'firmware node', get: 'fwnode_handle_get', find: 'fwnode_find_reference fwnode_get_named_child_node', put: 'fwnode_handle_put' },
  { kind: 'PCI device', get: 'pci_dev_get', find: 'pci_get_device pci_get_slot pci_get_domain_bus_and_slot', put: 'pci_dev_put' },
  { kind: 'USB device', get: 'usb_get_dev', put: 'usb_put_dev' },
  { kind: 'module', get: '__module_get try_module_get', put: 'module_put' },
  { kind: 'runtime power', get: 'pm_runtime_get pm_runtime_get_sync pm_runtime_get_noresume pm_runtime_resume_and_get', put: 'pm_runtime_put pm_runtime_put_sync pm_runtime_put_noidle pm_runtime_put_autosuspend pm_runtime_put_sync_suspend' },
  // Networking: include/net/{sock,dst,neighbour}.h, linux/{netdevice,inetdevice}.h
  { kind: 'socket', get: 'sock_hold', find: 'sockfd_lookup', put: 'sock_put sockfd_put' },
  { kind: 'network device', get: 'dev_hold netdev_hold', find: 'dev_get_by_index dev_get_by_name', put: 'dev_put netdev_put' },
  { kind: 'destination', get: 'dst_hold dst_clone', put: 'dst_release' },
  { kind: 'neighbor', get: 'neigh_hold', find: 'neigh_lookup', put: 'neigh_release' },
  { kind: 'IPv4 configuration', find: 'in_dev_get', put: 'in_dev_put' },
  { kind: 'IPv6 configuration', find: 'in6_dev_get', put: 'in6_dev_put' },
  // Blocks, groups, keys: include/linux/{bio,cgroup,key}.h
  { kind: 'bio', get: 'bio_get', put: 'bio_put' },
  { kind: 'cgroup', get: 'cgroup_get', put: 'cgroup_put' },
  { kind: 'css', get: 'css_get css_tryget css_tryget_online', put: 'css_put' },
  { kind: 'key', get: 'key_get', put: 'key_put' },
];

/** Counters that are references when the field says so (`refcnt`, `users`): include/linux/atomic. */
export const COUNTERS = { get: 'atomic_inc atomic_inc_not_zero atomic_long_inc', put: 'atomic_dec atomic_dec_and_test atomic_dec_and_lock atomic_long_dec atomic_long_dec_and_test', fields: /(ref|cnt_?ref|refs?|refcnt|refcount|ref_count|usage|users|use_count|usecnt)$/i };

/** Freed at once, and freed when no reader can see it any more: include/linux/rcupdate.h. */
export const AT_ONCE = 'kfree kvfree kmem_cache_free';
export const AFTER_RCU = 'kfree_rcu kvfree_rcu call_rcu call_srcu call_rcu_tasks kfree_rcu_mightsleep';

export interface Allocator {
  readonly kind: string;
  /** Give the memory as result. */
  readonly alloc: string;
  /** What may free it. */
  readonly free: string;
  /** Which argument of the free functions is the memory; the first unless said. */
  readonly argument?: number;
  /** Has a count of its users, so that freeing is dropping a reference. */
  readonly isCounted?: true;
}

export const ALLOCATORS: readonly Allocator[] = [
  // include/linux/slab.h, string.h, mm/util.c
  { kind: 'kmalloc', alloc: 'kmalloc kzalloc kcalloc kmalloc_array kmalloc_node kzalloc_node kcalloc_node krealloc kstrdup kstrdup_const kstrndup kmemdup kmemdup_nul kasprintf kvasprintf memdup_user memdup_user_nul strndup_user bitmap_alloc bitmap_zalloc', free: 'kfree kfree_sensitive kfree_rcu kfree_const kvfree kvfree_rcu bitmap_free' },
  { kind: 'kvmalloc', alloc: 'kvmalloc kvzalloc kvcalloc kvmalloc_array kvmalloc_node kvzalloc_node vmemdup_user', free: 'kvfree kvfree_sensitive kvfree_rcu' },
  // include/linux/vmalloc.h
  { kind: 'vmalloc', alloc: 'vmalloc vzalloc vmalloc_node vzalloc_node vmalloc_user vmalloc_32 __vmalloc vcalloc __vmalloc_array', free: 'vfree vfree_atomic kvfree kvfree_sensitive' },
  { kind: 'kmem_cache', alloc: 'kmem_cache_alloc kmem_cache_zalloc kmem_cache_alloc_node', free: 'kmem_cache_free', argument: 1 },
  // include/linux/gfp.h
  { kind: 'page', alloc: 'alloc_page alloc_pages alloc_pages_node', free: '__free_page __free_pages put_page', isCounted: true },
  { kind: 'page address', alloc: '__get_free_page __get_free_pages get_zeroed_page', free: 'free_page free_pages' },
  // include/linux/percpu.h, dma-mapping.h, device.h, skbuff.h
  { kind: 'per-CPU', alloc: 'alloc_percpu alloc_percpu_gfp __alloc_percpu __alloc_percpu_gfp', free: 'free_percpu' },
  { kind: 'DMA', alloc: 'dma_alloc_coherent dma_alloc_attrs dma_alloc_noncoherent', free: 'dma_free_coherent dma_free_attrs dma_free_noncoherent', argument: 2 },
  { kind: 'device-managed', alloc: 'devm_kmalloc devm_kzalloc devm_kcalloc devm_kmalloc_array devm_kstrdup devm_kmemdup devm_kasprintf', free: 'devm_kfree', argument: 1 },
  { kind: 'sk_buff', alloc: 'alloc_skb dev_alloc_skb netdev_alloc_skb __netdev_alloc_skb skb_clone skb_copy pskb_copy', free: 'kfree_skb consume_skb kfree_skb_reason dev_kfree_skb dev_kfree_skb_any dev_kfree_skb_irq dev_consume_skb_any', isCounted: true },
];

/** Names above that Linux 6.1 does not have: cpus_read_lock() and cpus_read_unlock() took their place in 5.15. */
export const NOT_IN_6_1: ReadonlySet<string> = new Set(['get_online_cpus', 'put_online_cpus']);

/** `'a b'` -> `['a', 'b']`. */
export const namesIn = (list: string | undefined): string[] => (list === undefined ? [] : list.split(' '));
