import { inliningOf, ownSymbol } from '../../plan/inlining';
import type { PlannedFunction } from '../../plan/plan';
import { unitOf } from '../../plan/unit';
import type { Remedy } from '../finding';
import { leftAlone } from '../leftAlone';
import { certainty, entersText, placeOf, plannedFunctions, relatedWay, wayText, type Rule, type RuleContext } from '../rule';
import { isStored } from './pointers';
import { renamedCopy, withCopy, type RenamedCopy } from './renamedCopy';
import { replaceWord } from './sourceEdits';

export const inlineNotrace: Rule = {
  slug: 'inline-notrace',
  title: 'A function declared inline has a copy of its own, without an ftrace entry',
  severity: { 'klp-build': 'error', kpatch: 'error' },
  manual: `
The function is declared \`inline\`, and the compiler does not inline it everywhere: it is long, recursive or takes variable arguments, its
address is taken, or other files call it.

**What happens.** In the kernel \`inline\` implies \`notrace\`. The copy that is left as a function looks like any other and has no ftrace
entry: kpatch-build says \`doesn't have patchable function entry\`; a module built by klp-build fails to load (\`failed to find location for function\`).

**The way out.** Where only its callers in the same file need it, declare it \`__always_inline\`: the callers are replaced instead. Otherwise give
the callers a copy under a new name.

\`\`\`c
static inline int demo_pack(…)          /* not inlined, and not traced */
static __always_inline int demo_pack(…) /* in the patch: part of its callers */
\`\`\`

**Source.** include/linux/compiler_types.h (\`inline\`); gcc's limit for functions declared inline as measured on Linux 6.1.
`,
  check(context) {
    return plannedFunctions(context.plan).flatMap((planned) => {
      const why = untracedCopy(context, planned);
      if (why === undefined) return [];
      const place = placeOf(planned);
      const copy = place.through === undefined ? renamedCopy(context, planned.path, planned.fact) : undefined;
      return [
        {
          ...place,
          ...certainty(planned),
          message:
            place.through === undefined
              ? `${planned.name} is declared inline, which implies notrace, and is a function of its own all the same (${why}): a live patch cannot redirect it.`
              : `${place.function} ${entersText(planned)} ${planned.name}, which is declared inline and has an untraced copy of its own (${why}): that one cannot be redirected (${wayText(planned)}).`,
          related: copy?.related ?? relatedWay(planned),
          remedies: [...(copy === undefined ? [leftAlone(context, planned)] : []), ...remedies(context, planned, copy)],
        },
      ];
    });
  },
};

/** Why baseline and edit both have the function out of line; undefined when one of them does not, or it is no inline function. */
function untracedCopy({ versions }: RuleContext, planned: PlannedFunction): string | undefined {
  const { original, fact, path } = planned;
  if (planned.change === 'added' || planned.change === 'removed' || planned.ownSymbol === 'no' || (original?.definedBy !== undefined && original.writtenOut === undefined)) return undefined;
  if (original?.inline !== 'inline' && original?.inline !== 'always') return undefined;
  if (!fact.isStatic && !original.isStatic) return 'other files may call it';
  const before = versions.get(path)?.before;
  if (before === undefined) return 'it is not inlined everywhere';
  const unit = unitOf(before);
  if (ownSymbol(original, unit) === 'no') return undefined;
  if (isStored(before, original.name)) return 'its address is taken';
  const { inlined, reason } = inliningOf(original, unit);
  // A copy that only a list of kprobes' or the like keeps: nobody calls it.
  return inlined ? undefined : reason;
}

function remedies(context: RuleContext, planned: PlannedFunction, renamed: RenamedCopy | undefined): Remedy[] {
  const { fact, path, name } = planned;
  const copy = withCopy('patch-callers', `Patch the callers of ${name} with a renamed copy`, renamed);
  const after = context.versions.get(path)?.after;
  if (after === undefined || !fact.isStatic || fact.inline !== 'inline' || fact.isVariadic) return [copy];
  const unit = unitOf(after);
  const isCalled = unit.callCount(name) > 0 && !unit.isAddressTaken(name) && !fact.calls.some((call) => call.name === name);
  if (!isCalled) return [copy];
  return [{ kind: 'rewrite', title: `Declare ${name} __always_inline, so that its callers are replaced`, fix: { edits: () => replaceWord(context, path, fact, /\b(inline|__inline|__inline__)\b/, '__always_inline') } }, copy];
}
