/** The words the scanner knows, as numbers below `Vocabulary.known`: one array look-up says what a word is. */
import { attributeMacros, keywords } from '../macros';
import { Flag } from './block';
import type { Names } from './names';

/** What a word is to the scanner; 0 is any name. */
export const Word = {
  name: 0,
  /** A keyword after which an expression stands: what follows is no declared name. */
  statement: 1,
  /** A keyword of a type or a specifier: a name right after it is declared. */
  type: 2,
  /** struct, union: a tag follows. */
  record: 3,
  enum: 4,
  /** An attribute, alone or with arguments. */
  attribute: 5,
  goto: 6,
  typedef: 7,
} as const;

/** Words of C that are no name and stand in declarations. */
const TYPE_WORDS = 'auto char const double extern float inline int long register restrict short signed static unsigned void volatile _Bool _Noreturn _Thread_local _Atomic __inline __inline__ __extension__ __thread __signed__ __const __volatile__ typeof __typeof__ __typeof __auto_type';

/** Types that everybody names and nobody asks for (include/linux/types.h of 6.1), and the two values of bool. */
const COMMON = 'bool u8 u16 u32 u64 s8 s16 s32 s64 __u8 __u16 __u32 __u64 __s8 __s16 __s32 __s64 __le16 __le32 __le64 __be16 __be32 __be64 size_t ssize_t loff_t uint ulong ushort gfp_t uint8_t uint16_t uint32_t uint64_t';

/** What the attributes say that the index keeps of a function. Sources as for `attributeMacros`. */
const FLAGS: Readonly<Record<string, number>> = {
  static: Flag.static,
  inline: Flag.inline, __inline: Flag.inline, __inline__: Flag.inline,
  __always_inline: Flag.alwaysInline, always_inline: Flag.alwaysInline, nokprobe_inline: Flag.alwaysInline, __no_kasan_or_inline: Flag.alwaysInline, __no_sanitize_or_inline: Flag.alwaysInline,
  noinline: Flag.neverInline, noinline_for_stack: Flag.neverInline, noinstr: Flag.neverInline | Flag.notrace, __noinline__: Flag.neverInline,
  __init: Flag.init, __init_or_module: Flag.init, __meminit: Flag.init, __net_init: Flag.init, __head: Flag.init,
  __exit: Flag.exit, __net_exit: Flag.exit, __memexit: Flag.exit,
  notrace: Flag.notrace, __weak: Flag.weak, weak: Flag.weak, __weak__: Flag.weak,
};

/**
 * Functions that are given a function to call later: threads, work, timers, interrupts, notifiers, callbacks after a grace period
 * (include/linux/{kthread,workqueue,timer,hrtimer,interrupt,notifier,rcupdate,smpboot,stop_machine,task_work,irq_work,smp}.h of 6.1).
 */
const REGISTRARS: ReadonlySet<string> = new Set((
  'kthread_run kthread_create kthread_create_on_node kthread_create_on_cpu kthread_run_on_cpu kthread_create_worker kernel_thread user_mode_thread kthread_init_work kthread_init_delayed_work ' +
  'INIT_WORK INIT_DELAYED_WORK INIT_DEFERRABLE_WORK INIT_WORK_ONSTACK INIT_RCU_WORK init_task_work init_irq_work timer_setup timer_setup_on_stack hrtimer_setup tasklet_setup tasklet_init open_softirq ' +
  'request_irq request_threaded_irq devm_request_irq devm_request_threaded_irq request_percpu_irq request_any_context_irq devm_request_any_context_irq free_irq ' +
  'call_rcu call_srcu call_rcu_tasks stop_machine stop_one_cpu stop_two_cpus smp_call_function smp_call_function_single smp_call_function_many on_each_cpu on_each_cpu_mask ' +
  'smpboot_register_percpu_thread cpuhp_setup_state cpuhp_setup_state_nocalls set_handle_irq netif_napi_add netif_napi_add_tx'
).split(' '));

/** Storage and linkage, which leave open what comes: `static DEFINE_MUTEX(x)`. In a record they are no type. */
const STORAGE: ReadonlySet<string> = new Set('static extern const volatile inline __inline __inline__ __extension__ register restrict _Noreturn __const'.split(' '));
const TYPE_OF: ReadonlySet<string> = new Set(['typeof', '__typeof__', '__typeof', '_Atomic']);
/** Macros whose arguments hold members (include/linux/stddef.h of 6.1). */
const GROUPS: ReadonlySet<string> = new Set(['struct_group', 'struct_group_attr', 'struct_group_tagged', '__struct_group']);

/** What else the scanner knows of a word. */
export const Trait = { takesArguments: 1, registers: 2, storage: 4, typeOf: 8, groups: 16 } as const;

export class Vocabulary {
  /** `Word` of each name below `known`. */
  readonly words: Uint8Array;
  readonly flags: Uint16Array;
  /** Bits of `Trait`. */
  readonly traits: Uint8Array;
  readonly known: number;

  /** Makes every known word the first names of an empty `names`. */
  constructor(names: Names) {
    const typeWords = new Set([...TYPE_WORDS.split(' '), ...COMMON.split(' ')]);
    const all = new Set([...keywords, 'true', 'false', ...typeWords, ...attributeMacros.keys(), ...Object.keys(FLAGS), ...REGISTRARS, ...GROUPS]);
    this.known = all.size;
    this.words = new Uint8Array(all.size);
    this.flags = new Uint16Array(all.size);
    this.traits = new Uint8Array(all.size);
    for (const word of all) {
      const id = names.internText(word);
      this.words[id] = kindOf(word, typeWords);
      this.flags[id] = FLAGS[word] ?? 0;
      this.traits[id] = (attributeMacros.get(word) === 'call' ? Trait.takesArguments : 0) | (REGISTRARS.has(word) ? Trait.registers : 0) | (STORAGE.has(word) ? Trait.storage : 0) | (TYPE_OF.has(word) ? Trait.typeOf : 0) | (GROUPS.has(word) ? Trait.groups : 0);
    }
  }

  /** Whether a name is known for it. */
  has(id: number, trait: number): boolean {
    return id < this.known && (((this.traits[id] ?? 0)) & trait) !== 0;
  }

  registers(id: number): boolean {
    return this.has(id, Trait.registers);
  }
}

function kindOf(word: string, typeWords: ReadonlySet<string>): number {
  if (word === 'struct' || word === 'union') return Word.record;
  if (word === 'enum') return Word.enum;
  if (word === 'goto') return Word.goto;
  if (word === 'typedef') return Word.typedef;
  if (typeWords.has(word)) return Word.type;
  if (attributeMacros.has(word) || word === '__attribute__' || word === '__noinline__' || word === 'always_inline') return Word.attribute;
  return keywords.has(word) || word === 'true' || word === 'false' ? Word.statement : Word.name;
}
