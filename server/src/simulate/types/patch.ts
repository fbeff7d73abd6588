/** The live patch: what it replaces, and what its functions agree on among each other. */

/** One function that the live patch replaces. */
export interface PatchedFunction {
  /** The function's symbol, as it stands on a stack (`do_select`, `foo.part.0`). */
  readonly name: string;
  /** `vmlinux` or the module's name. */
  readonly object: string;
  /** Functions that hold a copy of it instead of calling it: they are what is replaced, and what is found on stacks. */
  readonly inlinedInto?: readonly string[];
  /** Its entry has no ftrace site (notrace, __init, assembly): systems that rest on ftrace cannot replace it. */
  readonly noFtrace?: boolean;
  /** What registering the ftrace handler at its entry returns: -16 where a kprobe with a post handler sits, for one. */
  readonly ftraceError?: number;
  /** Lines the new code prints each time it is called by the operator (`call`). */
  readonly prints?: readonly string[];
  /** kpatch's KPATCH_FORCE_UNSAFE: the activeness check leaves it out, and the module stays pinned. */
  readonly unchecked?: boolean;
}

export interface SimulatedPatch {
  /** The patch module's name, as the kernel prints it. */
  readonly name: string;
  readonly functions: readonly PatchedFunction[];
  /** Atomic replace (`klp_patch.replace`): every older patch is gone once this one is applied. */
  readonly replace?: boolean;
  /** `klp_patch.immediate` of 4.12 to 4.15: no consistency model, the new functions count at once. */
  readonly immediate?: boolean;
  readonly callbacks?: readonly ObjectCallbacks[];
  /** The module parameters it is loaded with, as they stand on the command line. */
  readonly parameters?: string;
  /** `klp_state`: what the patch changed for good, so that the next one knows. */
  readonly states?: readonly { readonly id: number; readonly version: number }[];
  /** Where old and new code must not meet; what the rules cannot know, the author says. */
  readonly relations?: readonly Relation[];
}

/** The callbacks of one object of the patch. */
export interface ObjectCallbacks {
  readonly object: string;
  readonly prePatch?: Callback;
  readonly postPatch?: Callback;
  readonly preUnpatch?: Callback;
  readonly postUnpatch?: Callback;
}

export interface Callback {
  /** Lines it prints, without a time. */
  readonly prints?: readonly CallbackLine[];
  /** What `pre_patch` returns: 0, or a negative errno, which cancels the patch; or the value of a module parameter. The other three return nothing. */
  readonly returns?: number | { readonly parameter: string };
}

export type CallbackLine =
  | string
  /** By the state of the module it is called for (`module_state`). */
  | Readonly<Record<ModuleState, string>>
  /** By whether a patch installed before lists the state (klp_get_prev_state()). */
  | { readonly state: number; readonly found: string; readonly absent: string };

export type ModuleState = 'live' | 'coming' | 'going';

/** Two functions of the patch that understand each other only in the same version. */
export type Relation =
  /** Caller and callee change what they say to each other (a parameter, a return value). */
  | { readonly kind: 'call'; readonly caller: string; readonly callee: string }
  /** Whoever runs them at the same time must run the same version: an order of locks, a shared structure. */
  | { readonly kind: 'together'; readonly functions: readonly string[] }
  /** What `first` began, `then` ends, in a later call: a lock held between two calls, an object's life. */
  | { readonly kind: 'pair'; readonly first: string; readonly then: string; readonly by: 'task' | 'object' };
