import { unitOf } from '../../plan/unit';
import type { PlannedFunction } from '../../plan/plan';
import { asBefore, functionAsBefore } from '../asBefore';
import type { Remedy } from '../finding';
import { leftAlone } from '../leftAlone';
import { certainty, entersText, placeOf, plannedFunctions, relatedWay, wayText, type Rule, type RuleContext, type RuleFinding } from '../rule';
import { replaceWord } from './sourceEdits';
import { configuredInitMarker, initDataMarker, initHandler } from './initMarkers';

export { initMarker } from './initMarkers';

export const initCode: Rule = {
  slug: 'init-code',
  title: 'The function runs only while the kernel boots or the module loads',
  severity: { 'klp-build': 'error', kpatch: 'error' },
  manual: `
A function marked \`__init\`, \`__exit\`, \`__net_init\` or one of their kin changes, or code that is inlined into one; a function that an initcall,
\`module_init()\`, \`__setup()\` or \`early_param()\` names; or a variable marked \`__initdata\` or \`__initconst\`.

**What happens.** The code has run, and its memory is freed once the system is up: there is nothing left to redirect. kpatch-build
refuses the section (\`changed section .init.text not selected for inclusion\`); a module that names such a function fails to load
(\`failed to find location for function\`). A function without the mark that an initcall names can be replaced, and nobody calls it any more.

**The way out.** Redo the effect on what is already initialized in a pre- or post-patch callback; a quick fix leaves the function itself as it was. For a helper that is inlined into
an \`__init\` function and into others, give the others a copy of their own under a new name.

\`\`\`c
static int __init demo_init(void)                 /* has run */
{
	demo_limit = 16;
	return 0;
}

static int demo_pre_patch(struct klp_object *obj) /* in the patch */
{
	WRITE_ONCE(demo_limit, 32);
	return 0;
}
KLP_PRE_PATCH_CALLBACK(demo_pre_patch);
\`\`\`

**How sure.** When the way into such a function is a guess (a small function that nobody declared \`inline\`), this is a warning and the
verdict is undecided: only the compiler knows. With the tree's .config, \`__net_init\` is an ordinary word where CONFIG_NET_NS is set, \`__meminit\`
where CONFIG_MEMORY_HOTPLUG is. \`__ref\` code stays in memory and may call code that is gone: a warning. So are an
initialization function that others call, too, and what \`module_exit()\` names without the mark.

**Source.** include/linux/init.h; kpatch-build/create-diff-object.c; recorded load of a live patch of an \`__init\` function on
Debian 6.1.192 (EINVAL, "failed to find location").
`,
  check(context) {
    return [...functionFindings(context), ...variableFindings(context)];
  },
};

function functionFindings(context: RuleContext): RuleFinding[] {
  const { plan, knowledge, versions } = context;
  return plannedFunctions(plan).flatMap((planned): RuleFinding[] => {
    if (planned.change === 'added' || planned.change === 'removed') return [];
    const running = planned.original ?? planned.fact;
    const marker = configuredInitMarker(running, knowledge);
    const place = placeOf(planned);
    const { name } = planned;
    if (marker !== undefined) {
      const message =
        place.through === undefined
          ? `${name} is ${marker}: it has already run and its memory is gone, so a live patch cannot replace it.`
          : `${place.function} ${entersText(planned)} ${name}, which is ${marker}: that copy has already run and cannot be replaced (${wayText(planned)}).`;
      return [
        {
          ...place,
          ...certainty(planned),
          message,
          related: relatedWay(planned),
          remedies:
            place.through === undefined
              ? [callback, ...leftOut(context, planned)]
              : [leftAlone(context, planned)],
        },
      ];
    }
    // What follows is text that stays: replacing it does no harm to those that hold a copy.
    if (place.through !== undefined) return [];
    const nowMarked = configuredInitMarker(planned.fact, knowledge);
    if (nowMarked !== undefined) return [{ ...place, message: `${name} becomes ${nowMarked}: its replacement would be freed when the patch module is loaded.`, remedies: [{ kind: 'rewrite', title: `Leave ${nowMarked} out of the patch`, fix: { edits: () => replaceWord(context, planned.path, planned.fact, new RegExp(`\\b${nowMarked}\\b[ \\t]*`), '') } }] }];
    const facts = versions.get(planned.path)?.before;
    const registration = initHandler(facts, name);
    if (registration !== undefined) {
      const isCalled = facts !== undefined && unitOf(facts).callCount(name) > 0;
      if (registration.macro.includes('exit')) return isCalled ? [] : [{ ...place, severity: 'warning', message: `${name} is run once, by ${registration.macro}(), when the module is unloaded: built in, it never is.` }];
      return [
        {
          ...place,
          ...(isCalled ? { severity: 'warning' } : {}),
          message: `${name} is run once, by ${registration.macro}(): ${isCalled ? 'what it has set up stays, and only its other callers get the change' : 'it has already run, and its replacement never will'}.`,
          remedies: [callback, ...(isCalled ? [] : leftOut(context, planned))],
        },
      ];
    }
    if (running.attributes.includes('__ref')) return [{ ...place, severity: 'warning', message: `${name} is __ref: it may call code and read data that were freed after boot.` }];
    return [];
  });
}

const callback: Remedy = { kind: 'callback', title: 'Redo the effect in a pre- or post-patch callback' };

/** What has run needs no patch: where callbacks do what is left to do, or nothing is, the function stays as it was. */
function leftOut(context: RuleContext, { path, name, original, fact }: PlannedFunction): Remedy[] {
  const fix = original === undefined ? undefined : functionAsBefore(context, path, original, fact);
  return fix === undefined ? [] : [{ kind: 'rewrite', title: `Leave ${name} out of the live patch`, fix }];
}

/** Variables whose memory is gone. */
function variableFindings(context: RuleContext): RuleFinding[] {
  return context.changes.flatMap(({ path, variables }) => variables.flatMap((change): RuleFinding[] => {
    if (change.kind !== 'changed') return [];
    const marker = initDataMarker(change.before.attributes);
    const { name, nameRange } = change.after;
    if (marker === undefined) return [];
    const isAlone = context.versions.get(path)?.after?.variables.filter(({ range }) => range.start === change.after.range.start).length === 1;
    const fix = isAlone ? asBefore(context, path, change.before.range, change.after.range) : undefined;
    return [{ path, range: nameRange, symbol: name, message: `${name} is ${marker}: it was read while the kernel booted, and its memory is gone.`, remedies: [callback, ...(fix === undefined ? [] : [{ kind: 'rewrite' as const, title: `Leave ${name} out of the live patch`, fix }])] }];
  }));
}
