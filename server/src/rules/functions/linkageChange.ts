import type { FileChanges, FunctionChange } from '../../change/changes';
import { ownSymbol } from '../../plan/inlining';
import { unitOf } from '../../plan/unit';
import type { FunctionFact } from '../../syntax/facts';
import type { Remedy } from '../finding';
import type { Rule, RuleContext, RuleFinding } from '../rule';
import { globalWrapper } from './globalWrapper';
import { replaceWord } from './sourceEdits';

export const linkageChange: Rule = {
  slug: 'linkage-change',
  title: 'A function becomes static, or stops being so',
  severity: { 'klp-build': 'info', kpatch: 'error' },
  manual: `
A function loses or gains \`static\`. What is inlined everywhere has no symbol, and nothing is said of it.

**What happens.** The symbol's binding changes from global to local or back. kpatch-build takes two symbols for one only when they agree
in it: it stops with \`symbol info mismatch\`, or takes the function for a new one and leaves the old one in place. klp-build pairs the two all the same.

**The way out.** Keep the storage class as it was. A function that others are to use gets a second, global one that calls it, under a new name.

\`\`\`c
static int demo_check(int value) { … }                              /* as it was */

int demo_check_any(int value) { return demo_check(value); }         /* new */
\`\`\`

**Source.** kpatch-build/create-diff-object.c kpatch_compare_correlated_symbol(); tools/objtool/klp-diff.c find_twin().
`,
  check(context) {
    return context.changes.flatMap((change) => (change.path.endsWith('.c') ? change.functions.flatMap((one) => linkage(context, change, one)) : []));
  },
};

function linkage(context: RuleContext, { path }: FileChanges, { before, after }: FunctionChange): RuleFinding[] {
  const versions = context.versions.get(path);
  if (before === undefined || after === undefined || before.isStatic === after.isStatic || versions?.before === undefined || versions.after === undefined) return [];
  if (ownSymbol(before, unitOf(versions.before)) === 'no' && ownSymbol(after, unitOf(versions.after)) === 'no') return [];
  const effect = context.profile === 'kpatch' ? 'kpatch-build takes it for another function' : 'klp-build takes it for the same function all the same';
  return [{ path, range: after.nameRange, function: after.name, message: `${after.name} becomes ${after.isStatic ? 'static' : 'global'}: ${effect}.`, remedies: context.profile === 'kpatch' ? remedies(context, path, after) : [] }];
}

function remedies(context: RuleContext, path: string, after: FunctionFact): Remedy[] {
  const { name } = after;
  if (after.isStatic) {
    const title = `Leave ${name} global`;
    // A static declaration above it would make it static all the same.
    const edits = (): ReturnType<typeof replaceWord> => (isDeclaredStatic(context, path, name) ? [] : replaceWord(context, path, after, /\bstatic\s+/, ''));
    return [{ kind: 'rewrite', title, fix: { edits, isPreferred: true } }];
  }
  const isUsed = isUsedElsewhere(context, path, name);
  const fix = isUsed ? globalWrapper(context, path, after) : undefined;
  return isUsed ? [{ kind: 'rewrite', title: `Leave ${name} static and give the others a global function of a new name that calls it`, ...(fix === undefined ? {} : { fix }) }] : [{ kind: 'rewrite', title: `Leave ${name} static`, fix: { edits: () => replaceWord(context, path, after, /^/, 'static '), isPreferred: true } }];
}

function isDeclaredStatic(context: RuleContext, path: string, name: string): boolean {
  const text = context.textOf(path, 'after') ?? '';
  return context.versions.get(path)?.after?.prototypes.some((prototype) => prototype.name === name && /\bstatic\b/.test(text.slice(prototype.range.start, prototype.range.end))) === true;
}

/** Whether the edit gives it users that need it global: declared in a header, exported, or used in another file. It was static, so nobody else can. */
function isUsedElsewhere(context: RuleContext, path: string, name: string): boolean {
  return [...context.versions].some(([other, { after }]) => after !== undefined && (after.exports.some((fact) => fact.name === name) ||
    (other !== path && (after.prototypes.some((fact) => fact.name === name) || unitOf(after).callCount(name) > 0 || unitOf(after).isAddressTaken(name)))));
}
