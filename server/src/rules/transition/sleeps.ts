/** Where a function sleeps, and what can wake it. */
import type { PlannedFunction } from '../../plan/plan';
import type { FileFacts, FunctionFact } from '../../syntax/facts';
import { bodyTokens, callsIn, type BodyCall, type BodyToken } from '../body';
import type { RuleContext } from '../rule';
import { endlessLoops } from './loops';
import { longest, waitBy } from './waits';

export interface Sleep {
  /** The function or macro that waits. */
  readonly wait: string;
  readonly by: 'interruptible' | 'killable' | 'uninterruptible';
  readonly ends: 'event' | 'transfer' | 'clock';
  /** For the clock: the longest it takes in milliseconds, where the text tells. */
  readonly limit?: number;
  /** Set where it is repeated without end: by a kernel thread until it is stopped, or until something in the loop leaves it. */
  readonly loop?: 'thread' | 'endless';
  /** The functions of the same file that lie between, outermost first. */
  readonly within: readonly string[];
}

/** How many functions of its file a function is followed into. */
const DEPTH = 2;

/**
 * What the running kernel's version of a planned function sleeps in: that is the one a transition finds on stacks. What was added by the edit
 * has none.
 */
export function sleepsOf(context: RuleContext, planned: PlannedFunction): Sleep[] {
  const { original, change, path } = planned;
  if (original === undefined) return [];
  const version = change === 'reached' ? 'after' : 'before';
  return sleepsIn(context, path, version, original);
}

/** What the edit's version of it sleeps in: found on stacks when the patch is disabled. */
export function sleepsOfEdit(context: RuleContext, planned: PlannedFunction): Sleep[] {
  return planned.change === 'removed' || planned.change === 'reached' ? [] : sleepsIn(context, planned.path, 'after', planned.fact);
}

function sleepsIn(context: RuleContext, path: string, version: 'before' | 'after', fact: FunctionFact): Sleep[] {
  const facts = context.versions.get(path)?.[version];
  return collect({ context, path, version, facts }, fact, [], new Set([fact.name]));
}

/** Code of the boot or of a module's loading, which nobody is in any more: include/linux/init.h. */
export const runsOnce = (fact: FunctionFact): boolean => fact.attributes.some((attribute) => /^__(\w+_)?(init|exit)$/.test(attribute));

interface Place {
  readonly context: RuleContext;
  readonly path: string;
  readonly version: 'before' | 'after';
  /** Undefined for a file that is not part of the edit: its functions are known, its text is not. */
  readonly facts: FileFacts | undefined;
}

function collect(place: Place, fact: FunctionFact, within: readonly string[], seen: Set<string>): Sleep[] {
  const called = place.facts === undefined || within.length === DEPTH ? [] : calleesOf(place.facts, fact, seen);
  const waits = fact.calls.some(({ name }) => waitBy(name) !== undefined);
  if (!waits && called.length === 0) return [];
  for (const { name } of called) seen.add(name);
  const deeper = new Map(called.map((callee) => [callee.name, collect(place, callee, [...within, callee.name], seen)]));
  if (!waits && [...deeper.values()].every((list) => list.length === 0)) return [];

  const tokens = bodyTokens(place.context, place.path, place.version, fact);
  if (tokens.length === 0) return unread(fact, within);
  const loops = endlessLoops(tokens);
  const loopAt = (index: number): Pick<Sleep, 'loop'> => {
    const around = loops.filter((loop) => index >= loop.from && index <= loop.to);
    return around.length === 0 ? {} : { loop: around.some((loop) => loop.isThread) ? 'thread' : 'endless' };
  };
  return callsIn(tokens).flatMap((call) => {
    const own = sleepAt(tokens, call);
    if (own !== undefined) return [{ ...own, within, ...loopAt(call.index) }];
    return (deeper.get(call.name) ?? []).map((sleep) => ({ ...sleep, ...loopAt(call.index) }));
  });
}

/** Functions of the file that it calls, once each. A loop is only asked about where the sleep stands in it, so order does not matter. */
function calleesOf(facts: FileFacts, fact: FunctionFact, seen: ReadonlySet<string>): FunctionFact[] {
  const byName = functionsByName(facts);
  return [...new Set(fact.calls.map((call) => call.name))].flatMap((name) => (seen.has(name) ? [] : (byName.get(name) ?? [])));
}

const names = new WeakMap<FileFacts, ReadonlyMap<string, FunctionFact>>();

function functionsByName(facts: FileFacts): ReadonlyMap<string, FunctionFact> {
  const known = names.get(facts) ?? new Map(facts.functions.map((fact) => [fact.name, fact]));
  names.set(facts, known);
  return known;
}

function sleepAt(tokens: readonly BodyToken[], call: BodyCall): Omit<Sleep, 'within' | 'loop'> | undefined {
  const wait = waitBy(call.name);
  if (wait === undefined) return undefined;
  const by = wait.sleep === 'state' ? stateBefore(tokens, call) : wait.sleep;
  if (by === undefined) return undefined;
  if (wait.limit === undefined) return { wait: call.name, by, ends: wait.ends };
  const limit = longest(call.args[wait.limit.argument] ?? '', wait.limit.unit);
  if (limit === Infinity) return { wait: call.name, by, ends: 'event' };
  return { wait: call.name, by, ends: wait.ends, ...(limit === undefined ? {} : { limit }) };
}

/** Task states: include/linux/sched.h. TASK_IDLE is TASK_UNINTERRUPTIBLE that does not count as load. */
const STATES: Readonly<Record<string, Sleep['by']>> = { TASK_INTERRUPTIBLE: 'interruptible', TASK_KILLABLE: 'killable', TASK_UNINTERRUPTIBLE: 'uninterruptible', TASK_IDLE: 'uninterruptible' };

/** The state a task sleeps in: named in the call, or last before it. Undefined when it runs on (a mere schedule()), or the text does not tell. */
function stateBefore(tokens: readonly BodyToken[], call: BodyCall): Sleep['by'] | undefined {
  let at = call.index;
  while (at + 1 < tokens.length && (tokens[at + 1]?.at ?? call.end) < call.end) at += 1;
  for (; at >= 0; at -= 1) {
    const state = STATES[tokens[at]?.text ?? ''];
    if (state !== undefined) return state;
  }
  return undefined;
}

/** What can be told without the text: which waits there are, and which states are named. */
function unread(fact: FunctionFact, within: readonly string[]): Sleep[] {
  const named = Object.entries(STATES).find(([state]) => fact.mentions.includes(state))?.[1];
  const isThread = fact.calls.some((call) => call.name === 'kthread_should_stop');
  return [...new Set(fact.calls.map((call) => call.name))].flatMap((name) => {
    const wait = waitBy(name);
    const by = wait?.sleep === 'state' ? named : wait?.sleep;
    return wait === undefined || by === undefined ? [] : [{ wait: name, by, ends: wait.ends, within, ...(isThread ? { loop: 'thread' as const } : {}) }];
  });
}
