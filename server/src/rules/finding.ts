import type { Range } from '../syntax/facts';

export type Profile = 'klp-build' | 'kpatch';
export type Severity = 'error' | 'warning' | 'info';
/** What a statement rests on, weakest first: the text, the kernel's symbols and build files, the compiler's own output. */
export type Evidence = 'source' | 'symbols' | 'compiler';
export type Verdict = 'patchable' | 'unpatchable' | 'undecided';

/** A place in the edit's text. */
export interface Location {
  readonly path: string;
  readonly range: Range;
}

export interface Finding extends Location {
  /** A slug of the registry. */
  readonly rule: string;
  readonly severity: Severity;
  /** The function of the edit it is about. */
  readonly function?: string;
  /** The function that holds the edited one's code and makes the edit fail there; absent when it is `function` itself. */
  readonly through?: string;
  /** Set when it holds only if the compiler inlines as the source suggests: a doubt about the verdict, not a verdict. */
  readonly ifInlined?: true;
  /** The variable, record or other symbol it is about, when it is not a function. */
  readonly symbol?: string;
  readonly message: string;
  readonly evidence: Evidence;
  readonly related: readonly (Location & { readonly message: string })[];
  readonly remedies: readonly Remedy[];
  /** Markdown for the hover, e.g. the layouts before and after. */
  readonly details?: string;
}

export interface Remedy {
  readonly kind: 'callback' | 'shadow-variable' | 'patch-callers' | 'patch-callee' | 'rewrite' | 'reboot' | 'build-option';
  readonly title: string;
}
