import type { FileChanges } from '../../change/changes';
import type { FunctionFact } from '../../syntax/facts';
import { bodyTokens, type BodyCall } from '../body';
import { addedCalls, editedFunctions, nameRangeOf, type EditedFunction } from '../edited';
import type { Fix } from '../finding';
import { isOlderThan } from '../sections/version';
import type { Rule, RuleContext, RuleFinding } from '../rule';
import { callbacksOf, reachedFrom, type Callback } from './callbacks';
import { inPostUnpatch } from './unpatchCallback';

export const unpatchHazard: Rule = {
  slug: 'unpatch-hazard',
  title: 'Something the patch starts goes on when the patch is disabled',
  scope: 'edit',
  severity: { 'klp-build': 'warning', kpatch: 'warning' },
  manual: `
New code starts a kernel thread, or hands one of the patch's own functions or variables to a timer, a work item, RCU or a notifier chain, and no
callback takes that back. Or a callback changes the kernel's data when the patch is applied, and none changes it back.

**What happens.** When the patch is disabled or replaced, calls go to the old functions again and the module can be removed. A timer that fires
afterwards, a notifier that is called or a thread that still runs finds its code gone, and the kernel crashes. A patch that replaces this one
(atomic replace) runs only its own callbacks, not those of the patch it replaces.

**The way out.** Undo it in a post-unpatch callback (a pre-unpatch callback for what new code still uses):

\`\`\`c
static void demo_post_unpatch(struct klp_object *obj)
{
	cancel_work_sync(&demo_work);
}
KLP_POST_UNPATCH_CALLBACK(demo_post_unpatch);   /* KPATCH_POST_UNPATCH_CALLBACK with kpatch-build */
\`\`\`

Or hand over a function of the kernel instead: build tools let pointers to functions that exist there point to the kernel's own.

**Source.** Documentation/livepatch/callbacks.rst and cumulative-patches.rst; kernel/livepatch/core.c klp_free_patch_finish(); the relocation
of function pointers in kpatch-build/create-diff-object.c (need_klp_reloc).
`,
  check(context) {
    return [...startedHere(context), ...unpairedCallbacks(context)];
  },
};

interface Start {
  readonly calls: RegExp;
  readonly what: string;
  /** What takes it back. */
  readonly undo: RegExp;
}

/** Sources: include/linux/{kthread,workqueue,timer,hrtimer,rcupdate,srcu,interrupt,irq_work,task_work,notifier,debugfs,proc_fs,sysfs}.h. */
const STARTS: readonly Start[] = [
  { calls: /^kthread_(run|create)\w*$/, what: 'a kernel thread', undo: /^kthread_stop/ },
  { calls: /^(__)?INIT_(DELAYED_|DEFERRABLE_|RCU_)?WORK(_ONSTACK)?$/, what: 'a work item', undo: /^(cancel_(delayed_)?work\w*|flush_(delayed_)?work\w*|destroy_workqueue|disable_(delayed_)?work\w*)$/ },
  { calls: /^(timer_setup|setup_timer|hrtimer_setup|hrtimer_init)\w*$/, what: 'a timer', undo: /^(timer_delete|timer_shutdown|del_timer|hrtimer_cancel|try_to_del_timer)\w*$/ },
  { calls: /^(call_rcu\w*|call_srcu)$/, what: 'RCU', undo: /^(rcu|srcu)_barrier\w*$/ },
  { calls: /^(devm_)?request_(threaded_|any_context_|percpu_)?irq$/, what: 'an interrupt', undo: /^(devm_)?free_(percpu_)?irq$/ },
  { calls: /^(tasklet_setup|tasklet_init|init_irq_work|init_task_work)$/, what: 'deferred work', undo: /^(tasklet_kill|irq_work_sync|task_work_cancel)$/ },
  { calls: /^(debugfs|proc|sysfs)_create\w*$/, what: 'a file system', undo: /^(debugfs_remove\w*|proc_remove|remove_proc_\w+|sysfs_remove\w*)$/ },
  { calls: /^(\w+_)?register(_\w+)?$/, what: 'a chain of callbacks', undo: /unregister/ },
];

/** Asked of every call of the edit with every keystroke. */
const ANY_START = new RegExp(STARTS.map(({ calls }) => calls.source).join('|'));
const isStart = (name: string): boolean => ANY_START.test(name);

function startedHere(context: RuleContext): RuleFinding[] {
  const ours = broughtAlong(context.changes);
  const undoing = callbacksOf(context).filter(({ kind }) => kind === 'pre_unpatch' || kind === 'post_unpatch').flatMap((callback) => reachedFrom(callback, context).flatMap((fact) => fact.calls.map((call) => call.name)));
  return editedFunctions(context.changes).flatMap((edited) =>
    addedCalls(context, edited, isStart).flatMap((call): RuleFinding[] => {
      const start = STARTS.find(({ calls }) => calls.test(call.name));
      if (start === undefined || undoing.some((name) => start.undo.test(name))) return [];
      const held = handedOver(call, ours);
      if (held === undefined && start.what !== 'a kernel thread') return [];
      return [
        {
          path: edited.path,
          range: nameRangeOf(call),
          function: edited.after.name,
          symbol: held ?? call.name,
          message:
            held === undefined
              ? `${call.name}() starts a kernel thread, and no unpatch callback stops it: it goes on when the patch is disabled.`
              : `${call.name}() hands ${held}, which is part of the patch, to ${start.what}, and no unpatch callback takes it back: once the patch is disabled and removed, the kernel calls into nothing.`,
          remedies: [{ kind: 'callback', title: `Undo ${call.name}() in a post-unpatch callback`, ...undoFix(context, edited, call) }],
        },
      ];
    }),
  );
}

/**
 * The call that takes back what another started, by the kernel's own pairs; `$1` is the first argument, `$=` what the result is stored in. What
 * it names has to be at hand in a callback: a variable of the file.
 */
const UNDO: readonly (readonly [RegExp, string])[] = [
  [/^(__)?INIT_WORK$/, 'cancel_work_sync($1);'],
  [/^(__)?INIT_(DELAYED|DEFERRABLE)_WORK$/, 'cancel_delayed_work_sync($1);'],
  // timer_delete_sync() has this name since 6.2, and the old one is gone in 6.15.
  [/^(timer_setup|setup_timer)$/, 'timer_delete_sync($1);'],
  [/^(hrtimer_setup|hrtimer_init)$/, 'hrtimer_cancel($1);'],
  [/^call_rcu(_hurry)?$/, 'rcu_barrier();'],
  [/^tasklet_(setup|init)$/, 'tasklet_kill($1);'],
  [/^init_irq_work$/, 'irq_work_sync($1);'],
  [/^kthread_run$/, 'if (!IS_ERR_OR_NULL($=))\n\t\tkthread_stop($=);'],
  [/^register_(\w+_)?(notifier|shrinker)$/, 'un$0($1);'],
];

function undoFix(context: RuleContext, { path, after }: EditedFunction, call: BodyCall): { readonly fix?: Fix } {
  const pattern = UNDO.find(([name]) => name.test(call.name))?.[1];
  const variables = new Set(context.versions.get(path)?.after?.variables.map(({ name }) => name));
  const atHand = (text: string | undefined): string | undefined => (text !== undefined && variables.has(/^&?(\w+)(\.\w+)*$/.exec(text)?.[1] ?? '') ? text : undefined);
  const object = pattern?.includes('$=') === true ? atHand(storedIn(context, path, after, call)) : pattern?.includes('$1') === true ? atHand(call.args[0]) : '';
  if (pattern === undefined || object === undefined) return {};
  const isOld = isOlderThan(context.kernelVersion, 6, 2);
  const statement = pattern.replace('timer_delete_sync', isOld === true ? 'del_timer_sync' : 'timer_delete_sync').replace(/\$[0=1]/g, (place) => (place === '$0' ? call.name : object));
  return { fix: { edits: () => inPostUnpatch(context, path, `${after.name}_post_unpatch`, [statement]) } };
}

/** `x = call(…)`: x. */
function storedIn(context: RuleContext, path: string, fact: FunctionFact, call: BodyCall): string | undefined {
  const tokens = bodyTokens(context, path, 'after', fact);
  return tokens[call.index - 1]?.text === '=' && /^[;{}]$/.test(tokens[call.index - 3]?.text ?? '') ? tokens[call.index - 2]?.text : undefined;
}

/** Functions and variables that exist only in the patch. */
function broughtAlong(changes: readonly FileChanges[]): ReadonlySet<string> {
  return new Set(changes.flatMap(({ functions, variables }) => [...functions, ...variables].flatMap((change) => (change.kind === 'added' ? [change.after.name] : []))));
}

/** The thing of the patch that the call passes on. */
function handedOver({ args }: BodyCall, ours: ReadonlySet<string>): string | undefined {
  return args.map((arg) => /^&?(\w+)$/.exec(arg)?.[1]).find((name) => name !== undefined && ours.has(name));
}

/** Callbacks that do something when a patch is applied, in a patch that undoes nothing. */
function unpairedCallbacks(context: RuleContext): RuleFinding[] {
  const callbacks = callbacksOf(context);
  if (callbacks.some(({ kind }) => kind.endsWith('unpatch'))) return [];
  return callbacks.filter(({ fact }) => fact !== undefined).map(
    ({ kind, path, registration, name }: Callback): RuleFinding => ({
      path,
      range: { start: registration.range.start, end: registration.range.start + registration.macro.length },
      function: name,
      message: `${name} runs when the patch is applied, and no callback undoes what it does when the patch is disabled.`,
      remedies: [{ kind: 'callback', title: `Restore in a ${kind === 'pre_patch' ? 'post' : 'pre'}-unpatch callback what ${name} found` }],
    }),
  );
}
