import type { FunctionFact } from '../../syntax/facts';
import { certainty, entersText, placeOf, plannedFunctions, relatedWay, wayText, type Rule } from '../rule';

export const initCode: Rule = {
  slug: 'init-code',
  title: 'The function runs only while the kernel boots or the module loads',
  severity: { 'klp-build': 'error', kpatch: 'error' },
  manual: `
A function marked \`__init\`, \`__exit\`, \`__net_init\` or one of their kin changes, or code that is inlined into one.

**What happens.** The code has run, and its memory is freed once the system is up: there is nothing left to redirect. kpatch-build
refuses the section (\`changed section .init.text not selected for inclusion\`); a module that names such a function fails to load
(\`failed to find location for function\`).

**The way out.** Redo the effect on what is already initialized in a pre- or post-patch callback. For a helper that is inlined into
an \`__init\` function and into others, give the others a copy of their own under a new name.

**How sure.** When the way into such a function is a guess (a small function that nobody declared \`inline\`), this is a warning and the
verdict is undecided: only the compiler knows.

**Source.** include/linux/init.h; kpatch-build/create-diff-object.c; recorded load of a live patch of an \`__init\` function on
Debian 6.1.192 (EINVAL, "failed to find location").
`,
  check({ plan }) {
    return plannedFunctions(plan).flatMap((planned) => {
      if (planned.change === 'added' || planned.change === 'removed') return [];
      const marker = initMarker(planned.original ?? planned.fact);
      if (marker === undefined) return [];
      const place = placeOf(planned);
      const message =
        place.through === undefined
          ? `${planned.name} is ${marker}: it has already run and its memory is gone, so a live patch cannot replace it.`
          : `${place.function} ${entersText(planned)} ${planned.name}, which is ${marker}: that copy has already run and cannot be replaced (${wayText(planned)}).`;
      return [
        {
          ...place,
          ...certainty(planned),
          message,
          related: relatedWay(planned),
          remedies:
            place.through === undefined
              ? [{ kind: 'callback', title: 'Redo the effect in a pre- or post-patch callback' }]
              : [{ kind: 'patch-callers', title: `Give the other callers of ${place.function} a copy under a new name and leave ${planned.name} alone` }],
        },
      ];
    });
  },
};

/** Section macros whose text is freed or never runs again: include/linux/init.h, net/net_namespace.h, memory.h. */
const markers: ReadonlySet<string> = new Set([
  '__init', '__exit', '__net_init', '__net_exit', '__meminit', '__memexit', '__cpuinit', '__cpuexit', '__devinit', '__devexit', '__head', '__init_or_module', '__init_memblock',
]);

/** The init section macro a function carries, as written. */
export function initMarker(fact: FunctionFact): string | undefined {
  return fact.attributes.find((attribute) => markers.has(attribute));
}
