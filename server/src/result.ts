/** What the door (analysis.ts) hands out: one judged edit, the same for the editor and the command line. */
import type { FileChanges } from './change/changes';
import type { Question } from './kernel/knowledge';
import type { Plan, PlannedFunction } from './plan/plan';
import type { SetAside } from './policy/apply';
import type { PolicyProblem } from './policy/policy';
import type { Evidence, Finding, Profile, Verdict } from './rules/finding';
import type { PossibleSleeper } from './rules/transition/sleepers';

export interface EditedFile {
  /** Relative to the tree, with `/`. */
  readonly path: string;
  /** The baseline's text; absent for a new file. */
  readonly before?: string;
  /** The edit's text; absent for a deleted file. */
  readonly after?: string;
  /** Set when the text could not be read as text (binary, too large, …): such a file makes the verdict undecided. */
  readonly unreadable?: string;
}

export interface AnalysisOptions {
  readonly profile: Profile;
  /** `X.Y.Z` of the running kernel; read from the tree's Makefile when absent there. */
  readonly kernelVersion: string | undefined;
}

export interface JudgedFunction {
  readonly planned: PlannedFunction;
  readonly verdict: Verdict;
  readonly evidence: Evidence;
}

export interface Analysis {
  /** Asked of the tree and not answered yet. With any left the verdict is not `patchable`. */
  readonly questions: readonly Question[];
  readonly profile: Profile;
  readonly kernelVersion: string | undefined;
  readonly verdict: Verdict;
  /** Why the verdict is not `patchable`, and what was set aside that would have made it worse; sentences. */
  readonly reasons: readonly string[];
  readonly plan: Plan;
  /** One per function of the plan, in the plan's order. */
  readonly functions: readonly JudgedFunction[];
  /** By file, then line, then rule. */
  readonly findings: readonly Finding[];
  /** Findings that the tree's owners or a comment decided about. */
  readonly setAside: readonly SetAside[];
  /** What is wrong with those decisions. */
  readonly policyProblems: readonly PolicyProblem[];
  /** Where the patched functions can sleep, for a simulation. */
  readonly sleepers: readonly PossibleSleeper[];
  readonly changes: readonly FileChanges[];
  /** Line starts of every file a finding or a function points into (the edit's text; a removed file's baseline). */
  readonly lineStarts: ReadonlyMap<string, readonly number[]>;
}
