import type { PlannedFunction } from '../../plan/plan';
import { bodyTokens } from '../body';
import { plannedFunctions, type Rule, type RuleContext } from '../rule';
import { findingsFor, type Held } from './holders';
import { endlessLoops, STOPS, type EndlessLoop } from './loops';
import { residentOf } from './residents';
import { runsOnce, sleepsOf } from './sleeps';
import { hasThreadType, startedBy } from './threads';

export const alwaysOnStack: Rule = {
  slug: 'always-on-stack',
  title: 'A task may stand in the function for as long as it lives, and the transition waits for it',
  severity: { 'klp-build': 'warning', kpatch: 'warning' },
  manual: `
The function that would be replaced is the body of a kernel thread, loops and sleeps, or is one that some task sleeps in on nearly every
machine (\`worker_thread\`, \`do_sys_poll\`, \`n_tty_read\` and the like). That a task waits in it for an event at all is told as information.

**What happens.** A task crosses over to the patch when none of the patched functions is on its stack. A kernel thread never leaves its main
function, so \`/sys/kernel/livepatch/PATCH/transition\` stays 1, and no other live patch can be loaded meanwhile. Processes that
sleep in a system call are sent a signal after 15 tries, a second each (not before Linux 5.1), and then leave; a kernel
thread that is woken goes around its loop and sleeps again. One that only calls \`cond_resched()\` crosses over there, if nothing that is patched is on its stack,
from Linux 6.4 to 6.15, and since then no more. \`kpatch load\` gives up after 75 seconds and unloads the patch.

**The way out.** Leave the function that loops alone and patch one that it calls, if need be under a new name or with the change
moved there:

\`\`\`c
static int demo_thread(void *data)
{
	while (!kthread_should_stop()) {
		demo_step(data);        /* patch this one */
		schedule_timeout_interruptible(HZ);
	}
	return 0;
}
\`\`\`

A transition that hangs can be forced (\`echo 1 > …/force\`): tasks then run old code next to new, and the module can never be
removed again. \`KPATCH_FORCE_UNSAFE()\` concerns kpatch's own module only, livepatch does not know it.

**Source.** kernel/livepatch/transition.c, klp_check_stack() and klp_send_signals(); Documentation/livepatch/livepatch.rst, "Consistency
model"; kpatch's README, "Limitations"; recorded transitions of Debian 6.1.192: a sleeping process crossed over after 15.8 s, a kernel
thread in its loop never did.
`,
  check(context) {
    return findingsFor(plannedFunctions(context.plan).flatMap((planned) => holds(context, planned))).map((finding) => ({
      ...finding,
      remedies: finding.severity === 'info' ? [] : [{ kind: 'patch-callee', title: `Leave ${finding.through ?? finding.function ?? 'it'} alone and patch a function that it calls` }],
    }));
  },
};

/** Whether it is the body of a kernel thread, and so on its stack for good. */
export function isThreadBody(context: RuleContext, planned: PlannedFunction): boolean {
  const residence = residentOf(planned.name);
  if (residence !== undefined) return residence === 'thread';
  const sleeps = sleepsOf(context, planned);
  if (sleeps.some((sleep) => sleep.loop === 'thread')) return true;
  const loops = endlessLoopsOf(context, planned);
  return loops.some((loop) => loop.isThread) || ((loops.length > 0 || sleeps.some((sleep) => sleep.loop !== undefined)) && startedBy(context, planned) !== undefined);
}

/** Of the running kernel's version, where the text is at hand: one that never sleeps keeps a thread in its function, too. */
function endlessLoopsOf(context: RuleContext, { original, change, path }: PlannedFunction): EndlessLoop[] {
  const mayBeThread = original !== undefined && (hasThreadType(original) || original.calls.some(({ name }) => STOPS.has(name)));
  return !mayBeThread ? [] : endlessLoops(bodyTokens(context, path, change === 'reached' ? 'after' : 'before', original));
}

function holds(context: RuleContext, planned: PlannedFunction): Held[] {
  const { original, name } = planned;
  if (original === undefined || planned.change === 'removed' || runsOnce(original)) return [];
  if (isThreadBody(context, planned)) {
    return [{ planned, severity: 'warning', say: (names) => `A kernel thread is in ${names} for as long as it lives: the transition always finds it on that thread's stack, and cannot complete.` }];
  }
  if (residentOf(name) === 'process') {
    return [{ planned, severity: 'warning', say: (names) => `On nearly every machine some process sleeps in ${names}: the transition waits for it. ${signals(context)}` }];
  }
  const sleeps = sleepsOf(context, planned);
  const repeats = sleeps.filter((sleep) => sleep.loop !== undefined && (sleep.by === 'interruptible' || sleep.ends === 'clock'));
  const repeated = repeats.find((sleep) => sleep.within.length === 0) ?? repeats[0];
  if (repeated !== undefined) {
    const wakes = repeated.by === 'interruptible' ? signals(context) : 'No signal wakes it.';
    return [{ planned, severity: repeated.within.length === 0 ? 'warning' : 'info', say: (names) => `${names} sleeps in a loop${through(repeated)}: while a task is in there, the transition waits for it. ${wakes}` }];
  }
  const wait = sleeps.find((sleep) => sleep.by === 'interruptible' && sleep.ends === 'event');
  return wait === undefined ? [] : [{ planned, severity: 'info', say: (names) => `Tasks wait in ${names}${through(wait)}: the transition waits for those that do. ${signals(context)}` }];
}

/** ` with schedule()`, ` with schedule() in demo_wait`. */
export function through({ wait, within }: { readonly wait: string; readonly within: readonly string[] }): string {
  return ` with ${[`${wait}()`, ...within.slice(-1)].join(' in ')}`;
}

/** Since Linux 5.1 signals are sent unasked: kernel/livepatch/transition.c. */
function signals({ kernelVersion }: RuleContext): string {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(kernelVersion ?? '') ?? [];
  return Number(major) < 5 || (major === '5' && minor === '0') ? 'Before Linux 5.1 nothing wakes it.' : 'After 15 s livepatch wakes processes with a signal; a kernel thread just goes on.';
}
