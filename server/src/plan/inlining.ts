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
  /** False for a guess by size: right four times out of five for static functions (see SMALL_BODY_TOKENS). */
  readonly isSure: boolean;
}

/**
 * Tokens of a body up to which a function nobody asked gcc to inline counts as inlined. gcc 12 -O2 goes by its own estimate of
 * instructions after optimization (max-inline-insns-auto), which no count of tokens gives; so a limit trades what it misses for what it
 * names in vain. Measured with test/system/inlining-accuracy.ts on 191 files of Linux 6.1 (defconfig, x86-64, gcc 12.2):
 *
 *     limit                                   40     60     80    100    120
 *     static, several calls    recall       54 %   78 %   87 %   93 %   95 %   (604 of 1461 are inlined)
 *                              precision    89 %   82 %   73 %   67 %   61 %
 *     global, called in file   recall       61 %   80 %   86 %   91 %   93 %   (279 of 835)
 *                              precision    71 %   63 %   55 %   51 %   47 %
 *     reached by an edit       recall       72 %   82 %   87 %   89 %   91 %   (through any number of functions)
 *                              precision    72 %   67 %   60 %   52 %   48 %
 *     edits exactly right                   56 %   57 %   54 %   50 %   46 %
 *
 * Above 60, chains of guesses reach functions far from the edit (from set_nr_and_not_polling() in kernel/sched/core.c 23 instead of 2),
 * and with them __init and notrace ones, which make the verdict wrong.
 */
export const SMALL_BODY_TOKENS = 60;

/**
 * The `inline` keyword raises gcc's limit (max-inline-insns-single), it does not lift it. In the same measurement 464 of 470
 * functions declared so were inlined, none of more than 400 tokens.
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
  if (fact.bodyTokens <= SMALL_BODY_TOKENS) return guess(fact.isStatic ? 'a small static function' : 'a small function');
  return no('a function of its own');
}

/** Whether the compiled object keeps a copy under the function's own name. */
export function ownSymbol(fact: FunctionFact, unit: Unit): 'yes' | 'no' | 'likely' {
  if (!fact.isStatic || unit.isAddressTaken(fact.name)) return fact.inline === 'no' || fact.inline === 'never' ? 'yes' : 'likely';
  // Nobody in sight calls it, and yet it is there: assembly may, or the macro that defines it (a system call's wrapper). A header's
  // inline function has its callers elsewhere.
  if (unit.callCount(fact.name) === 0 && (fact.inline === 'no' || fact.definedBy !== undefined)) return 'likely';
  return inliningOf(fact, unit).inlined ? 'no' : 'yes';
}

const yes = (reason: string): Inlining => ({ inlined: true, reason, isSure: true });
const guess = (reason: string): Inlining => ({ inlined: true, reason, isSure: false });
const no = (reason: string): Inlining => ({ inlined: false, reason, isSure: true });
