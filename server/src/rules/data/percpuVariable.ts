import type { VariableChange } from '../../change/changes';
import type { Rule, RuleFinding } from '../rule';
import { isPerCpu } from './variables';

export const percpuVariable: Rule = {
  slug: 'percpu-variable',
  title: 'A per-CPU variable changes, or a new one is defined',
  severity: { 'klp-build': 'error', kpatch: 'error' },
  manual: `
A variable that is defined by \`DEFINE_PER_CPU\` or its kin gets another type, another initial value or another kind of section; or a new
one is defined, which is a warning.

**What happens.** The per-CPU area of every CPU was laid out and filled when the kernel booted or the module was loaded. What is there stays as it
is. kpatch-build refuses (\`.data..percpu\` is one section for all of them), klp-build refuses another value or size (\`changed data\`). A new one is
allocated for the patch's module out of the small reserve for modules (PERCPU_MODULE_RESERVE); where that is used up, loading the patch fails.

**The way out.** Leave the variable as it is, and allocate what is new in a pre-patch callback:

\`\`\`c
static u64 __percpu *demo_hits;              /* alloc_percpu(u64) in the pre-patch callback, free_percpu() in the post-unpatch one */
\`\`\`

**Source.** kpatch-build/create-diff-object.c is_bundleable(); tools/objtool/klp-diff.c mark_changed_functions(); include/linux/percpu.h
PERCPU_MODULE_RESERVE.
`,
  check({ changes }) {
    return changes.flatMap(({ path, variables }) => variables.flatMap((change) => finding(change, path)));
  },
};

function finding(change: VariableChange, path: string): RuleFinding[] {
  const { before, after } = change;
  // A declaration only says where the variable is; its definition changes with it.
  if (after === undefined || after.isExtern || before?.isExtern === true || !(isPerCpu(after) || (before !== undefined && isPerCpu(before)))) return [];
  const place = { path, range: after.nameRange, symbol: after.name };
  if (before === undefined) {
    return [
      {
        ...place,
        severity: 'warning',
        message: `Per-CPU variable ${after.name} is new: it takes room of the small reserve for modules, and loading the patch fails where that is used up.`,
        remedies: [{ kind: 'rewrite', title: `Allocate it with alloc_percpu() in a pre-patch callback` }],
      },
    ];
  }
  const what = isPerCpu(before) !== isPerCpu(after) ? `${isPerCpu(after) ? 'becomes' : 'is no longer'} a per-CPU variable` : before.type !== after.type ? `goes from ${before.type} to ${after.type}` : change.initializerChanged ? 'gets another initial value' : `is defined by ${after.definedBy ?? 'a declaration'} in another way`;
  return [
    {
      ...place,
      message: `Per-CPU variable ${after.name} ${what}: each CPU's copy was laid out and filled when the kernel booted, and stays as it is.`,
      remedies: [{ kind: 'callback', title: `Leave ${after.name} as it is, and allocate what is new with alloc_percpu() in a pre-patch callback` }],
    },
  ];
}
