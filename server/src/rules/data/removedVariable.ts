import type { FunctionFact, Range, VariableFact } from '../../syntax/facts';
import type { Severity } from '../finding';
import type { Rule, RuleContext, RuleFinding } from '../rule';
import { isConst, plainType } from './variables';

export const removedVariable: Rule = {
  slug: 'removed-variable',
  title: 'A variable is removed, renamed or moved',
  scope: 'edit',
  severity: { 'klp-build': 'warning', kpatch: 'warning' },
  manual: `
A variable of the baseline is not in the edit any more.

**What happens.** The running kernel keeps it; patched code no longer uses it. klp-build says so in passing (\`no correlation\`). That is harmless when the
variable is really gone. A variable that only got another name, or went to another file, is a new one to both tools: it begins with its
initial value, and what the old one held is lost. Code that is not part of the patch may go on using one that is not static.

**The way out.** Keep the old name in the patch, or copy the value over in a pre-patch callback:

\`\`\`c
static int demo_limit;                       /* not demo_max: the value would start anew */
\`\`\`

**Source.** tools/objtool/klp-diff.c ("no correlation"); kpatch-build/create-diff-object.c (a symbol without a twin is new).
`,
  check(context) {
    return context.changes.flatMap(({ path, variables, functions }) => variables.flatMap((change) => (change.kind === 'removed' ? finding(change.before, path, functions.flatMap(({ before, after }) => (before === undefined || after === undefined ? [] : [{ before, after }])), context) : [])));
  },
};

function finding(fact: VariableFact, path: string, functions: readonly { readonly before: FunctionFact; readonly after: FunctionFact }[], context: RuleContext): RuleFinding[] {
  const successor = successorOf(fact, path, context);
  const [severity, text] = judge(fact, successor, path, context);
  // What is gone has no place in the edit: its new name has, or a function that used it.
  const user = functions.find(({ before }) => before.mentions.includes(fact.name));
  const range: Range = user?.after.nameRange ?? { start: 0, end: 0 };
  return [
    {
      path: successor?.path ?? path,
      range: successor?.fact.nameRange ?? range,
      symbol: fact.name,
      severity,
      message: text,
      remedies: severity === 'info' ? [] : [{ kind: 'rewrite', title: successor === undefined ? `Keep ${fact.name} in the patch` : `Keep ${fact.name} where it was and under its name` }, { kind: 'callback', title: 'Copy the value over in a pre-patch callback' }],
    },
  ];
}

interface Successor {
  readonly path: string;
  readonly fact: VariableFact;
}

/** The variable it became: one of its name in another file, or a new one of the same type and initial value in the same file. */
function successorOf(fact: VariableFact, path: string, { changes }: RuleContext): Successor | undefined {
  const added = changes.flatMap((file) => file.variables.flatMap((change): Successor[] => (change.kind === 'added' ? [{ path: file.path, fact: change.after }] : [])));
  const moved = added.find((one) => one.path !== path && one.fact.name === fact.name);
  if (moved !== undefined) return moved;
  const alike = added.filter((one) => one.path === path && plainType(one.fact.type) === plainType(fact.type) && one.fact.definedBy === fact.definedBy && one.fact.initializerHash === fact.initializerHash);
  return alike.length === 1 ? alike[0] : undefined;
}

function judge(fact: VariableFact, successor: Successor | undefined, path: string, context: RuleContext): [Severity, string] {
  const isData = !isConst(fact, context.textOf(path, 'before'));
  if (successor !== undefined && successor.path !== path) return [isData ? 'warning' : 'info', `${fact.name} moves here from ${path}: to the build tools it is a new variable${isData ? ', and what the running kernel\'s holds is lost' : ''}.`];
  if (successor !== undefined) return [isData ? 'warning' : 'info', `${fact.name} seems to become ${successor.fact.name}: that is a new variable${isData ? ', and what the running kernel\'s holds is lost to patched code' : ''}.`];
  if (!fact.isStatic && isData && path.endsWith('.c')) return ['warning', `${fact.name} is removed: the running kernel keeps it, and code outside this patch may go on using it.`];
  return ['info', `${fact.name} is removed: the running kernel keeps it, and nothing patched uses it any more.`];
}
