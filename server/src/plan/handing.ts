/**
 * Functions that are handed on to be called: what of a file calls those it is handed, and what of the kernel's headers does. Once the one that calls is inlined, or copied for what it
 * is handed (gcc's ipa-cp.cc), the call is a direct one, and gcc inlines what is called like any other.
 */
import type { CallUse, FunctionFact } from '../syntax/facts';

/** A call by which a function goes to another of the file, which calls it. */
export interface Handing {
  readonly caller: FunctionFact;
  readonly through: FunctionFact;
  /** Which argument, from 0. */
  readonly argument: number;
}

/** Inline functions (all of Linux 6.1's include/linux that call a parameter) and macros, and which arguments they call, from 0. */
const OF_HEADERS: ReadonlyMap<string, readonly number[]> = new Map([
  ['kref_put', [1]], ['kref_put_mutex', [1]], ['kref_put_lock', [1]], // kref.h
  ['rb_add', [2]], ['rb_add_cached', [2]], ['rb_find', [2]], ['rb_find_add', [2]], ['rb_find_first', [2]], ['rb_next_match', [2]], // rbtree.h
  ['read_poll_timeout', [0]], ['read_poll_timeout_atomic', [0]], // iopoll.h
  ['__inline_bsearch', [4]], // bsearch.h
  ['netdev_for_each_tx_queue', [1]], ['blk_mq_complete_request_direct', [1]], ['ptr_ring_unconsume', [3]], ['ptr_ring_cleanup', [1]], // netdevice.h, blk-mq.h, ptr_ring.h
  ['INDIRECT_CALL_1', [1]], ['INDIRECT_CALL_2', [1, 2]], ['INDIRECT_CALL_3', [1, 2, 3]], ['INDIRECT_CALL_4', [1, 2, 3, 4]], ['INDIRECT_CALL_INET', [1, 2]], ['INDIRECT_CALL_INET_1', [1]], // indirect_call_wrapper.h
  ['NF_HOOK', [7]], ['NF_HOOK_COND', [7]], // netfilter.h
  ['devm_add_action_or_reset', [1]], // device.h
]);

/** Of these, the ones that store what they are handed as well: it stays a function of its own. */
const STORING: ReadonlySet<string> = new Set(['NF_HOOK', 'NF_HOOK_COND', 'devm_add_action_or_reset']);

/** What becomes of `name` in a call that hands it on: `called` and gone by then, `stored` as well as called, given `through` a function of the file that calls it, or `unknown`. */
export type Fate = 'called' | 'stored' | 'unknown' | Omit<Handing, 'caller'>;

/** One for each time the call hands `name` on. */
export function fatesOf(name: string, call: CallUse, named: (name: string) => FunctionFact | undefined): Fate[] {
  return (call.hands ?? []).filter((one) => one.name === name).map(({ argument }) => {
    const through = named(call.name);
    if (through !== undefined) return through.callsBack?.includes(argument) === true ? { through, argument } : 'unknown';
    if (OF_HEADERS.get(call.name)?.includes(argument) !== true) return 'unknown';
    return STORING.has(call.name) ? 'stored' : 'called';
  });
}
