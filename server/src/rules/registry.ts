/** All rules, in the order of the manual. */
import { compareTexts } from '../syntax/text';
import { dataRules } from './data';
import type { Finding } from './finding';
import { functionRules } from './functions';
import { inliningRules } from './inlining';
import { protocolRules } from './protocols';
import type { Rule, RuleContext } from './rule';
import { sectionRules } from './sections';
import { symbolRules } from './symbols';
import { transitionRules } from './transition';

export const rules: readonly Rule[] = [...dataRules, ...functionRules, ...inliningRules, ...sectionRules, ...symbolRules, ...transitionRules, ...protocolRules];

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
