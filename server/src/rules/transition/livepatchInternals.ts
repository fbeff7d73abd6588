import type { PlannedFunction } from '../../plan/plan';
import { plannedFunctions, type Rule } from '../rule';
import { findingsFor, type Held } from './holders';

export const livepatchInternals: Rule = {
  slug: 'livepatch-internals',
  title: 'The function is part of the machinery that redirects functions',
  severity: { 'klp-build': 'error', kpatch: 'error' },
  manual: `
The function that would be replaced runs while a call is being redirected, or while the tasks' stacks are checked: livepatch's ftrace
handler, ftrace's own dispatch, the stack unwinder, the functions of \`kernel/livepatch/\`.

**What happens.** A redirected function that the redirection itself calls would be redirected again, without end; that is why these are
\`notrace\` or are compiled without ftrace. Functions of the stack check stand on the stack of the task that does the checking, which then never
crosses over. The rest of \`kernel/livepatch/\` (a warning) can be redirected, but a transition would be carried out half by the
old code and half by the new.

**The way out.** Reboot into a kernel with the change.

\`\`\`c
static void notrace klp_ftrace_handler(…)    /* sends callers to the new function: it cannot be sent anywhere itself */
\`\`\`

**Source.** kernel/livepatch/patch.c klp_ftrace_handler(), kernel/livepatch/transition.c klp_try_complete_transition(),
kernel/stacktrace.c, arch/x86/kernel/unwind_orc.c; Documentation/livepatch/livepatch.rst, "Limitations".
`,
  check({ plan }) {
    return findingsFor(plannedFunctions(plan).flatMap(holds)).map((finding) => ({ ...finding, remedies: [{ kind: 'reboot', title: 'Reboot into a kernel with the change' }] }));
  },
};

/** Called for each redirected call, before the new function is entered. */
const HANDLER: ReadonlySet<string> = new Set([
  'klp_ftrace_handler', 'ftrace_ops_list_func', 'arch_ftrace_ops_list_func', '__ftrace_ops_list_func', 'ftrace_ops_assist_func', 'ftrace_ops_test', 'ftrace_graph_func', 'prepare_ftrace_return',
  'ftrace_test_recursion_trylock', 'trace_test_and_set_recursion', 'ftrace_test_recursion_unlock', 'preempt_count_add', 'preempt_count_sub',
]);

/** On the stack of the task that checks stacks. */
const CHECK: ReadonlySet<string> = new Set([
  'klp_transition_work_fn', 'klp_try_complete_transition', 'klp_try_switch_task', 'klp_check_and_switch_task', 'klp_check_stack', 'klp_check_stack_func', 'task_call_func',
  'stack_trace_save_tsk_reliable', 'arch_stack_walk_reliable',
]);

const FTRACE = /^kernel\/trace\/ftrace\.c$|^arch\/[^/]+\/kernel\/(trace\/)?ftrace[\w-]*\.c$/;
const UNWINDER = /^kernel\/stacktrace\.c$|^arch\/[^/]+\/kernel\/(unwind\w*|stacktrace)\.c$/;

/** What cannot be replaced, as the patch is applied by it. */
export const isLivepatchInternal = (path: string, name: string): boolean => HANDLER.has(name) || CHECK.has(name) || FTRACE.test(path) || UNWINDER.test(path);

function holds(planned: PlannedFunction): Held[] {
  const { name, path, change } = planned;
  if (planned.original === undefined || change === 'removed') return [];
  const error = (what: string): Held[] => [{ planned, severity: 'error', say: (names) => `${names} ${what}` }];
  if (HANDLER.has(name)) return error('runs while a call is being redirected: redirecting it would not end.');
  if (CHECK.has(name)) return error('is on the stack of the task that checks the stacks: that task cannot cross over to the patch.');
  if (FTRACE.test(path)) return error('is part of ftrace, which redirects the calls: it cannot be redirected itself.');
  if (UNWINDER.test(path)) return error('is part of the stack unwinder, by which livepatch decides who may cross over: it must not change meanwhile.');
  if (!/^kernel\/livepatch\/(core|patch|transition|state)\.c$/.test(path)) return [];
  return [{ planned, severity: 'warning', say: (names) => `${names} is part of livepatch: the transition to the patch would be carried out half by the old code and half by the new.` }];
}
