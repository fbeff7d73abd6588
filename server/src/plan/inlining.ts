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
  /** False for a guess by size. */
  readonly isSure: boolean;
  /** 0 to 1; of what is sure 1 or 0. */
  readonly likelihood: number;
}

/** Limits on the tokens of a body, growing, and the share of functions up to there (from the limit before) that are inlined. */
type Likelihood = readonly (readonly [number, number])[];

/**
 * How likely gcc inlines a function nobody asked it to, by the tokens of its body, up to the first number. gcc 12 -O2 goes by its own estimate of instructions after optimization
 * (max-inline-insns-auto), which no count of tokens gives. Shares of 1511 static functions called more than once and of 1119 global ones called in their file, in 126 files of Linux 6.1 (defconfig, x86-64, gcc 12.2).
 */
const STATIC: Likelihood = [[20, 0.97], [30, 0.89], [50, 0.74], [60, 0.51]];
const GLOBAL: Likelihood = [[20, 0.94], [30, 0.76], [40, 0.66], [50, 0.52], [60, 0.42]];

/**
 * A call that hands a constant may leave little of a static function (gcc estimates what is left). Called twice, with 61 to 90 tokens, 19 of 41 were inlined; called more often, with 61 to 75, 10 of 21. Of
 * those that are handed none, 31 of 113 and 14 of 33. Such a function is named, and with a symbol of its own.
 */
const TWICE_WITH_CONSTANT: Likelihood = [[90, 0.46]];
const OFTEN_WITH_CONSTANT: Likelihood = [[75, 0.48]];

/**
 * What is named: a function that holds a copy no less likely than this, all guesses on the way taken together. Less than even, because a function that is replaced without need does no harm, and one that is missed does.
 */
export const LEAST_LIKELY = 0.4;

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
  const bySize = likelihoodOf(fact, fact.isStatic ? STATIC : GLOBAL);
  if (bySize > 0) return guess(fact.isStatic ? 'a small static function' : 'a small function', bySize);
  const withConstant = handedConstant(fact, unit, calls);
  if (withConstant > 0) return guess(`a static function called ${calls === 2 ? 'twice' : 'several times'}, with a constant`, withConstant);
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

/** How likely a function beyond the usual sizes is inlined because calls hand it constants. */
function handedConstant(fact: FunctionFact, unit: Unit, calls: number): number {
  if (!fact.isStatic || calls < 2 || !unit.isHandedConstant(fact.name) || likelihoodOf(fact, STATIC) > 0) return 0;
  return likelihoodOf(fact, calls === 2 ? TWICE_WITH_CONSTANT : OFTEN_WITH_CONSTANT);
}

const likelihoodOf = ({ bodyTokens }: FunctionFact, shares: Likelihood): number => shares.find(([limit]) => bodyTokens <= limit)?.[1] ?? 0;

/** Whether the compiled object keeps a copy under the function's own name. */
export function ownSymbol(fact: FunctionFact, unit: Unit): 'yes' | 'no' | 'likely' {
  if (!fact.isStatic || unit.isAddressTaken(fact.name)) return fact.inline === 'no' || fact.inline === 'never' ? 'yes' : 'likely';
  // Nobody in sight calls it, and yet it is there: assembly may, or the macro that defines it (a system call's wrapper). A header's
  // inline function has its callers elsewhere.
  if (unit.callCount(fact.name) === 0 && (fact.inline === 'no' || fact.definedBy !== undefined)) return 'likely';
  const { inlined, isSure } = inliningOf(fact, unit);
  // Where it is a toss-up, both the function and its callers are replaced.
  if (inlined && !isSure && fact.inline === 'no' && handedConstant(fact, unit, unit.callCount(fact.name)) > 0) return 'likely';
  return inlined ? 'no' : 'yes';
}

const yes = (reason: string): Inlining => ({ inlined: true, reason, isSure: true, likelihood: 1 });
const guess = (reason: string, likelihood: number): Inlining => ({ inlined: true, reason, isSure: false, likelihood });
const no = (reason: string): Inlining => ({ inlined: false, reason, isSure: true, likelihood: 0 });
