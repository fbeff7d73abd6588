import type { FileChanges } from '../change/changes';
import type { Around } from '../kernel/kept';
import { wayOf, type Plan, type PlannedFunction, type Step } from '../plan/plan';
import type { Bodies } from './body';
import type { Evidence, Finding, Location, Profile, Remedy, Severity } from './finding';

/** All a rule sees. It never parses, never reads a file, and remembers nothing of its own from one check to the next. */
export interface RuleContext extends Around {
  readonly profile: Profile;
  readonly kernelVersion: string | undefined;
  /** What is replaced for the sake of `changes`. */
  readonly plan: Plan;
  /** One file's, or for a rule whose scope is the edit all. */
  readonly changes: readonly FileChanges[];
  readonly bodies: Bodies;
  /** Files of the edit that the kernel to be patched has nothing of, as they belong to another architecture: they are no part of `changes` and of the plan. */
  readonly foreign?: readonly FileChanges[];
}

/** One reason why an edit cannot be live patched, or needs care. One file each; `manual` is its page of the manual. */
export interface Rule {
  /** Stable: scripts and suppressions rest on it. */
  readonly slug: string;
  /** One line, for lists. */
  readonly title: string;
  /** The worst it reports with each build tool. */
  readonly severity: Readonly<Record<Profile, Severity>>;
  /** Markdown: the condition, what happens, the way out, the source. */
  readonly manual: string;
  /**
   * `edit` for a rule that holds the changes of several files against one another, and is checked once with all of them. Others
   * are checked file by file, and what they said of a file stands for as long as all that they looked at is the same.
   */
  readonly scope?: 'edit';
  check(context: RuleContext): readonly RuleFinding[];
}

/** A finding before its rule's name and severity are put on it. */
export type RuleFinding = Omit<Finding, 'rule' | 'severity' | 'evidence' | 'related' | 'remedies'> & {
  readonly severity?: Severity;
  readonly evidence?: Evidence;
  readonly related?: readonly (Location & { readonly message: string })[];
  readonly remedies?: readonly Remedy[];
};

/** Every function of the plan, once, whatever objects carry it. */
export function plannedFunctions(plan: Plan): PlannedFunction[] {
  return [...new Set(plan.objects.flatMap((object) => object.functions))];
}

/**
 * Where a finding about a planned function is reported: at itself, or, for a reached one, at the edited function or macro
 * whose code it holds, since that is where the edit can be changed.
 */
export function placeOf(planned: PlannedFunction): Location & { readonly function: string; readonly through?: string } {
  const [edited] = planned.via;
  if (edited === undefined) return { path: planned.path, range: planned.fact.nameRange, function: planned.name };
  return { path: edited.path, range: edited.range, function: edited.name, through: planned.name };
}

/** What a finding about a reached function carries when the way to it is a guess: it is then a warning, and a doubt. */
export function certainty(planned: PlannedFunction): { readonly severity?: 'warning'; readonly ifInlined?: true } {
  return planned.via.every((step) => step.isSure) ? {} : { severity: 'warning', ifInlined: true };
}

/** `is inlined into`, `expands in`, `is used in`, `is probably inlined into`: how the edited code gets into a reached function. */
export function entersText(planned: PlannedFunction): string {
  if (!planned.via.every((step) => step.isSure)) return 'is probably inlined into';
  const kind = planned.via[0]?.kind;
  if (kind === 'record' || kind === 'constant' || kind === 'line') return 'is used in';
  return planned.via.some((step) => step.kind === 'function') ? 'is inlined into' : 'expands in';
}

/** The way from the edit to a reached function, as related information. */
export function relatedWay(planned: PlannedFunction): (Location & { readonly message: string })[] {
  if (planned.via.length === 0) return [];
  const steps = planned.via.slice(1).map((step: Step) => ({ path: step.path, range: step.range, message: `through ${step.name} (${step.reason})` }));
  return [...steps, { path: planned.path, range: planned.fact.nameRange, message: `into ${planned.name}` }];
}

/** `a → b → c`, for messages. */
export function wayText(planned: PlannedFunction): string {
  return [...wayOf(planned.via), planned.name].join(' → ');
}
