import type { PlannedFunction } from '../../plan/plan';
import type { FunctionFact } from '../../syntax/facts';
import { copyName, editedFunctions } from '../edited';
import type { Location, Remedy } from '../finding';
import { isIrreplaceable } from '../functions/irreplaceable';
import { directUsers } from '../leftAlone';
import { changedHelper, privateCopies, type HelperUser } from '../privateCopy';
import { plannedFunctions, type Rule, type RuleContext, type RuleFinding } from '../rule';
import { enumerate, plural } from '../words';

export const headerFanout: Rule = {
  slug: 'header-fanout',
  title: 'A helper or macro of a header changes, and functions of several files with it',
  scope: 'edit',
  severity: { 'klp-build': 'warning', kpatch: 'warning' },
  manual: `
An inline function or a macro in a header changes, and functions of more than one .c file hold its code.

**What happens.** Each of them is replaced, in every object they are linked into. The more there are, the more likely is one that cannot be replaced (a function of
boot code, of the vDSO, without an ftrace entry) or that some task sleeps in, and every file that includes the header is built twice.

**The way out.** Give the function that needs the fix a private copy of the helper in its own .c file and leave the header as it is. This is a quick fix: for the files
whose functions the edit changes, or, where it changes none that use the helper, for one of up to four.

\`\`\`c
/* before: in demo.h */          /* in the one file that needs it */
static inline int demo_limit(…)  static inline int klp_demo_limit(…)
\`\`\`

**Source.** kpatch patch author guide, "Header file changes"; scripts/livepatch/klp-build.
`,
  check(context) {
    return helpers(context).flatMap((helper): RuleFinding[] => {
      const holders = holdersOf(context, helper);
      const files = [...new Set(holders.map(({ path }) => path))].sort();
      if (files.length < 2) return [];
      const objects = context.plan.objects.filter((object) => object.functions.some((planned) => holders.includes(planned)));
      const { kind, name, path, range } = helper;
      return [
        {
          path,
          range,
          ...(kind === 'function' ? { function: name } : { symbol: name }),
          message: `${name} stands in a header: ${plural(holders.length, 'function')} of ${plural(files.length, 'file')} hold its code and are replaced, in ${enumerate(objects.map((object) => object.name))}.`,
          details: files.map((file) => `- ${file}: ${holders.filter((planned) => planned.path === file).map((planned) => planned.name).join(', ')}`).join('\n'),
          remedies: privateCopy(context, helper, holders),
        },
      ];
    });
  },
};

/** A function or macro of a header that the edit changes. */
interface Helper extends Location {
  readonly kind: 'function' | 'macro';
  readonly name: string;
}

function helpers({ changes }: RuleContext): Helper[] {
  return changes.filter(({ path }) => path.endsWith('.h')).flatMap(({ path, functions, macros }) => [
    ...functions.flatMap(({ before, after }): Helper[] => (before === undefined || after === undefined ? [] : [{ kind: 'function', name: after.name, path, range: after.nameRange }])),
    ...macros.flatMap(({ before, after }): Helper[] => (before === undefined || after === undefined ? [] : [{ kind: 'macro', name: after.name, path, range: after.nameRange }])),
  ]);
}

/** The functions of .c files that hold its code: those that are replaced for it alone, and those that are edited, too. */
function holdersOf({ plan }: RuleContext, { name, path }: Helper): PlannedFunction[] {
  return plannedFunctions(plan).filter((planned) => {
    if (!planned.path.endsWith('.c')) return false;
    const [edited] = planned.via;
    if (edited !== undefined) return edited.name === name && edited.path === path;
    return uses(planned.fact, name);
  });
}

/** More are not for a list of quick fixes. */
const MOST_CHOICES = 4;

/** The files that need the edit's version are those with edited functions that use it; where there are none, a person chooses one. */
function privateCopy(context: RuleContext, { name, path }: Helper, holders: readonly PlannedFunction[]): Remedy[] {
  const general: Remedy = { kind: 'rewrite', title: `Leave ${name} alone and give the function that needs the fix a private copy` };
  const helper = changedHelper(context, path, name);
  if (helper === undefined) return [general];
  const given = (users: readonly HelperUser[]): Remedy[] => {
    const fix = privateCopies(context, helper, users);
    const files = [...new Set(users.map((user) => user.path))].sort();
    return fix === undefined ? [] : [{ kind: 'rewrite', title: `Leave ${name} alone and give ${enumerate(files)} a copy, ${copyName(context, name)}`, fix }];
  };
  const edited = editedFunctions(context.changes).flatMap(({ path: file, after: fact }): HelperUser[] => {
    const facts = context.versions.get(file)?.after;
    return facts !== undefined && file.endsWith('.c') && uses(fact, name) ? [{ path: file, facts, fact }] : [];
  });
  if (edited.length > 0) return or(given(edited), general);
  const files = new Set(holders.map((holder) => holder.path));
  if (files.size > MOST_CHOICES) return [general];
  const users = directUsers(context, helper) ?? [];
  return or([...files].sort().flatMap((file) => {
    const own = users.filter((user) => user.path === file);
    const isWhole = holders.every((holder) => holder.path !== file || holder.via.length === 1) && !own.some((user) => isIrreplaceable(context, user));
    return isWhole ? given(own) : [];
  }), general);
}

const uses = ({ calls, mentions }: FunctionFact, name: string): boolean => calls.some((call) => call.name === name) || mentions.includes(name);

const or = (remedies: readonly Remedy[], general: Remedy): Remedy[] => (remedies.length > 0 ? [...remedies] : [general]);
