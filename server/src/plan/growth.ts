/** By how much a caller grows when gcc puts a function's body in place of its call: what decides whether it does (ipa-inline.cc, want_inline_small_function_p()). */
import type { FunctionFact } from '../syntax/facts';
import type { Unit } from './unit';

/** Beyond this, in gcc's instructions, hardly anything is inlined, not even what is declared inline: nothing further is added up. */
const ENOUGH = 100;

/** gcc's instructions more (or less) than for a call of that name, where many functions call it: macros that make no code, and what headers put in the call's place. Same fit as WEIGHTS of bodySize.ts. */
const AS_CALLED: ReadonlyMap<string, number> = new Map([
  ['container_of', -2.9], ['ARRAY_SIZE', -2.2], ['le16_to_cpu', -1.5], ['READ_ONCE', -1.3], ['IS_ERR', -1.3], ['unlikely', -1.2], ['list_for_each_entry', -1.1], ['PTR_ERR', -0.9], ['le32_to_cpu', -0.9],
  ['netdev_priv', -0.8], ['list_add_tail', 1], ['list_del', 1.1], ['clear_bit', 1.3], ['atomic_inc', 1.3], ['dev_dbg', 1.5], ['set_bit', 1.6], ['pr_debug', 1.7], ['memset', 2.3], ['test_bit', 2.8], ['kzalloc', 4.9], ['memcpy', 6.2],
]);

const known = new WeakMap<Unit, Map<FunctionFact, number>>();

/**
 * In gcc's instructions. What the function itself calls is counted in as far as it is likely to have been inlined before: gcc takes the smallest first, and so a small function that holds a large one called once is large.
 *
 * @param likelihoodOf how likely a function of the file is inlined into this one
 */
export function growthOf(fact: FunctionFact, unit: Unit, likelihoodOf: (callee: FunctionFact) => number): number {
  const sizes = known.get(unit) ?? new Map<FunctionFact, number>();
  known.set(unit, sizes);
  return sizeOf(fact) - costOfCall(fact);

  function sizeOf(one: FunctionFact): number {
    const found = sizes.get(one);
    if (found !== undefined) return found;
    let size = ownSize(one, unit);
    // Whoever comes back here, through functions that call one another, finds this.
    sizes.set(one, size);
    for (const name of [...one.calls.map((call) => call.name), ...unit.calledBackIn(one)]) {
      if (size > ENOUGH) break;
      const callee = unit.named(name);
      if (callee !== undefined && callee !== one) size += likelihoodOf(callee) * Math.max(0, sizeOf(callee) - costOfCall(callee));
    }
    sizes.set(one, size);
    return size;
  }
}

/** The same before anything was inlined into the function, which is when gcc decides whether to make copies of it for what callers hand it (ipa-cp.cc). */
export const ownGrowthOf = (fact: FunctionFact, unit: Unit): number => ownSize(fact, unit) - costOfCall(fact);

const ownSize = ({ bodySize, calls }: FunctionFact, unit: Unit): number => calls.reduce((size, { name }) => size + (unit.named(name) === undefined ? (AS_CALLED.get(name) ?? 0) : 0), bodySize);

/** A call, and one for each argument: what is no longer there. */
function costOfCall({ signature }: FunctionFact): number {
  const parameters = signature.slice(signature.indexOf('('));
  return 2 + (/^\(\s*(void)?\s*\)$/.test(parameters) ? 0 : parameters.split(',').length);
}
