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
  /** Set when the rule cannot tell from what is known: a doubt about the verdict, too. */
  readonly isOpen?: true;
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
  /** Absent where a person has to do it. */
  readonly fix?: Fix;
}

/** A way out that can be walked mechanically. */
export interface Fix {
  /**
   * Changes of the edit's texts, made when somebody asks; they do not overlap. Empty when it turns out that it cannot be done. Files of the tree that are no part of
   * the edit may be among them where the plan or the finding's related places name them, so that their lines are known.
   */
  edits(): readonly TextChange[];
  /** Safe to apply without a look: the code does what it did. */
  readonly isPreferred?: true;
}

/** In the text of `path`, the edit's where that has it, `range` becomes `text`. */
export interface TextChange extends Location {
  readonly text: string;
}
