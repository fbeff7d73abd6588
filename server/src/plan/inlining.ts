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
 * The same for static functions called twice: gcc inlines both calls, or the one that runs often. Of those with 61 to 90 tokens it inlined one in three (84 of 244, 126 files
 * of Linux 6.1's defconfig): named all the same, and with a symbol of their own, because a miss costs everything behind it. With __flush_work() in kernel/workqueue.c it would be eight functions.
 */
export const CALLED_TWICE_BODY_TOKENS = 90;

/**
 * What hardly does more than to call another function. Of functions called once, by one of up to so many tokens that is called more often itself, gcc inlined none with more
 * than 90 tokens (of 10); by one of 26 to 60 tokens 17 of 23 (126 files of Linux 6.1's defconfig).
 */
const WRAPPER_BODY_TOKENS = 25;

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
  const calls = unit.callCount(fact.name) === 1 ? copiesOfCaller(fact, unit) : unit.callCount(fact.name);
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
  if (isCalledTwice(fact, calls)) return guess('a static function called twice');
  return no('a function of its own');
}

/**
 * Of the one call, how many there are once gcc has inlined the function that makes it: gcc's early inliner takes wrappers first (early-inlining-insns), and what is declared inline;
 * then what they call is not called once any more. So with __ext4_ioctl() of fs/ext4/ioctl.c, whose wrapper is called by ext4_compat_ioctl(), and with syscall_trace_enter() of kernel/entry/common.c.
 */
function copiesOfCaller(fact: FunctionFact, unit: Unit): number {
  const [only, ...others] = unit.callersOf(fact.name);
  if (only === undefined || others.length > 0) return 1;
  const { caller } = only;
  if (caller.inline === 'never' || caller.isVariadic || (caller.inline === 'no' && caller.bodyTokens > WRAPPER_BODY_TOKENS)) return 1;
  const own = caller.isStatic && !unit.isAddressTaken(caller.name) ? 0 : 1;
  return Math.max(1, own + unit.callCount(caller.name));
}

const isCalledTwice = (fact: FunctionFact, calls: number): boolean => fact.isStatic && calls === 2 && fact.bodyTokens > SMALL_BODY_TOKENS && fact.bodyTokens <= CALLED_TWICE_BODY_TOKENS;

/** Whether the compiled object keeps a copy under the function's own name. */
export function ownSymbol(fact: FunctionFact, unit: Unit): 'yes' | 'no' | 'likely' {
  if (!fact.isStatic || unit.isAddressTaken(fact.name)) return fact.inline === 'no' || fact.inline === 'never' ? 'yes' : 'likely';
  // Nobody in sight calls it, and yet it is there: assembly may, or the macro that defines it (a system call's wrapper). A header's
  // inline function has its callers elsewhere.
  if (unit.callCount(fact.name) === 0 && (fact.inline === 'no' || fact.definedBy !== undefined)) return 'likely';
  const { inlined, isSure } = inliningOf(fact, unit);
  // Where it is a toss-up, both the function and its callers are replaced.
  if (inlined && !isSure && fact.inline === 'no' && isCalledTwice(fact, unit.callCount(fact.name))) return 'likely';
  return inlined ? 'no' : 'yes';
}

const yes = (reason: string): Inlining => ({ inlined: true, reason, isSure: true });
const guess = (reason: string): Inlining => ({ inlined: true, reason, isSure: false });
const no = (reason: string): Inlining => ({ inlined: false, reason, isSure: true });
