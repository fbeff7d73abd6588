/**
 * Will the compiler inline this function into its callers? Read off the source: what gcc -O2 does with it, as far as
 * the text tells. The real answer is the compiler's; until it is asked, likely counts as yes, because a function that is
 * replaced without need does no harm, and one that is missed does.
 */
import type { FunctionFact } from '../syntax/facts';
import type { Unit } from './unit';

export interface Inlining {
  readonly inlined: boolean;
  /** Shown to the user: "declared inline", "noinline", … */
  readonly reason: string;
}

/**
 * Tokens of a body up to which gcc 12 -O2 inlines a function nobody asked it to inline (-finline-small-functions,
 * -finline-functions with max-inline-insns-auto=15). A token is no instruction: measured on the sample kernel, where the largest
 * one inlined that way has 33 tokens, and the smallest one not inlined 45.
 */
export const SMALL_BODY_TOKENS = 40;

/**
 * The `inline` keyword raises the limit (max-inline-insns-single=70), it does not lift it: a long inline function with
 * several callers stays a function.
 */
export const INLINE_BODY_TOKENS = 400;

/** `weak` may be replaced at link time, so nothing may rest on its body. */
const notInlined: ReadonlyMap<string, string> = new Map([
  ['__weak', 'weak'],
  ['weak', 'weak'],
  ['__naked', 'naked'],
  ['__noclone', 'noclone'],
]);

export function inliningOf(fact: FunctionFact, unit: Unit): Inlining {
  const calls = unit.callCount(fact.name);
  if (fact.inline === 'never') return no('noinline');
  if (fact.inline === 'always') return yes('__always_inline');
  if (fact.isVariadic) return no('takes variable arguments');
  for (const attribute of fact.attributes) {
    const reason = notInlined.get(attribute);
    if (reason !== undefined) return no(reason);
  }
  if (fact.calls.some((call) => call.name === fact.name)) return no('recursive');
  if (calls === 0 && unit.isAddressTaken(fact.name)) return no('only its address is used');
  if (fact.isStatic && calls === 1 && !unit.isAddressTaken(fact.name)) return yes('static, called once');
  if (fact.inline === 'inline') return fact.bodyTokens <= INLINE_BODY_TOKENS ? yes('declared inline') : no('declared inline, but long');
  if (fact.bodyTokens <= SMALL_BODY_TOKENS) return yes(fact.isStatic ? 'a small static function' : 'a small function');
  return no('a function of its own');
}

/** Whether the compiled object keeps a copy under the function's own name. */
export function ownSymbol(fact: FunctionFact, unit: Unit): 'yes' | 'no' | 'likely' {
  if (!fact.isStatic || unit.isAddressTaken(fact.name)) return fact.inline === 'no' || fact.inline === 'never' ? 'yes' : 'likely';
  // Nobody in sight calls it, and yet it is there: a macro or assembly may.
  if (unit.callCount(fact.name) === 0) return 'likely';
  return inliningOf(fact, unit).inlined ? 'no' : 'yes';
}

const yes = (reason: string): Inlining => ({ inlined: true, reason });
const no = (reason: string): Inlining => ({ inlined: false, reason });
