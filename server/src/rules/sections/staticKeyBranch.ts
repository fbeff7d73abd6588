import type { PlannedFunction } from '../../plan/plan';
import type { Remedy } from '../finding';
import { placeOf, relatedWay, type Rule, type RuleContext, type RuleFinding } from '../rule';
import { helperCopies } from './helperCopies';
import { callsLike, ownerOf, sitesOf, type Owner, type Site } from './sites';
import { isOlderThan } from './version';

export const staticKeyBranch: Rule = {
  slug: 'static-key-branch',
  title: 'A replaced function branches on a static key that a live patch cannot use',
  severity: { 'klp-build': 'error', kpatch: 'error' },
  manual: `
A function that is replaced holds \`static_branch_likely()\`, \`static_branch_unlikely()\` or one of their kin, itself or through an inline helper: one of its own
file, or one of a header. Keys of vmlinux are fine since Linux 5.8; keys that a module defines are not, and before 5.8 none is.

**What happens.** The branch is an instruction that the kernel rewrites when the key is switched, and a module's branches are found when it is loaded. The
patch module's are looked at before its references into other modules are filled in, so its copy would stay at the key's default for good,
whatever the key says. Both tools refuse: \`unsupported static branch key … Use static_key_enabled() instead\`, and before 5.8
\`Jump labels aren't supported with this kernel\`.

Debug messages (\`pr_debug()\`, \`dev_dbg()\`) branch on a key of their own where dynamic debug is configured. In a module's function the tools drop that branch with a warning, and
the message cannot be switched on: told as information.

**The way out.** Ask for the key's value instead: an ordinary load and test. Where a helper hides the branch, use a copy of the helper that does.

\`\`\`c
if (static_branch_unlikely(&demo_tracing))     /* before */
if (static_key_enabled(&demo_tracing))         /* works for every key */
\`\`\`

**How sure.** Where the definition of a key that a module's function uses is not found, this is a warning and the verdict is undecided.

**Source.** kernel/jump_label.c jump_label_add_module(); kpatch-build/create-diff-object.c (jump table); tools/objtool/klp-diff.c; include/linux/jump_label.h.
`,
  check(context) {
    const isOld = isOlderThan(context.kernelVersion, 5, 8);
    const sites = context.plan.objects.flatMap((object) => {
      // A key that vmlinux refers to is defined in vmlinux.
      if (!object.isModule && isOld === false) return [];
      return object.functions.flatMap((planned) => {
        // A header's function is part of those that hold its code.
        if (planned.change === 'removed' || planned.path.endsWith('.h')) return [];
        return sitesOf(context, planned, 'branch').flatMap((site) => {
          const owner = isOld === true ? undefined : object.isModule ? ownerOf(context, site.key, planned.path) : ({ kind: 'vmlinux' } as const);
          return isOld !== true && owner === undefined ? [] : findingOf(context, planned, site, owner, isOld);
        });
      });
    });
    return [...sites, ...debugMessages(context)];
  },
};

/** include/linux/printk.h, dev_printk.h, net_debug.h: with dynamic debug, each call has a key of its own. */
const DEBUG = /^(pr|dev|netdev)_(debug|dbg)(_ratelimited|_once)?$|^print_hex_dump_debug$/;

/** Edited functions of modules: both tools drop such a branch and say so; what vmlinux prints stays switchable. */
function debugMessages({ plan, knowledge }: RuleContext): RuleFinding[] {
  if (knowledge.config('CONFIG_DYNAMIC_DEBUG') === 'n') return [];
  return plan.objects.filter(({ isModule }) => isModule).flatMap((object) => object.functions.flatMap((planned): RuleFinding[] => {
    const call = planned.change === 'removed' || planned.via.length > 0 ? undefined : planned.fact.calls.find(({ name }) => DEBUG.test(name));
    if (call === undefined) return [];
    const start = planned.fact.range.start + call.at;
    return [{ path: planned.path, range: { start, end: start + call.name.length }, function: planned.name, symbol: call.name, severity: 'info', message: `${planned.name} of ${object.name} prints with ${call.name}: with dynamic debug that cannot be switched on in the patched copy.` }];
  }));
}

function findingOf(context: RuleContext, planned: PlannedFunction, site: Site, owner: Owner | undefined, isOld: boolean | undefined): RuleFinding[] {
  const isRefused = isOld === true || owner?.kind === 'module';
  if (owner?.kind === 'patch' && !isRefused) return [];
  if (owner?.kind === 'vmlinux' && isOld === false) return [];
  const key = site.key ?? 'a static key';
  const where = site.through.length === 0 ? '' : ` through ${site.through.join(' → ')}${site.isSure ? '' : ' (probably inlined)'}`;
  const why =
    isOld === true
      ? 'before Linux 5.8 a live patch cannot hold such a branch'
      : owner?.kind === 'module'
        ? `the key is defined in module ${owner.name}, and a live patch cannot follow it`
        : owner?.kind === 'vmlinux'
          ? 'that works since Linux 5.8 only, and the version of this kernel is not known'
          : 'that works only for keys of vmlinux, and where this one is defined could not be told';
  return [
    {
      ...placeOf(planned),
      path: site.path,
      range: site.range,
      symbol: key,
      ...(isRefused && site.isSure ? {} : { severity: 'warning', ifInlined: true }),
      evidence: owner === undefined ? 'source' : 'symbols',
      message: `${planned.name} branches on ${key}${where}: ${why}.`,
      related: [...relatedWay(planned), ...(site.helper === undefined ? [] : [{ path: site.helper.path, range: { start: site.helper.start, end: site.helper.start + site.helper.name.length }, message: `${site.helper.name} hides the branch` }])],
      remedies: [remedyFor(context, planned, site)],
    },
  ];
}

function remedyFor(context: RuleContext, planned: PlannedFunction, site: Site): Remedy {
  const { path, call, key, through } = site;
  if (call === undefined) {
    const title = through.length === 0 ? 'Use static_key_enabled()' : `Use a copy of ${through[0] ?? ''} that asks static_key_enabled(&${key ?? 'key'})`;
    const fix = helperCopies(context, planned, site, (text) => text.replace(BRANCH, 'static_key_enabled($1)'));
    return { kind: 'rewrite', title, ...(fix === undefined ? {} : { fix }) };
  }
  const argument = call.args.at(-1) ?? '';
  return {
    kind: 'rewrite',
    title: `Use static_key_enabled(${argument})`,
    fix: { isPreferred: true, edits: () => callsLike(context, planned, call).map(({ at, end }) => ({ path, range: { start: at, end }, text: `static_key_enabled(${argument})` })) },
  };
}

/** In the text of a helper; the key is the last argument. */
const BRANCH = /\bstatic_(?:branch_(?:likely|unlikely|maybe)|key_(?:false|true))\s*\((?:[^(),]*,)?\s*([^(),]*(?:\([^()]*\))?[^(),]*)\)/g;
