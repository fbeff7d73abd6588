/** Which functions a kernel thread is started with. */
import type { PlannedFunction } from '../../plan/plan';
import type { FileFacts, FunctionFact } from '../../syntax/facts';
import { bodyTokens, callsIn } from '../body';
import type { RuleContext } from '../rule';

/** What starts a thread with its first argument: include/linux/kthread.h, include/linux/sched/task.h, drivers/vhost. */
const STARTERS: ReadonlySet<string> = new Set([
  'kthread_run', 'kthread_run_on_cpu', 'kthread_create', 'kthread_create_on_node', 'kthread_create_on_cpu', 'kernel_thread', 'user_mode_thread', 'create_io_thread', 'vhost_task_create',
]);

/** The type of every such function: `int f(void *data)`. */
const THREAD_FUNCTION = /\bint\s+\w+\s*\(\s*void\s*\*\s*\w*\s*\)/;

export const hasThreadType = ({ signature }: FunctionFact): boolean => THREAD_FUNCTION.test(signature);

/**
 * The function that starts a thread with `planned`, or undefined. Read off the function's own file; a function that other files see is looked up
 * in the tree, and until that is known nothing is said.
 */
export function startedBy(context: RuleContext, planned: PlannedFunction): string | undefined {
  const fact = planned.original ?? planned.fact;
  if (!hasThreadType(fact)) return undefined;
  const { before, after } = context.versions.get(planned.path) ?? {};
  const own = starterIn(context, planned.path, 'after', after, fact.name) ?? starterIn(context, planned.path, 'before', before, fact.name);
  if (own !== undefined || fact.isStatic) return own;
  const mentions = context.knowledge.ask({ kind: 'mentions', word: fact.name, from: planned.path });
  for (const { path, facts } of mentions?.files ?? []) {
    const starter = starterIn(context, path, 'after', facts, fact.name);
    if (starter !== undefined) return starter;
  }
  return undefined;
}

function starterIn(context: RuleContext, path: string, version: 'before' | 'after', facts: FileFacts | undefined, name: string): string | undefined {
  return facts?.functions.find((fact) => starts(context, path, version, fact, name))?.name;
}

function starts(context: RuleContext, path: string, version: 'before' | 'after', fact: FunctionFact, name: string): boolean {
  if (!fact.mentions.includes(name) || !fact.calls.some((call) => STARTERS.has(call.name))) return false;
  const tokens = bodyTokens(context, path, version, fact);
  // Without the text, a function that names it and starts a thread is taken to start it.
  return tokens.length === 0 || callsIn(tokens).some((call) => STARTERS.has(call.name) && call.args[0] === name);
}
