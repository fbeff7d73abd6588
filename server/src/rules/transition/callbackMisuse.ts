import { includeHelpers, TOOLS } from '../edited';
import type { Fix } from '../finding';
import type { Rule, RuleContext, RuleFinding } from '../rule';
import { enumerate } from '../words';
import { callbacksOf, type Callback } from './callbacks';

export const callbackMisuse: Rule = {
  slug: 'callback-misuse',
  title: 'A patch callback is registered twice, for the wrong tool, or relies on what livepatch does not do',
  scope: 'edit',
  severity: { 'klp-build': 'error', kpatch: 'error' },
  manual: `
The edit registers callbacks (\`KLP_PRE_PATCH_CALLBACK()\` and its kin, \`KPATCH_…\` with kpatch-build), and one of these holds:

- an object (vmlinux, or a module) gets two of the same kind: an error;
- a callback other than pre-patch returns a value, or pre-patch returns none;
- pre-patch is undone in pre-unpatch only, or post-patch in post-unpatch only;
- the macro is the other tool's;
- \`KPATCH_FORCE_UNSAFE()\` is used.

**What happens.** An object has room for one callback of each kind: a module of kpatch-build refuses to load (\`extra pre-patch callback for object\`,
EINVAL), klp-build's does not link. Only pre-patch can refuse the patch; what the others return is thrown away. A transition that is
reversed runs post-unpatch, but neither post-patch nor pre-unpatch: pre-patch belongs together with post-unpatch, and post-patch with
pre-unpatch. The callbacks of a module that is loaded later run while it is being loaded (\`MODULE_STATE_COMING\`), before its own init
function. \`KPATCH_FORCE_UNSAFE()\` was for kpatch's own kernel module; livepatch checks every function all the same.

**The way out.** One callback of each kind for each object, which calls the rest; undo in the counterpart.

\`\`\`c
static int demo_pre_patch(struct klp_object *obj)            /* what can fail */
{
	return demo_reserve();
}
KLP_PRE_PATCH_CALLBACK(demo_pre_patch);

static void demo_post_unpatch(struct klp_object *obj)        /* and its counterpart */
{
	demo_unreserve();
}
KLP_POST_UNPATCH_CALLBACK(demo_post_unpatch);
\`\`\`

**Source.** Documentation/livepatch/callbacks.rst; kernel/livepatch/core.h klp_pre_patch_callback(), transition.c klp_complete_transition();
include/linux/livepatch_helpers.h; kpatch's kmod/patch/livepatch-patch-hook.c, add_callbacks_to_patch_objects().
`,
  check(context) {
    const callbacks = callbacksOf(context);
    return [...twice(context, callbacks), ...callbacks.flatMap(returns), ...callbacks.flatMap((callback) => otherTool(context, callback)), ...unpaired(callbacks), ...forced(context)];
  },
};

const textOf: Readonly<Record<Callback['kind'], string>> = { pre_patch: 'pre-patch', post_patch: 'post-patch', pre_unpatch: 'pre-unpatch', post_unpatch: 'post-unpatch' };

function at({ path, registration, name }: Callback): Pick<RuleFinding, 'path' | 'range' | 'function'> {
  return { path, range: { start: registration.range.start, end: registration.range.start + registration.macro.length }, function: name };
}

function twice({ knowledge, profile }: RuleContext, callbacks: readonly Callback[]): RuleFinding[] {
  const first = new Map<string, Callback>();
  return callbacks.flatMap((callback): RuleFinding[] => {
    // Under an #if there may be one for each branch.
    const object = callback.registration.conditions.length > 0 ? undefined : knowledge.ask({ kind: 'object', path: callback.path })?.name;
    if (object === undefined) return [];
    const key = `${object} ${callback.kind}`;
    const other = first.get(key);
    if (other === undefined) {
      first.set(key, callback);
      return [];
    }
    const effect = profile === 'kpatch' ? 'the patch module refuses to load' : 'the object does not link';
    return [{ ...at(callback), message: `${object} has a ${textOf[callback.kind]} callback already, ${other.name}: ${effect}.`, related: [{ ...at(other), message: other.name }], remedies: [{ kind: 'callback', title: `Call ${callback.name} from ${other.name}` }] }];
  });
}

function returns(callback: Callback): RuleFinding[] {
  const { kind, name, fact } = callback;
  const type = fact === undefined ? undefined : new RegExp(`\\b(int|void)\\s+${name}\\b`).exec(fact.signature)?.[1];
  if (type === undefined || (kind === 'pre_patch') === (type === 'int')) return [];
  const message =
    kind === 'pre_patch'
      ? `${name} returns nothing, and whether the patch is applied depends on what a pre-patch callback returns: 0, or a negative error.`
      : `What ${name} returns has no effect: only a pre-patch callback can refuse the patch.`;
  return [{ ...at(callback), severity: 'warning', message, remedies: [{ kind: 'callback', title: kind === 'pre_patch' ? 'Return int' : 'Do what can fail in a pre-patch callback' }] }];
}

function otherTool(context: RuleContext, callback: Callback): RuleFinding[] {
  const right = TOOLS[context.profile].prefix;
  if (callback.family === right) return [];
  const macro = callback.registration.macro.replace(/^[A-Z]+/, right);
  const effect = right === 'KPATCH' ? 'kpatch-build does not look for it, and the callback is never called' : 'klp-build has no such macro';
  return [{ ...at(callback), symbol: callback.registration.macro, severity: 'warning', message: `${callback.registration.macro}() belongs to the other build tool: ${effect}.`, remedies: [{ kind: 'rewrite', title: `Use ${macro}()`, fix: rename(context, callback, macro) }] }];
}

/** The macro, the header it stands in, and the type of the callback's parameter. */
function rename(context: RuleContext, callback: Callback, macro: string): Fix {
  return {
    edits() {
      const { path, fact } = callback;
      const signature = fact === undefined ? '' : (context.textOf(path, 'after') ?? '').slice(fact.range.start, fact.bodyRange.start);
      const type = /\bpatch_object\b|\bstruct\s+klp_object\b/.exec(signature);
      const start = (fact?.range.start ?? 0) + (type?.index ?? 0);
      const parameter = type === null ? [] : [{ path, range: { start, end: start + type[0].length }, text: TOOLS[context.profile].object }];
      return [...includeHelpers(context, path), ...parameter, { path, range: at(callback).range, text: macro }];
    },
  };
}

/** Halves of a pair that a reversed transition does not run both. */
function unpaired(callbacks: readonly Callback[]): RuleFinding[] {
  const has = (kind: Callback['kind']): boolean => callbacks.some((callback) => callback.kind === kind);
  return callbacks.flatMap((callback): RuleFinding[] => {
    const { kind, name } = callback;
    if (kind === 'pre_patch' && has('pre_unpatch') && !has('post_unpatch')) {
      return [{ ...at(callback), severity: 'warning', message: `A transition that is reversed after ${name} runs no pre-unpatch callback, only post-unpatch: nothing undoes it then.`, remedies: [{ kind: 'callback', title: `Undo ${name} in a post-unpatch callback` }] }];
    }
    if (kind === 'post_unpatch' && has('post_patch') && !has('pre_patch')) {
      return [{ ...at(callback), severity: 'info', message: `${name} runs, too, when the transition is reversed and the post-patch callback never ran: it must bear that.` }];
    }
    return [];
  });
}

function forced({ versions }: RuleContext): RuleFinding[] {
  return [...versions].flatMap(([path, { after }]) =>
    (after?.registrations ?? []).filter(({ macro }) => macro === 'KPATCH_FORCE_UNSAFE').map(
      ({ args, range, macro }): RuleFinding => ({
        path,
        range: { start: range.start, end: range.start + macro.length },
        function: args[0] ?? '',
        severity: 'warning',
        message: `livepatch knows no ${macro}(): the transition waits for tasks in ${enumerate(args)} all the same.`,
        remedies: [{ kind: 'patch-callee', title: `Leave ${args[0] ?? 'it'} alone and patch a function that it calls` }],
      }),
    ),
  );
}
