import type { PlannedFunction } from '../../plan/plan';
import { includeHelpers, TOOLS } from '../edited';
import type { Remedy, TextChange } from '../finding';
import { placeOf, relatedWay, type Rule, type RuleContext, type RuleFinding } from '../rule';
import { condCall, condCalls } from './condCall';
import { helperCopies } from './helperCopies';
import { callsLike, ownerOf, sitesOf, type Site } from './sites';

export const staticCall: Rule = {
  slug: 'static-call',
  title: "A replaced function makes a static call through a module's key",
  severity: { 'klp-build': 'error', kpatch: 'error' },
  manual: `
A function that is replaced holds \`static_call(name)(…)\`, itself or through an inline helper, and a module defines \`name\`.

**What happens.** A static call is a direct call that the kernel rewrites when its target changes. As with static keys, the patch module's calls are looked at
before its references into other modules are filled in. Both tools refuse: \`unsupported static call key … Use KLP_STATIC_CALL() instead\` (with kpatch-build
\`KPATCH_STATIC_CALL()\`). Static calls of vmlinux are fine.

**The way out.** Make an ordinary indirect call of it, with the tool's macro. For \`static_call_cond()\` there is none: read the pointer in the key once, and call it
where it is not \`NULL\`.

\`\`\`c
static_call(demo_update)(demo);        /* before */
KLP_STATIC_CALL(demo_update)(demo);    /* after; #include <linux/livepatch_helpers.h> */
\`\`\`

**How sure.** Where the definition is not found (macros paste the names of whole tables of static calls), this is a warning and the verdict is undecided.

**Source.** kernel/static_call_inline.c static_call_add_module(); kpatch-build/create-diff-object.c; tools/objtool/klp-diff.c;
include/linux/livepatch_helpers.h; kpatch's kpatch-macros.h.
`,
  check(context) {
    return context.plan.objects.flatMap((object) =>
      // What vmlinux calls is defined in vmlinux.
      !object.isModule ? [] : object.functions.flatMap((planned) => (planned.change === 'removed' || planned.path.endsWith('.h') ? [] : sitesOf(context, planned, 'call').flatMap((site) => findingOf(context, planned, site)))),
    );
  },
};

function findingOf(context: RuleContext, planned: PlannedFunction, site: Site): RuleFinding[] {
  const owner = ownerOf(context, site.key, planned.path);
  if (owner === undefined || owner.kind === 'vmlinux' || owner.kind === 'patch') return [];
  const name = site.key ?? 'a static call';
  const where = site.through.length === 0 ? '' : ` through ${site.through.join(' → ')}${site.isSure ? '' : ' (probably inlined)'}`;
  const why = owner.kind === 'module' ? `it is defined in module ${owner.name}, and a live patch cannot follow it` : 'that works only for static calls of vmlinux, and where this one is defined could not be told';
  return [
    {
      ...placeOf(planned),
      path: site.path,
      range: site.range,
      symbol: name,
      ...(owner.kind === 'module' && site.isSure ? {} : { severity: 'warning', ifInlined: true }),
      evidence: 'symbols',
      message: `${planned.name} calls ${name} as a static call${where}: ${why}.`,
      related: [...relatedWay(planned), ...(site.helper === undefined ? [] : [{ path: site.helper.path, range: { start: site.helper.start, end: site.helper.start + site.helper.name.length }, message: `${site.helper.name} hides the static call` }])],
      remedies: [remedyFor(context, planned, site)],
    },
  ];
}

function remedyFor(context: RuleContext, planned: PlannedFunction, site: Site): Remedy {
  const { path, call } = site;
  const { prefix } = TOOLS[context.profile];
  const local = prefix.toLowerCase();
  const macro = `${prefix}_STATIC_CALL`;
  if (call === undefined) {
    const title = site.through.length === 0 ? `Use ${macro}()` : `Use a copy of ${site.through[0] ?? ''} that makes an ordinary indirect call`;
    const fix = helperCopies(context, planned, site, (text) => (/\bstatic_call_mod\b/.test(text) ? undefined : condCalls(text, local)?.replace(/\bstatic_call(?=\s*\()/g, macro)), includeHelpers(context, planned.path));
    return { kind: 'rewrite', title, ...(fix === undefined ? {} : { fix }) };
  }
  const title = call.name === 'static_call_cond' ? 'Call through the pointer in the key, where there is one' : `Use ${macro}()`;
  if (!path.endsWith('.c')) return { kind: 'rewrite', title };
  const text = context.textOf(path, 'after') ?? '';
  const alike = callsLike(context, planned, call);
  const edits = alike.flatMap(({ at, name }): TextChange[] => {
    if (name === 'static_call') return [{ path, range: { start: at, end: at + name.length }, text: macro }];
    const written = name === 'static_call_cond' ? condCall(text, at, local) : undefined;
    return written === undefined ? [] : [{ path, ...written }];
  });
  if (edits.length < alike.length) return { kind: 'rewrite', title };
  return { kind: 'rewrite', title, fix: { isPreferred: true, edits: () => [...(alike.some(({ name }) => name === 'static_call') ? includeHelpers(context, path) : []), ...edits] } };
}
