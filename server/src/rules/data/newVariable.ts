import type { FileChanges } from '../../change/changes';
import type { VariableFact } from '../../syntax/facts';
import type { Severity } from '../finding';
import type { Rule, RuleContext, RuleFinding } from '../rule';
import { isConst, isPerCpu } from './variables';

export const newVariable: Rule = {
  slug: 'new-variable',
  title: 'A variable is new',
  severity: { 'klp-build': 'warning', kpatch: 'warning' },
  manual: `
The edit defines a variable that the running kernel does not have.

**What happens.** It lives in the patch's module. It begins with its initial value when the patch is loaded and is gone when that is unloaded; the next
cumulative patch that replaces this one has its own and begins anew. A lock that is new is taken by patched code only: code that is not replaced, and
every task that has not been switched over yet, goes on without it. A module parameter or an export of a new variable belongs to the patch's
module, too.

**The way out.** Nothing, when a fresh start is right. State that must outlive the patch is handed over by a shadow variable or by klp_state. Protect new
data with a new lock, and old data with the lock that old code takes.

\`\`\`c
static unsigned int demo_retries;            /* 0 again with each cumulative patch */
\`\`\`

**Source.** Documentation/livepatch/cumulative-patches.rst, system-state.rst; kpatch-build/create-diff-object.c kpatch_include_new_globals();
tools/objtool/klp-diff.c clone_reloc().
`,
  check(context) {
    return context.changes.flatMap((change) => (change.path.endsWith('.h') ? [] : change.variables.flatMap(({ kind, after }) => (kind === 'added' && !isPerCpu(after) ? [finding(after, change, context)] : []))));
  },
};

function finding(fact: VariableFact, change: FileChanges, context: RuleContext): RuleFinding {
  const [severity, text] = judge(fact, change, context);
  return { path: change.path, range: fact.nameRange, symbol: fact.name, severity, message: `${fact.name} is new: ${text}.` };
}

const LOCKS = /^(struct (mutex|rw_semaphore|semaphore|percpu_rw_semaphore|rt_mutex)|(raw_)?spinlock_t|rwlock_t|seqlock_t|seqcount_\w+)$/;

function judge(fact: VariableFact, { path, registrations, exports }: FileChanges, context: RuleContext): [Severity, string] {
  if (LOCKS.test(fact.type)) return ['warning', 'only patched code takes this lock; code that is not replaced, and tasks not switched over yet, go on without it'];
  const parameter = registrations.find((one) => one.kind === 'added' && one.after.macro.startsWith('module_param') && one.after.args.includes(fact.name));
  if (parameter !== undefined) return ['warning', 'as a parameter it belongs to the patch\'s module, and its value is lost with the next cumulative patch'];
  if (exports.some((one) => one.kind === 'added' && one.after.name === fact.name)) return ['warning', 'it would be exported from the patch\'s module, and whoever uses it keeps the patch from being unloaded'];
  if (isConst(fact, context.textOf(path, 'after'))) return ['info', 'it is part of the patch\'s module'];
  return ['info', 'it lives in the patch\'s module and begins anew with each cumulative patch'];
}
