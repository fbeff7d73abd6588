import type { VariableChange } from '../../change/changes';
import { asBefore } from '../asBefore';
import type { Remedy } from '../finding';
import type { Rule, RuleContext, RuleFinding } from '../rule';
import { enumerate } from '../words';
import { sameValue } from './initializers';
import { percpuFix } from './percpuFix';
import { isPerCpu } from './variables';

export const percpuVariable: Rule = {
  slug: 'percpu-variable',
  title: 'A per-CPU variable changes, or a new one is defined',
  severity: { 'klp-build': 'error', kpatch: 'error' },
  manual: `
A variable that is defined by \`DEFINE_PER_CPU\` or its kin gets another type, another initial value or another kind of section; or a new
one is defined, which is a warning, unless kpatch-build would have to change the section of the file's others.

**What happens.** The per-CPU area of every CPU was laid out and filled when the kernel booted or the module was loaded. What is there stays as it
is. kpatch-build refuses (\`.data..percpu\` is one section for all of a file), klp-build refuses another value or size (\`changed data\`). A new one is
allocated for the patch's module out of the small reserve for modules (PERCPU_MODULE_RESERVE); where that is used up, loading the patch fails.

**The way out.** Leave the variable as it is, and allocate what is new in a pre-patch callback:

\`\`\`c
static u64 __percpu *demo_hits;              /* alloc_percpu(u64) in the pre-patch callback, free_percpu() in the post-unpatch one */
\`\`\`

**Source.** kpatch-build/create-diff-object.c is_bundleable(), kpatch_verify_patchability(); tools/objtool/klp-diff.c mark_changed_functions(); include/linux/percpu.h
PERCPU_MODULE_RESERVE.
`,
  check(context) {
    return context.changes.flatMap(({ path, variables }) => variables.flatMap((change) => finding(change, path, context)));
  },
};

function finding(change: VariableChange, path: string, context: RuleContext): RuleFinding[] {
  const { before, after } = change;
  // A declaration only says where the variable is; its definition changes with it.
  if (after === undefined || after.isExtern || before?.isExtern === true || !(isPerCpu(after) || (before !== undefined && isPerCpu(before)))) return [];
  const place = { path, range: after.nameRange, symbol: after.name };
  const fix = percpuFix(change, path, context);
  const together = fix === undefined || fix.others.length === 0 ? '' : `, together with ${enumerate(fix.others)}`;
  const withFix = fix === undefined ? {} : { fix: fix.fix };
  if (before === undefined) {
    const isRefused = context.profile === 'kpatch' && context.versions.get(path)?.before?.variables.some((fact) => fact.definedBy === after.definedBy && !fact.isExtern) === true;
    return [
      {
        ...place,
        ...(isRefused ? {} : { severity: 'warning' }),
        message: `Per-CPU variable ${after.name} is new: ${isRefused ? 'it shares a section with others of its file, which kpatch-build refuses to change' : 'it takes room of the small reserve for modules, and loading the patch fails where that is used up'}.`,
        remedies: [{ kind: 'rewrite', title: `Allocate ${after.name} with alloc_percpu() in a pre-patch callback${together}`, ...withFix }],
      },
    ];
  }
  const isOther = isPerCpu(before) !== isPerCpu(after);
  const what = isOther ? `${isPerCpu(after) ? 'becomes' : 'is no longer'} a per-CPU variable` : before.type !== after.type ? `goes from ${before.type} to ${after.type}` : change.initializerChanged ? 'gets another initial value' : `is defined by ${after.definedBy ?? 'a declaration'} in another way`;
  return [
    {
      ...place,
      message: `Per-CPU variable ${after.name} ${what}: each CPU's copy was laid out and filled when the kernel booted, and stays as it is.`,
      remedies: [remedy()],
    },
  ];

  function remedy(): Remedy {
    const name = after?.name ?? '';
    if (isOther || before?.type !== after?.type || before === undefined || after === undefined) return { kind: 'callback', title: `Leave ${name} as it is, and allocate a new one with alloc_percpu() in a pre-patch callback${together}`, ...withFix };
    if (!sameValue(before.initializer, after.initializer)) return { kind: 'callback', title: `Write ${name} for each CPU in a pre-patch callback and restore it in the post-unpatch one${together}`, ...withFix };
    const back = asBefore(context, path, before.range, after.range);
    return { kind: 'rewrite', title: `Leave the definition of ${name} as it was`, ...(back === undefined ? {} : { fix: back }) };
  }
}
