/**
 * The patch plan: what a live patch of an edit would have to replace, object by object.
 */
import type { FunctionFact, Range } from '../syntax/facts';

export interface Plan {
  /** vmlinux first, then modules by name. */
  readonly objects: readonly PlanObject[];
  /** Parts of the edit that nobody judges: each makes the verdict undecided. */
  readonly unjudged: readonly Unjudged[];
}

export interface PlanObject {
  /** `vmlinux` or the module's name. */
  readonly name: string;
  readonly isModule: boolean;
  /** One sentence when name or kind is an assumption. */
  readonly note?: string;
  /** By file, then by position. */
  readonly functions: readonly PlannedFunction[];
}

export interface PlannedFunction {
  readonly name: string;
  readonly path: string;
  /** In the edit's text; for a removed function in the baseline's. */
  readonly fact: FunctionFact;
  /** The baseline's function, absent for an added one. What the running kernel holds decides whether it can be hooked. */
  readonly original?: FunctionFact;
  readonly change: 'changed' | 'added' | 'removed' | 'signature' | 'reached';
  /** For `reached`: what is inlined or expanded into it, innermost (the edited one) first, each with where it stands. */
  readonly via: readonly Step[];
  /** Whether the object compiled from the edit has this function as a symbol of its own, by the source's look. */
  readonly ownSymbol: 'yes' | 'no' | 'likely';
  /** The same of the baseline, which is what runs: a function without it cannot be redirected, whatever the edit makes of it. */
  readonly inKernel: 'yes' | 'no' | 'likely';
}

/** One step of the way from the edited function to a reached one. */
export interface Step {
  readonly name: string;
  readonly path: string;
  readonly range: Range;
  /** Why it is thought to be part of the next: shown to the user, e.g. "static, called once". */
  readonly reason: string;
  /** `constant`: one of an enum, with another value. `record`: a struct or union whose members move, in a function that uses them. `line`: `__LINE__`, which has another value in a function that uses it. */
  readonly kind: 'function' | 'macro' | 'constant' | 'record' | 'line';
  /** False where inlining is guessed by size: what is said of the functions behind it is likely, not certain. */
  readonly isSure: boolean;
}

export interface Unjudged {
  readonly path: string;
  readonly range: Range;
  readonly reason: string;
  /** Where it is about functions that macros make, of a text that is not known: their names. */
  readonly functions?: readonly string[];
}

/** The names of a way, innermost first: what the contract calls `via`. */
export function wayOf(via: readonly Step[]): string[] {
  return via.map((step) => step.name);
}
