import type { FunctionFact } from '../../syntax/facts';
import { certainty, entersText, placeOf, plannedFunctions, relatedWay, wayText, type Rule } from '../rule';

export const notrace: Rule = {
  slug: 'notrace',
  title: 'The function has no ftrace entry to redirect',
  severity: { 'klp-build': 'error', kpatch: 'error' },
  manual: `
The function that would be replaced is compiled without a call to ftrace: it is marked \`notrace\`, \`noinstr\` or \`__naked\`, or the
Makefile takes the ftrace flags from its file (\`CFLAGS_REMOVE_x.o = $(CC_FLAGS_FTRACE)\`). The running kernel's version
counts, not the edit's.

**What happens.** A live patch redirects a function through the ftrace call at its entry. kpatch-build refuses (\`doesn't have
patchable function entry\`); klp-build may build the module, and loading it fails (\`failed to find location for function\`).

**The way out.** Patch every traced caller with a renamed copy of the function.

**How sure.** When the way into such a function is a guess (a small function that nobody declared \`inline\`), this is a warning and the
verdict is undecided: only the compiler knows.

**Source.** include/linux/compiler_types.h (notrace, noinstr); kernel/livepatch/patch.c klp_patch_func(); recorded loads on Debian
6.1.192 (EINVAL).
`,
  check({ plan, knowledge }) {
    return plannedFunctions(plan).flatMap((planned) => {
      if (planned.change === 'added' || planned.change === 'removed' || planned.ownSymbol === 'no') return [];
      const marker = untracedBy(planned.original ?? planned.fact);
      const makefile = planned.path.endsWith('.c') ? knowledge.ask({ kind: 'object', path: planned.path })?.untraced : undefined;
      if (marker === undefined && makefile === undefined) return [];
      const why = marker ?? `compiled without ftrace (${makefile?.makefile ?? ''}:${makefile?.line ?? 0})`;
      const place = placeOf(planned);
      return [
        {
          ...place,
          ...certainty(planned),
          message:
            place.through === undefined
              ? `${planned.name} is ${why}: ftrace has no entry in it, so a live patch cannot redirect it.`
              : `${place.function} ${entersText(planned)} ${planned.name}, which is ${why}: that copy cannot be redirected (${wayText(planned)}).`,
          evidence: marker === undefined ? 'symbols' : 'source',
          related: relatedWay(planned),
          remedies: [{ kind: 'patch-callers', title: `Patch the traced callers of ${planned.name} with a renamed copy` }],
        },
      ];
    });
  },
};

const markers: ReadonlySet<string> = new Set(['notrace', 'noinstr', '__naked', '__no_instrument_function__', 'no_instrument_function', '__cpuidle']);

/** The attribute that keeps ftrace out of a function, as written. */
export function untracedBy(fact: FunctionFact): string | undefined {
  return fact.attributes.find((attribute) => markers.has(attribute));
}
