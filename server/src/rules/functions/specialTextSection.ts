import { leftAlone } from '../leftAlone';
import { certainty, entersText, placeOf, plannedFunctions, relatedWay, wayText, type Rule, type RuleFinding } from '../rule';
import { renamedCopy, withCopy } from './renamedCopy';
import { textSection } from './textMarkers';

export const specialTextSection: Rule = {
  slug: 'special-text-section',
  title: 'The function lies in a text section of its own kind',
  severity: { 'klp-build': 'info', kpatch: 'error' },
  manual: `
The function is marked \`__sched\`, \`__lockfunc\`, \`__kprobes\`, \`__cpuidle\`, \`noinstr\`, \`__irq_entry\`, \`__softirq_entry\`, \`__entry_text\`, \`__ref\`, or has an explicit
\`__section(".…")\`.

**What happens.** kpatch-build takes functions from sections that hold one function each. These share a section, in which no single function
can be taken out: \`changed section .sched.text not selected for inclusion\`. klp-build goes by symbols and does not mind; the new function
stands in the patch module's own section of that name, so that code which looks for addresses between the section's ends (the scheduler's,
for the caller of a sleeping function; kprobes') does not see it there. \`__cold\` and \`__hot\` are no such sections.

**The way out.** With kpatch-build: patch the callers with a copy under a new name and without the section.

\`\`\`c
int __sched demo_wait_for(struct demo *demo)            /* stays, in .sched.text */
static int kpatch_demo_wait_for(struct demo *demo)      /* the fix, which its callers are patched to call */
\`\`\`

**Source.** include/linux/sched/debug.h (__sched), spinlock.h (__lockfunc), kprobes.h, cpu.h, interrupt.h, init.h;
kpatch-build/create-diff-object.c kpatch_verify_patchability().
`,
  check(context) {
    const { plan, profile } = context;
    return plannedFunctions(plan).flatMap((planned): RuleFinding[] => {
      if (planned.change === 'added' || planned.change === 'removed' || planned.ownSymbol === 'no') return [];
      const marker = textSection(planned.original ?? planned.fact);
      if (marker === undefined) return [];
      const place = placeOf(planned);
      if (profile === 'klp-build') return place.through === undefined ? [{ ...place, message: `${planned.name} is ${marker}: its replacement lies outside of the kernel's section of that kind.` }] : [];
      const copy = place.through === undefined ? renamedCopy(context, planned.path, planned.fact) : undefined;
      return [
        {
          ...place,
          ...certainty(planned),
          message:
            place.through === undefined
              ? `${planned.name} is ${marker}, in a section it shares with others: kpatch-build cannot take it out.`
              : `${place.function} ${entersText(planned)} ${planned.name}, which is ${marker}, in a section it shares with others: kpatch-build cannot take it out (${wayText(planned)}).`,
          related: copy?.related ?? relatedWay(planned),
          remedies: [...(copy === undefined ? [leftAlone(context, planned)] : []), withCopy('patch-callers', `Patch the callers of ${planned.name} with a renamed copy without ${marker}`, copy)],
        },
      ];
    });
  },
};
