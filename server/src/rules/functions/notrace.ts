import type { PlannedFunction } from '../../plan/plan';
import { leftAlone } from '../leftAlone';
import { certainty, entersText, placeOf, plannedFunctions, relatedWay, wayText, type Rule, type RuleContext } from '../rule';
import { renamedCopy, withCopy } from './renamedCopy';
import { isUntracedWord, untracedMarker } from './textMarkers';

export const notrace: Rule = {
  slug: 'notrace',
  title: 'The function has no ftrace entry to redirect',
  severity: { 'klp-build': 'error', kpatch: 'error' },
  manual: `
The function that would be replaced is compiled without a call to ftrace: it, or a declaration of it in the same file, is marked \`notrace\`, \`noinstr\`,
\`__naked\` or \`patchable_function_entry(0)\`, or the Makefile takes the ftrace flags from its file (\`CFLAGS_REMOVE_x.o = $(CC_FLAGS_FTRACE)\`). The
running kernel's version counts, not the edit's. \`__cpuidle\` keeps ftrace out since Linux 6.3. \`NOKPROBE_SYMBOL()\` does not.

**What happens.** A live patch redirects a function through the ftrace call at its entry. kpatch-build refuses (\`doesn't have
patchable function entry\`); klp-build may build the module, and loading it fails (\`failed to find location for function\`).

**The way out.** Patch every traced caller with a renamed copy of the function: a quick fix where up to eight files of the same object call it, by its name. Where other
files do, the copy is global, and declared in each of them; a header is left alone, since all that include it would be compiled anew.

\`\`\`c
notrace int demo_tick(int count)            /* stays as it is */
static int klp_demo_tick(int count)         /* the fix */

	return klp_demo_tick(demo->count);      /* in each caller that can be redirected */
\`\`\`

**How sure.** When the way into such a function is a guess (a small function that nobody declared \`inline\`), this is a warning and the
verdict is undecided: only the compiler knows.

**Source.** include/linux/compiler_types.h (notrace, noinstr); kernel/livepatch/patch.c klp_patch_func(); recorded loads on Debian
6.1.192 (EINVAL).
`,
  check(context) {
    const { plan, knowledge } = context;
    return plannedFunctions(plan).flatMap((planned) => {
      if (planned.change === 'added' || planned.change === 'removed' || planned.ownSymbol === 'no') return [];
      const marker = untracedBy(context, planned);
      const makefile = planned.path.endsWith('.c') ? knowledge.ask({ kind: 'object', path: planned.path })?.untraced : undefined;
      if (marker === undefined && makefile === undefined) return [];
      const why = marker ?? `compiled without ftrace (${makefile?.makefile ?? ''}:${makefile?.line ?? 0})`;
      const place = placeOf(planned);
      const copy = place.through === undefined ? renamedCopy(context, planned.path, planned.fact) : undefined;
      return [
        {
          ...place,
          ...certainty(planned),
          message:
            place.through === undefined
              ? `${planned.name} is ${why}: ftrace has no entry in it, so a live patch cannot redirect it.`
              : `${place.function} ${entersText(planned)} ${planned.name}, which is ${why}: that copy cannot be redirected (${wayText(planned)}).`,
          evidence: marker === undefined ? 'symbols' : 'source',
          related: copy?.related ?? relatedWay(planned),
          remedies: [...(copy === undefined ? [leftAlone(context, planned)] : []), withCopy('patch-callers', `Patch the traced callers of ${planned.name} with a renamed copy`, copy)],
        },
      ];
    });
  },
};

/** The attribute that keeps ftrace out of a function of the running kernel, as written at the function or at a declaration of it. */
function untracedBy(context: RuleContext, planned: PlannedFunction): string | undefined {
  const own = untracedMarker(planned.original ?? planned.fact, context.kernelVersion);
  if (own !== undefined) return own;
  for (const prototype of context.versions.get(planned.path)?.before?.prototypes ?? []) {
    if (prototype.name !== planned.name) continue;
    const words = context.textOf(planned.path, 'before')?.slice(prototype.range.start, prototype.range.end).match(/\w+/g) ?? [];
    const declared = words.find(isUntracedWord);
    if (declared !== undefined) return `declared ${declared}`;
  }
  return undefined;
}
