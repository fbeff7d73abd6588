import { isSchedFunction } from '../../kernel/schedFunctions';
import type { PlannedFunction } from '../../plan/plan';
import { plannedFunctions, type Rule } from '../rule';
import { findingsFor, type Held } from './holders';

export const schedulerFunction: Rule = {
  slug: 'scheduler-function',
  title: 'Sleeping tasks have the function on their stacks',
  severity: { 'klp-build': 'error', kpatch: 'error' },
  manual: `
The function that would be replaced is part of how tasks go to sleep: \`schedule()\` and what it is made of, or another function of the section
\`.sched.text\` (marked \`__sched\`): \`schedule_timeout()\`, \`io_schedule()\`, the slow paths of locks and completions.

**What happens.** A sleeping task's stack begins with \`__schedule\` and \`schedule\`. The transition finds them on every stack but those of
running tasks, and can never complete: an error. The other functions are on the stacks of those who wait in just this way, of which there
is nearly always one among the kernel's threads: a warning.

**The way out.** Reboot into a kernel with the change. Where one caller of a waiting function is concerned, patch that caller to use a renamed
copy.

\`\`\`c
long demo_sleep(long timeout)                   /* stays: somebody always waits in it */
static long klp_demo_sleep(long timeout)        /* the fix, for the caller that needs it */
\`\`\`

**Source.** include/linux/sched/debug.h (__sched), kernel/sched/core.c; kernel/livepatch/transition.c, klp_check_stack(), which does
not leave out scheduler functions as /proc/PID/stack does; kpatch's README, "Limitations".
`,
  check({ plan }) {
    return findingsFor(plannedFunctions(plan).flatMap(holds)).map((finding) => ({
      ...finding,
      remedies: [finding.severity === 'error' ? { kind: 'reboot', title: 'Reboot into a kernel with the change' } : { kind: 'patch-callers', title: `Patch the callers that need it with a renamed copy of ${finding.through ?? finding.function ?? 'it'}` }],
    }));
  },
};

/** On every sleeper's stack: __schedule() and what gcc inlines into it, and its caller. */
const CORE: ReadonlySet<string> = new Set(['__schedule', 'schedule', 'context_switch', '__schedule_loop']);

function holds(planned: PlannedFunction): Held[] {
  const { name, change, original } = planned;
  if (original === undefined || change === 'removed') return [];
  if (CORE.has(name)) return [{ planned, severity: 'error', say: (names) => `Every sleeping task has ${names} on its stack: the transition can never complete.` }];
  if (!isSchedFunction(name) && !original.attributes.includes('__sched')) return [];
  return [{ planned, severity: 'warning', say: (names) => `Tasks that wait sleep in ${names}: while one does, the transition does not complete.` }];
}
