import type { PlannedFunction } from '../../plan/plan';
import { addInclude } from '../edited';
import type { Remedy, TextChange } from '../finding';
import { entersText, placeOf, plannedFunctions, relatedWay, wayText, type Rule, type RuleContext, type RuleFinding } from '../rule';
import { replaceWord } from './sourceEdits';

export const syscallWrapper: Rule = {
  slug: 'syscall-wrapper',
  title: 'The body of a system call changes',
  scope: 'edit',
  severity: { 'klp-build': 'error', kpatch: 'error' },
  manual: `
The edit changes a function that \`SYSCALL_DEFINEn\` or \`COMPAT_SYSCALL_DEFINEn\` opens, or code that is inlined into one.

**What happens.** The macro makes the body a \`static inline\` function, which is \`notrace\`, inside wrappers whose address the system call table holds, and
metadata for tracing besides. Replacing it fails: kpatch-build ends with \`doesn't have patchable function entry\`, and with klp-build the metadata and the
untraced wrapper keep the module from loading.

**The way out.** Both tools have macros of their own for it, with one to six arguments. Write them in the patch only.

\`\`\`c
SYSCALL_DEFINE2(demo, int, which, long, value)            /* before */

#include <linux/livepatch_helpers.h>                      /* klp-build, on x86-64 */
KLP_SYSCALL_DEFINE2(demo, int, which, long, value)

#include "kpatch-syscall.h"                               /* kpatch-build */
KPATCH_SYSCALL_DEFINE2(demo, int, which, long, value)
\`\`\`

There is none for a 32-bit \`COMPAT_SYSCALL_DEFINEn\`: move the change into a function it calls. A call with a compat twin is two functions;
when only one of them changes, 32-bit programs keep the old behavior: a warning. The body that \`SYSCALL_DEFINE0\` opens
is a function of its own, which can be traced: a note that its aliases have to be replaced with it. A new system call is in no table of the running kernel.

**Source.** include/linux/syscalls.h; arch/x86/include/asm/syscall_wrapper.h; include/linux/livepatch_helpers.h; kpatch's kmod/patch/kpatch-syscall.h.
`,
  check(context) {
    return plannedFunctions(context.plan).flatMap((planned): RuleFinding[] => {
      const macro = (planned.original ?? planned.fact).definedBy ?? '';
      const [, compat, count] = /^(COMPAT_)?SYSCALL_DEFINE([0-6x])$/.exec(macro) ?? [];
      if (count === undefined || planned.change === 'removed') return [];
      const place = placeOf(planned);
      if (planned.change === 'added') return [{ ...place, severity: 'warning', message: `${planned.name} is a new system call: the running kernel's table has no entry for it.` }];
      const twin = compat === undefined && planned.change !== 'reached' ? unchangedTwin(context, planned) : [];
      if (/^(KLP|KPATCH)_SYSCALL_DEFINE[1-6]$/.test(planned.fact.definedBy ?? '')) return twin;
      if (count === '0') return [{ ...place, severity: 'info', message: `${planned.name} is the body of a system call without arguments, a function of its own with aliases: see that the patch replaces it under each of its names.` }, ...twin];
      const way = place.through === undefined ? '' : ` (${wayText(planned)})`;
      const message = place.through === undefined
        ? `${macro} makes ${planned.name} an inline function without an ftrace entry: ${compat === undefined ? `a live patch needs ${prefixes[context.profile]}${macro} instead` : 'a live patch cannot replace it'}.`
        : `${place.function} ${entersText(planned)} ${planned.name}, the inline body of a system call without an ftrace entry: that copy cannot be redirected${way}.`;
      // Whatever its size, the body is replaced with its wrapper: a guess about the way into it stays one.
      const guess = planned.via.every((step) => step.isSure) ? {} : ({ severity: 'warning', ifInlined: true } as const);
      return [{ ...place, ...guess, message, related: relatedWay(planned), remedies: remedies(context, planned, macro, compat !== undefined, count) }, ...twin];
    });
  },
};

const prefixes = { 'klp-build': 'KLP_', kpatch: 'KPATCH_' } as const;
const headers = { 'klp-build': '<linux/livepatch_helpers.h>', kpatch: '"kpatch-syscall.h"' } as const;

function remedies(context: RuleContext, planned: PlannedFunction, macro: string, isCompat: boolean, count: string): Remedy[] {
  const inCallee: Remedy = { kind: 'patch-callee', title: 'Make the change in a function that the system call calls' };
  if (isCompat || count === 'x') return [inCallee];
  const { profile } = context;
  const { path, fact } = planned;
  const edits = (): TextChange[] => {
    const [word] = replaceWord(context, path, fact, new RegExp(`\\b${macro}\\b`), prefixes[profile] + macro);
    if (word === undefined) return [];
    const [include] = addInclude(context, path, headers[profile]);
    // In a file that begins with the call, both stand in one place.
    if (include?.range.start === word.range.start) return [{ ...word, text: include.text + word.text }];
    return include === undefined ? [word] : [include, word];
  };
  return [{ kind: 'rewrite', title: `Use ${prefixes[profile]}${macro} and include ${headers[profile]}`, fix: { edits } }, inCallee];
}

/** The 32-bit call of the same name, when the edit leaves it alone. */
function unchangedTwin({ plan, versions }: RuleContext, planned: PlannedFunction): RuleFinding[] {
  const name = planned.name.replace(/^__do_sys_/, '__do_compat_sys_');
  const twin = name === planned.name ? undefined : versions.get(planned.path)?.after?.functions.find((fact) => fact.name === name);
  if (twin === undefined || plannedFunctions(plan).some((one) => one.name === name)) return [];
  return [
    {
      path: planned.path,
      range: planned.fact.nameRange,
      function: planned.name,
      symbol: name,
      severity: 'warning',
      message: `32-bit programs enter through ${name}, which this edit leaves as it is.`,
      related: [{ path: planned.path, range: twin.nameRange, message: 'the entry of 32-bit programs' }],
    },
  ];
}
