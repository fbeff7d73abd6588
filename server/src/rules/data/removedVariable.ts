import type { VariableChange } from '../../change/changes';
import type { FunctionFact, Range, VariableFact } from '../../syntax/facts';
import type { Fix, Severity, TextChange } from '../finding';
import type { Rule, RuleContext, RuleFinding } from '../rule';
import { isConst, plainType } from './variables';
import { isWord, renamedUses, usesOfVariable } from './variableUses';

export const removedVariable: Rule = {
  slug: 'removed-variable',
  title: 'A variable is removed, renamed or moved',
  scope: 'edit',
  severity: { 'klp-build': 'warning', kpatch: 'warning' },
  manual: `
A variable of the baseline is not in the edit any more, or only declared.

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
    return context.changes.flatMap(({ path, variables, functions }) => variables.flatMap((change) => (isRemoved(change, path, context) ? finding(change.before, path, functions.flatMap(({ before, after }) => (before === undefined || after === undefined ? [] : [{ before, after }])), context) : [])));
  },
};

/** Or nothing but a declaration is left of it. */
function isRemoved(change: VariableChange, path: string, { versions }: RuleContext): change is Exclude<VariableChange, { kind: 'added' }> {
  if (change.kind !== 'changed') return change.kind === 'removed';
  return change.after.isExtern && !change.before.isExtern && versions.get(path)?.after?.variables.some((fact) => fact.name === change.before.name && !fact.isExtern) === false;
}

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
      remedies: severity === 'info' ? [] : [{ kind: 'rewrite', title: successor === undefined ? `Keep ${fact.name} in the patch` : `Keep ${fact.name} where it was and under its name`, ...underItsName(fact, path, successor, context) }, { kind: 'callback', title: 'Copy the value over in a pre-patch callback' }],
    },
  ];
}

interface Successor {
  readonly path: string;
  readonly fact: VariableFact;
}

/** The fix for one that only got another name: whoever uses it in its file uses the old one again. */
function underItsName(fact: VariableFact, path: string, successor: Successor | undefined, context: RuleContext): { readonly fix?: Fix } {
  if (successor?.path !== path || fact.attributes.join() !== successor.fact.attributes.join() || !fact.isStatic || !successor.fact.isStatic || fact.conditions.length > 0 || successor.fact.conditions.length > 0) return {};
  // Not even in a comment: what else bears the name, the file would have to tell.
  if (isWord(fact.name).test(context.textOf(path, 'after') ?? '')) return {};
  const uses = usesOfVariable(context, path, successor.fact.name);
  const declaration: TextChange = { path, range: successor.fact.nameRange, text: fact.name };
  return uses === undefined ? {} : { fix: { edits: () => [declaration, ...renamedUses(uses, fact.name)] } };
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
