import type { FindingView, FunctionView, PlanView } from '../../server/src/lsp/protocol';
import type { Evidence, Severity, Verdict } from '../../server/src/rules/finding';

/** What is said of plans in more than one place. */

export function functionsOf(plan: PlanView): readonly FunctionView[] {
  return plan.objects.flatMap((object) => object.functions);
}

/** Those that belong to no function first. */
export function findingsOf(plan: PlanView): readonly FindingView[] {
  return [...plan.findings, ...functionsOf(plan).flatMap((fn) => fn.findings)];
}

export function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('unpatchable')) return 'unpatchable';
  return verdicts.includes('undecided') ? 'undecided' : 'patchable';
}

export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** "3 functions in vmlinux, tracker: patchable" — what the status item and the view's title say. */
export function sentenceOf(plan: PlanView): string {
  const functions = functionsOf(plan);
  const modules = plan.objects.filter((object) => object.isModule).map((object) => object.name);
  const where = plan.objects.some((object) => !object.isModule) ? ['vmlinux', ...modules] : modules;
  if (functions.length === 0) return plan.reasons[0] ?? 'No changes';
  return `${count(functions.length, 'function')} in ${where.join(', ')}: ${plan.verdict}`;
}

export const verdictWords: Readonly<Record<Verdict, string>> = {
  patchable: 'can be live patched',
  unpatchable: 'cannot be live patched as it is',
  undecided: 'could not be decided',
};

/** What a verdict rests on, after the verdict. */
export const evidenceWords: Readonly<Record<Evidence, string>> = {
  source: 'by the source text',
  symbols: 'by symbols and build files',
  compiler: "by the compiler's output",
};

/** Of icons. */
export const verdictColors: Readonly<Record<Verdict, string>> = {
  patchable: 'testing.iconPassed',
  unpatchable: 'problemsErrorIcon.foreground',
  undecided: 'problemsWarningIcon.foreground',
};

/** Of text in lists, which themes keep readable: icons may be paler. */
export const verdictTextColors: Readonly<Record<Verdict, string>> = {
  patchable: 'gitDecoration.addedResourceForeground',
  unpatchable: 'list.errorForeground',
  undecided: 'list.warningForeground',
};

/** The order in which findings are read: errors first. */
export function bySeverity(a: { readonly severity: Severity }, b: { readonly severity: Severity }): number {
  return ranks[a.severity] - ranks[b.severity];
}

const ranks: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };
