/**
 * Will the compiler inline this function into its callers? Read off the source: what gcc -O2 does with it, as far as
 * the text tells. The real answer is the compiler's; until it is asked, likely counts as yes, because a function that is
 * replaced without need does no harm, and one that is missed does.
 */
import type { FunctionFact } from '../syntax/facts';
import { growthOf, ownGrowthOf } from './growth';
import type { Handing } from './handing';
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

/** Limits on how many instructions a caller grows by, growing, and the share of calls up to there (from the limit before) that gcc inlines. */
type Likelihood = readonly (readonly [number, number])[];

/**
 * How likely gcc inlines a function nobody asked it to, by `growthOf`. gcc 12 -O2 allows 15 instructions (max-inline-insns-auto), and twice as many where it sees much time saved
 * (inline-min-speedup); what blurs the limit is that tokens tell a size to within a quarter. Shares of 12,600 calls of static functions called more than once and of 4,600 of global ones, in 246 files
 * of Linux 6.1 (x86-64, gcc 12.2; Debian's configuration and defconfig, which differ little in it).
 */
const STATIC: Likelihood = [[6, 0.99], [9, 0.95], [12, 0.88], [15, 0.8], [18, 0.71], [21, 0.57], [24, 0.39], [27, 0.32], [30, 0.24], [33, 0.15], [60, 0.1]];
const GLOBAL: Likelihood = [[9, 0.95], [12, 0.82], [15, 0.7], [18, 0.67], [24, 0.39], [36, 0.17], [60, 0.1]];
/** Of a static function that is called twice, once at least with a constant, gcc may make a copy for each call, which then is called once: the share by `ownGrowthOf`, of 760 such calls. */
const TWICE_WITH_CONSTANT: Likelihood = [[6, 0.99], [15, 0.88], [18, 0.74], [30, 0.5], [60, 0.08]];

/**
 * Of a function that calls a parameter and is handed a function there: gcc allows twice as much (INLINE_HINT_indirect_call, inline-heuristics-hint-percent=200 at -O2), or makes a copy for each call.
 * Shares by `ownGrowthOf` of 41 such functions called more than once, of which gcc inlined or copied 19 of 19, 4 of 8 and 0 of 14 (50 files of Linux 6.1, Debian's configuration).
 */
const HANDED_FUNCTION: Likelihood = [[28, 0.95], [37, 0.5], [60, 0.05]];
/** A static function that all calls hand the same function becomes one that calls that (ipa-cp.cc), where it is not inlined. */
const HANDED_SAME = 0.9;

/**
 * What is named: a function that holds a copy no less likely than this, all guesses on the way taken together. Less than even, because a function that is replaced without need does no harm, and one that is missed does: with 0.35
 * the plan found 97.0 % of 731 functions that gcc changed, and named 90.3 % rightly, with 0.2 it is 97.8 and 89.5 %, with 0.15 98.1 and 87.3 % (319 files in which 6.1.187 and 6.1.192 differ, Debian's configuration).
 */
export const LEAST_LIKELY = 0.2;

/** Up to here the function itself is named, too. Naming it up to 0.8 names four more of those 319 files' functions in vain, and none rightly. */
const MOST_DOUBTFUL = 0.65;

/**
 * What hardly does more than to call another function. Of functions called once, by one of up to so many tokens that is called more often itself, gcc inlined none with more
 * than 90 tokens (of 10); by one of 26 to 60 tokens 17 of 23 (126 files of Linux 6.1's defconfig).
 */
const WRAPPER_BODY_TOKENS = 25;

/** What the early inliner lets a function grow by at -O2 (early-inlining-insns). Of 16 functions that make up to so much of kref_put() gcc inlined all into all their callers, of 7 longer ones two. */
const EARLY_GROWTH = 6;

/**
 * The `inline` keyword raises gcc's limit (70 instructions at -O2, max-inline-insns-single), it does not lift it. Of functions declared so and called more than once gcc inlined 348 of 358 that make
 * their caller grow by up to 90, and 1 of 5 larger ones, such as update_load_avg() of kernel/sched/fair.c (285 files of Linux 6.1, Debian's configuration).
 */
const INLINE_GROWTH = 90;

const ONCE = 'static, called once';

/** Whether it is inlined for that reason, which limits on its size do not hold for. */
export const isCalledOnce = ({ reason }: Inlining): boolean => reason === ONCE;

/** `weak` may be replaced at link time, so nothing may rest on its body. */
const notInlined: ReadonlyMap<string, string> = new Map([
  ['__weak', 'weak'],
  ['weak', 'weak'],
  ['__naked', 'naked'],
  ['__noclone', 'noclone'],
]);

const known = new WeakMap<Unit, Map<FunctionFact, Inlining>>();

/** The plan and several rules ask for the same functions: the answer is kept for as long as the unit, of whose facts it is made. */
export function inliningOf(fact: FunctionFact, unit: Unit): Inlining {
  const ofUnit = known.get(unit) ?? new Map<FunctionFact, Inlining>();
  known.set(unit, ofUnit);
  const inlining = ofUnit.get(fact) ?? findInlining(fact, unit);
  ofUnit.set(fact, inlining);
  return inlining;
}

function findInlining(fact: FunctionFact, unit: Unit): Inlining {
  const calls = unit.callCount(fact.name);
  const [handing, ...others] = unit.handings(fact.name);
  // Its only call is the one that a function makes which it is handed to.
  if (handing !== undefined && others.length === 0 && calls === 0) return inliningWhereHanded(fact, handing, unit);
  return inliningOfCalls(fact, unit, calls === 1 && handing === undefined ? copiesOfCaller(fact, unit) : calls, unit.isAddressTaken(fact.name));
}

/** Whether gcc inlines a function into what it is handed to, which it has to inline, or to copy for it, before. */
export function inliningWhereHanded(fact: FunctionFact, handing: Handing, unit: Unit): Inlining {
  const copied = copying(handing, unit);
  const calls = copied.into === handing.through ? 1 : unit.handings(fact.name).length;
  const inlining = inliningOfCalls(fact, unit, calls + unit.callCount(fact.name), unit.isKept(fact.name));
  const likelihood = inlining.likelihood * copied.likelihood;
  if (!inlining.inlined || likelihood < LEAST_LIKELY) return { ...no('only its address is used'), likelihood };
  return { inlined: true, reason: `${inlining.reason}, by ${handing.through.name}() that it is handed to`, isSure: inlining.isSure && copied.likelihood === 1, likelihood };
}

/** What holds a function that is handed on, once gcc has inlined the one that calls it, or made a copy of that one, and how likely it does. */
export function copying({ caller, through, argument }: Handing, unit: Unit): { readonly into: FunctionFact; readonly likelihood: number } {
  const { likelihood } = inliningOfCalls(through, unit, unit.callCount(through.name), unit.isAddressTaken(through.name));
  const isAlwaysTheSame = through.isStatic && !unit.isAddressTaken(through.name) && new Set(unit.handedTo(through.name, argument)).size === 1;
  return likelihood < LEAST_LIKELY && isAlwaysTheSame ? { into: through, likelihood: HANDED_SAME } : { into: caller, likelihood };
}

function inliningOfCalls(fact: FunctionFact, unit: Unit, calls: number, isTaken: boolean): Inlining {
  if (fact.inline === 'never') return no('noinline');
  if (fact.inline === 'always') return yes('__always_inline');
  if (fact.isVariadic) return no('takes variable arguments');
  for (const attribute of fact.attributes) {
    const reason = notInlined.get(attribute);
    if (reason !== undefined) return no(reason);
  }
  if (fact.calls.some((call) => call.name === fact.name)) return no('recursive');
  if (calls === 0 && isTaken) return no('only its address is used');
  if (fact.isStatic && calls === 1 && !isTaken) return yes(ONCE);
  if (fact.inline === 'inline') return growthOf(fact, unit, likelihoodIn(unit)) <= INLINE_GROWTH ? yes('declared inline') : no('declared inline, but long');
  const likelihood = likelihoodBySize(fact, unit, calls);
  if (likelihood >= LEAST_LIKELY) return { inlined: true, reason: fact.isStatic ? 'a small static function' : 'a small function', isSure: false, likelihood };
  return { ...no('a function of its own'), likelihood };
}

/** Of functions that gcc leaves as they are but for their head, the share whose head it inlines: see MOST_SIZE of syntax/head.ts. */
const HEAD_INLINED = 0.5;

/** How likely callers hold the head of a function (syntax/head.ts), not the rest. gcc splits what it might inline more than once (execute_split_functions()). */
export function headInliningOf(fact: FunctionFact, unit: Unit): Inlining {
  const calls = unit.callCount(fact.name);
  const maySplit = fact.head !== undefined && fact.inline === 'no' && !fact.isVariadic && !fact.attributes.some((attribute) => notInlined.has(attribute));
  if (!maySplit || calls === 0 || (calls === 1 && fact.isStatic && !unit.isAddressTaken(fact.name))) return no('not split');
  return { inlined: true, reason: 'its head is split off', isSure: false, likelihood: HEAD_INLINED };
}

/**
 * Of the one call, how many there are once gcc has inlined the function that makes it: gcc's early inliner takes wrappers first (early-inlining-insns), and what is declared inline;
 * then what they call is not called once any more. So with __ext4_ioctl() of fs/ext4/ioctl.c, whose wrapper is called by ext4_compat_ioctl(), and with syscall_trace_enter() of kernel/entry/common.c.
 */
function copiesOfCaller(fact: FunctionFact, unit: Unit): number {
  const [only, ...others] = unit.callersOf(fact.name);
  if (only === undefined || others.length > 0) return 1;
  const { caller } = only;
  const isHandedOn = only.macros.length === 0 && !caller.calls.some((call) => call.name === fact.name);
  // Such as kref_put() is itself some ten instructions more.
  if (isHandedOn && ownGrowthOf(caller, unit) > EARLY_GROWTH) return 1;
  if (caller.inline === 'never' || caller.isVariadic || (caller.inline === 'no' && caller.bodyTokens > WRAPPER_BODY_TOKENS)) return 1;
  if (caller.inline === 'inline' && growthOf(caller, unit, likelihoodIn(unit)) > INLINE_GROWTH) return 1;
  const own = caller.isStatic && !unit.isAddressTaken(caller.name) ? 0 : 1;
  return Math.max(1, own + unit.callCount(caller.name));
}

/** Found anew: where functions call one another, sizes are not final while they are added up. */
const likelihoodIn = (unit: Unit) => (callee: FunctionFact): number => findInlining(callee, unit).likelihood;

function likelihoodBySize(fact: FunctionFact, unit: Unit, calls: number): number {
  const share = (shares: Likelihood, growth: number): number => shares.find(([limit]) => growth <= limit)?.[1] ?? 0;
  const growth = growthOf(fact, unit, likelihoodIn(unit));
  const isHandedFunction = fact.callsBack?.some((argument) => unit.handedTo(fact.name, argument).some((name) => name !== undefined)) === true;
  const bySize = Math.max(share(fact.isStatic ? STATIC : GLOBAL, growth), isHandedFunction ? share(HANDED_FUNCTION, ownGrowthOf(fact, unit)) : 0);
  return fact.isStatic && calls === 2 && unit.isHandedConstant(fact.name) ? Math.max(bySize, share(TWICE_WITH_CONSTANT, ownGrowthOf(fact, unit))) : bySize;
}

/** Whether the compiled object keeps a copy under the function's own name. */
export function ownSymbol(fact: FunctionFact, unit: Unit): 'yes' | 'no' | 'likely' {
  if (!fact.isStatic || unit.isKept(fact.name)) return fact.inline === 'no' || fact.inline === 'never' ? 'yes' : 'likely';
  // Nobody in sight calls it, and yet it is there: assembly may, or the macro that defines it (a system call's wrapper). A header's
  // inline function has its callers elsewhere.
  if (unit.callCount(fact.name) === 0 && unit.handings(fact.name).length === 0 && (fact.inline === 'no' || fact.definedBy !== undefined)) return 'likely';
  const { inlined, likelihood } = inliningOf(fact, unit);
  // Where it is a toss-up, both the function and its callers are replaced.
  if (likelihood >= LEAST_LIKELY && likelihood <= MOST_DOUBTFUL) return 'likely';
  return inlined ? 'no' : 'yes';
}

const yes = (reason: string): Inlining => ({ inlined: true, reason, isSure: true, likelihood: 1 });
const no = (reason: string): Inlining => ({ inlined: false, reason, isSure: true, likelihood: 0 });
