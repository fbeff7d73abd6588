/** Stacks of tasks that would be asleep in what a patch replaces: from where the functions sleep, and who calls them in their file. Nobody was seen there. */
import { isRedirected } from '../../plan/patchedSet';
import type { PlannedFunction } from '../../plan/plan';
import type { FunctionFact } from '../../syntax/facts';
import { plannedFunctions, type RuleContext } from '../rule';
import { runsOnce, sleepsOf, type Sleep } from './sleeps';
import { startedBy } from './threads';

export interface PossibleSleeper extends Pick<Sleep, 'wait' | 'by' | 'ends' | 'limit'> {
  /** The patched function. */
  readonly function: string;
  /** Who comes to be there: a process in a system call, a kernel thread that never leaves, or a worker that goes through its work. */
  readonly who: 'process' | 'thread' | 'worker';
  /** From the function that sleeps to the outermost caller that is known, without the scheduler below and the entry of the kernel above. */
  readonly stack: readonly string[];
}

/** How many callers a stack is followed up. */
const MOST_CALLERS = 8;

/** One for each patched function and way to sleep; the file's own callers only, since those elsewhere would be one guess among many. */
export function possibleSleepers(context: RuleContext): PossibleSleeper[] {
  const planned = plannedFunctions(context.plan);
  const inlined = new Set(planned.filter(({ inKernel }) => inKernel === 'no').map(({ name }) => name));
  return planned.filter((each) => isRedirected(each) && each.original !== undefined && !runsOnce(each.original)).flatMap((each) => {
    const ways = new Map(sleepsOf(context, each).map((sleep) => [[sleep.wait, ...sleep.within].join(' '), sleep]));
    if (ways.size === 0) return [];
    const callers = callersOf(context, each);
    const outermost = callers.at(-1) ?? each;
    return [...ways.values()].map(({ wait, by, ends, limit, loop, within }): PossibleSleeper => ({
      function: each.name, wait, by, ends, ...(limit !== undefined && { limit }),
      who: whoIs(context, outermost, loop === 'thread' && callers.length === 0),
      stack: [...within.toReversed(), each.name, ...callers.map(({ name }) => name)].filter((name) => !inlined.has(name)),
    }));
  });
}

/** Innermost first; of several callers the first that stands in the file. */
function callersOf({ versions }: RuleContext, planned: PlannedFunction): PlannedFunction[] {
  const functions = versions.get(planned.path)?.before?.functions ?? versions.get(planned.path)?.after?.functions ?? [];
  const callers: FunctionFact[] = [];
  const seen = new Set([planned.name]);
  for (let name = planned.name; callers.length < MOST_CALLERS; ) {
    const caller = functions.find((fact) => !seen.has(fact.name) && !runsOnce(fact) && fact.calls.some((call) => call.name === name));
    if (caller === undefined) break;
    callers.push(caller);
    seen.add(caller.name);
    name = caller.name;
  }
  return callers.map((fact) => ({ ...planned, name: fact.name, fact, original: fact }));
}

/** The type of a work's function: include/linux/workqueue.h. */
const WORK_FUNCTION = /\(\s*struct\s+work_struct\s*\*/;

function whoIs(context: RuleContext, outermost: PlannedFunction, loopsAsThread: boolean): PossibleSleeper['who'] {
  if (loopsAsThread || startedBy(context, outermost) !== undefined) return 'thread';
  return WORK_FUNCTION.test((outermost.original ?? outermost.fact).signature) ? 'worker' : 'process';
}
