/** All rules, in the order of the manual. */
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
    .sort((one, other) => compare(one.path, other.path) || one.range.start - other.range.start || compare(one.rule, other.rule) || compare(one.through ?? '', other.through ?? ''));
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
