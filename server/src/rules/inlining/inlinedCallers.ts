import type { PlannedFunction } from '../../plan/plan';
import { plannedFunctions, type Rule, type RuleFinding } from '../rule';
import { enumerate } from '../words';

export const inlinedCallers: Rule = {
  slug: 'inlined-callers',
  title: 'The edited function is inlined: its callers are replaced, too',
  severity: { 'klp-build': 'info', kpatch: 'info' },
  manual: `
The edited function is inlined into others: it is declared \`inline\`, it is a static function with one caller, or it is so
small that gcc inlines it unasked.

**What happens.** Every function that holds a copy changes, so all of them are part of the patch, though their text did not change.
That is no fault by itself. It becomes one when a caller cannot be patched: other rules then report at the edit, with
the way. And each replaced function can hold up the transition while a task sleeps in it.

**The way out.** None is needed. To keep a patch small, give the function that needs the fix a private copy of the helper.

\`\`\`c
static inline int demo_limit(int wanted)    /* edited: 8 becomes 16 */
{
	return min(wanted, 16);
}

int demo_open(int wanted)                   /* not edited, and replaced: it holds the 8 */
{
	return demo_start(demo_limit(wanted));
}
\`\`\`

**Source.** gcc -O2: -finline-functions-called-once, -finline-small-functions, max-inline-insns-auto; kpatch README, "unexpected
changed functions".
`,
  check({ plan }) {
    const callers = new Map<string, PlannedFunction[]>();
    for (const planned of plannedFunctions(plan)) {
      const [edited] = planned.via;
      if (edited?.kind !== 'function') continue;
      const key = `${edited.path} ${edited.name}`;
      callers.set(key, [...(callers.get(key) ?? []), planned]);
    }
    return [...callers.values()].flatMap((list): RuleFinding[] => {
      const edited = list[0]?.via[0];
      if (edited === undefined) return [];
      const names = list.map((planned) => planned.name);
      return [
        {
          path: edited.path,
          range: edited.range,
          function: edited.name,
          message: `${edited.name} (${edited.reason}) ${edited.isSure ? 'is' : 'is probably'} inlined: ${enumerate(names)} ${names.length === 1 ? 'is' : 'are'} replaced, too.`,
          related: list.map((planned) => ({
            path: planned.path,
            range: planned.fact.nameRange,
            message: planned.via.length > 1 ? `${planned.name} holds a copy, through ${planned.via.slice(1).map((step) => step.name).join(' → ')}` : `${planned.name} holds a copy`,
          })),
        },
      ];
    });
  },
};
