/** All rules, in the order of the manual. */
import { compareTexts } from '../syntax/text';
import type { Finding } from './finding';
import { initCode } from './initCode';
import { inlinedCallers } from './inlinedCallers';
import { noFunctionalChange } from './noFunctionalChange';
import { notrace } from './notrace';
import type { Rule, RuleContext } from './rule';
import { structLayout } from './structLayout';
import { variableInitializer } from './variableInitializer';

export const rules: readonly Rule[] = [structLayout, variableInitializer, initCode, notrace, inlinedCallers, noFunctionalChange];

/** What all rules say of a plan; ordered by file, place and rule. */
export function checkRules(context: RuleContext): Finding[] {
  return rules
    .flatMap((rule) =>
      rule.check(context).map((finding): Finding => ({
        rule: rule.slug,
        severity: rule.severity[context.profile],
        evidence: 'source',
        related: [],
        remedies: [],
        ...finding,
      })),
    )
    .sort((one, other) => compareTexts(one.path, other.path) || one.range.start - other.range.start || compareTexts(one.rule, other.rule) || compareTexts(one.through ?? '', other.through ?? ''));
}
