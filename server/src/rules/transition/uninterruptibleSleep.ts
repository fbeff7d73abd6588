import type { PlannedFunction } from '../../plan/plan';
import { plannedFunctions, type Rule, type RuleContext } from '../rule';
import { isThreadBody, through } from './alwaysOnStack';
import { findingsFor, type Held } from './holders';
import { runsOnce, sleepsOf, sleepsOfEdit, type Sleep } from './sleeps';

export const uninterruptibleSleep: Rule = {
  slug: 'uninterruptible-sleep',
  title: 'A task can sleep in the function, and no signal wakes it',
  severity: { 'klp-build': 'warning', kpatch: 'warning' },
  manual: `
The function that would be replaced, or (told as information) one it calls in its file, sleeps without letting signals wake it: \`wait_event()\`,
\`wait_for_completion()\`, \`schedule()\` in \`TASK_UNINTERRUPTIBLE\`, \`TASK_KILLABLE\` or \`TASK_IDLE\`. A wait for a device or a server
(\`io_schedule()\`, \`wait_on_buffer()\`) and one of a second or more by the clock are told as information. Locks are not counted.

**What happens.** While a task sleeps there, the transition cannot move it. livepatch's signal after 15 seconds wakes none but
interruptible sleepers, so the transition takes as long as the sleep: until the event comes, the disk answers, the server is back. A wait
that only the edit's version has holds up the patch when it is disabled.

**The way out.** See to it that nobody is in there while the patch is loaded, or patch a function on this side of the wait.

\`\`\`c
wait_event(demo->done, demo->ready);                /* holds the transition up until the event */
wait_event_interruptible(demo->done, demo->ready);  /* does not: the signal wakes it, and the caller has to cope */
\`\`\`

**Source.** kernel/livepatch/transition.c, klp_send_signals(): wake_up_state(TASK_INTERRUPTIBLE); include/linux/wait.h, completion.h;
a recorded transition of Debian 6.1.192: a task asleep for 25 s held it for 24.8 s, in spite of the signal.
`,
  check(context) {
    return findingsFor(plannedFunctions(context.plan).flatMap((planned) => holds(context, planned)));
  },
};

function holds(context: RuleContext, planned: PlannedFunction): Held[] {
  if (planned.change === 'removed' || runsOnce(planned.original ?? planned.fact) || isThreadBody(context, planned)) return [];
  const isReached = planned.via.length > 0;
  const now = worst(sleepsOf(context, planned), isReached);
  if (now !== undefined) return [{ planned, severity: now.ends === 'event' && now.within.length === 0 ? 'warning' : 'info', say: (names) => sentence(names, now) }];
  const later = worst(sleepsOfEdit(context, planned), isReached);
  return later?.ends !== 'event' || planned.original === undefined ? [] : [{ planned, severity: 'info', say: (names) => `The edit makes tasks sleep in ${names}${through(later)}, and no signal wakes them: when the patch is disabled, that transition waits for them.` }];
}

/**
 * The sleep that may last longest; undefined when none is worth a word. Transfers are everywhere in file systems, and nearly always short: they are
 * told of the edited function itself only.
 */
function worst(sleeps: readonly Sleep[], isReached: boolean): Sleep | undefined {
  const deep = sleeps.filter((sleep) => sleep.by !== 'interruptible' && (sleep.ends === 'event' || (!isReached && sleep.within.length === 0)));
  return deep.find((sleep) => sleep.ends === 'event' && sleep.within.length === 0) ?? deep.find((sleep) => sleep.ends === 'event') ?? deep.find((sleep) => sleep.ends === 'transfer') ?? deep.find((sleep) => (sleep.limit ?? 0) >= 1000);
}

function sentence(names: string, sleep: Sleep): string {
  const what = `A task that sleeps in ${names}${through(sleep)}`;
  if (sleep.ends === 'clock') return `${what} holds up the transition by as much as ${(sleep.limit ?? 0) / 1000} s: no signal wakes it.`;
  if (sleep.ends === 'transfer') return `${what} waits for a device or a server, and no signal wakes it: if that hangs, so does the transition.`;
  return `${what} is not woken by ${sleep.by === 'killable' ? 'any signal that does not kill it' : 'signals'}: the transition waits until what it waits for happens.`;
}
