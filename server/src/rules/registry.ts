/** All rules, in the order of the manual. */
import type { FileChanges } from '../change/changes';
import { keepNothing, type Keep } from '../kernel/kept';
import type { PlannedFunction, PlanObject } from '../plan/plan';
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

const ofEdits = rules.filter(({ scope }) => scope === 'edit');
const ofFiles = rules.filter(({ scope }) => scope === undefined);

/**
 * What all rules say of a plan; ordered by file, place and rule.
 *
 * @param keep gives what the rules said of a file where all is as it was
 */
export function checkRules(context: RuleContext, keep: Keep = keepNothing): Finding[] {
  const { profile, kernelVersion, bodies } = context;
  return [
    ...said(ofEdits, context),
    ...context.changes.flatMap((change) => {
      const objects = partOf(context, change);
      const inputs = [profile, kernelVersion, change, ...objects.flatMap(({ name, note, functions }) => [name, note, ...functions])];
      return keep(`rules ${change.path}`, inputs, context, ({ versions, knowledge, textOf }) =>
        said(ofFiles, { profile, kernelVersion, changes: [change], plan: { objects, unjudged: [] }, versions, knowledge, textOf, bodies }),
      );
    }),
  ].sort((one, other) => compareTexts(one.path, other.path) || one.range.start - other.range.start || compareTexts(one.rule, other.rule) || compareTexts(one.through ?? '', other.through ?? ''));
}

function said(some: readonly Rule[], context: RuleContext): Finding[] {
  const made = madeIn(context);
  return some.flatMap((rule) =>
    rule.check(context).map(({ remedies = [], ...finding }): Finding => ({
      rule: rule.slug,
      severity: rule.severity[context.profile],
      evidence: 'source',
      related: [],
      ...finding,
      remedies: made.has(`${finding.path} ${finding.function ?? ''}`) ? remedies.map(({ kind, title }) => ({ kind, title })) : remedies,
    })),
  );
}

/** Functions that macro calls make, before or after: there is no text of theirs that a fix could change. */
const madeIn = ({ changes }: RuleContext): ReadonlySet<string> =>
  new Set(changes.flatMap(({ path, functions }) => functions.flatMap(({ before, after }) => [before, after].flatMap((fact) => (fact?.writtenOut === undefined ? [] : [`${path} ${fact.name}`])))));

/** The part of the plan that is there for one file's changes. */
function partOf({ plan }: RuleContext, { path }: FileChanges): PlanObject[] {
  const isOfFile = (planned: PlannedFunction): boolean => (planned.via[0]?.path ?? planned.path) === path;
  return plan.objects.flatMap((object) => {
    const functions = object.functions.filter(isOfFile);
    return functions.length === 0 ? [] : [{ ...object, functions }];
  });
}
