import type { PlannedFunction } from '../../plan/plan';
import { bodyTokens, type BodyToken } from '../body';
import { behindIncludes, copyName, editedFunctions } from '../edited';
import type { Location, Remedy, TextChange } from '../finding';
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

**The way out.** Give the function that needs the fix a private copy of the helper in its own .c file and leave the header as it is. Where the edit changes
functions of .c files that use the helper, this is a quick fix.

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
          remedies: [privateCopy(context, helper)],
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
    return planned.fact.calls.some((call) => call.name === name) || planned.fact.mentions.includes(name);
  });
}

/** With a fix where edited functions of .c files use the helper: the header's goes back to what it was, and their files get a copy of the edit's. */
function privateCopy(context: RuleContext, helper: Helper): Remedy {
  const { name, path } = helper;
  const copy = copyName(context, name);
  const changes = context.changes.find((one) => one.path === path);
  const change = (helper.kind === 'function' ? changes?.functions : changes?.macros)?.find(({ after }) => after?.name === name && after.nameRange.start === helper.range.start);
  const users = editedFunctions(context.changes).filter(({ path: file, after }) => file.endsWith('.c') && (after.calls.some((call) => call.name === name) || after.mentions.includes(name)));
  const files = [...new Set(users.map((user) => user.path))].sort();
  const general: Remedy = { kind: 'rewrite', title: `Leave ${name} alone and give the function that needs the fix a private copy` };
  if (change?.before === undefined || change.after === undefined || files.length === 0) return general;
  const { before, after } = change;
  const old = context.textOf(path, 'before')?.slice(before.range.start, before.range.end);
  const now = context.textOf(path, 'after')?.slice(after.range.start, after.range.end);
  if (old === undefined || now === undefined) return general;
  const edits = (): TextChange[] => {
    const nameAt = after.nameRange.start - after.range.start;
    const renamed = `${now.slice(0, nameAt)}${copy}${now.slice(nameAt + name.length)}`.trimEnd();
    return [
      { path, range: after.range, text: old },
      ...files.map((file): TextChange => {
        const at = behindIncludes(context, file);
        return { path: file, range: { start: at, end: at }, text: at === 0 ? `${renamed}\n\n` : `\n\n${renamed}` };
      }),
      ...users.flatMap((user) => usesIn(bodyTokens(context, user.path, 'after', user.after), name).map((start): TextChange => ({ path: user.path, range: { start, end: start + name.length }, text: copy }))),
    ];
  };
  return { kind: 'rewrite', title: `Leave ${name} alone and give ${enumerate(files)} a copy, ${copy}`, fix: { edits } };
}

/** Where the name stands, as that of no member. */
const usesIn = (tokens: readonly BodyToken[], name: string): number[] => tokens.flatMap(({ text, at }, index) => (text === name && !/^(\.|->)$/.test(tokens[index - 1]?.text ?? '') ? [at] : []));
