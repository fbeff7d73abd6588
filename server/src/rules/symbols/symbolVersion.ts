import type { FileChanges } from '../../change/changes';
import type { IncludeFact } from '../../syntax/facts';
import { hidden, isSeen } from '../data/genksyms';
import { layoutChanges } from '../data/layoutChange';
import { renamedCopy, withCopy } from '../functions/renamedCopy';
import { enumerate } from '../words';
import type { Rule, RuleContext, RuleFinding } from '../rule';

export const symbolVersion: Rule = {
  slug: 'symbol-version',
  title: 'The version of an exported symbol may change',
  severity: { 'klp-build': 'info', kpatch: 'error' },
  manual: `
The signature of an exported function changes, a file that exports symbols includes one more header, or a struct gets a member where it has room for it (kpatch-build). Of no concern without \`CONFIG_MODVERSIONS\`.

**What happens.** \`genksyms\` makes a checksum of each exported symbol's declaration and of every type it reaches. A module that was built with another checksum than the
kernel's is not loaded. kpatch-build compares them and stops (\`Patch module references … with invalid version\`). A new include is enough: a type that was only
declared before is now known in full, and the checksum is another one, though no code changed. Whether it is, only the build tells: a warning, and the
verdict is undecided. klp-build refers to the running kernel's symbols and does not compare.

**The way out.** Hide a new include, or a new member, from \`genksyms\`: the compiler sees it, the checksum does not. For a function that is exported, leave its
signature and give the new one another name.

\`\`\`c
#ifndef __GENKSYMS__
#include <linux/demo.h>
#endif
\`\`\`

**Source.** scripts/genksyms; kernel/module/version.c check_version(); kpatch-build/kpatch-build ("Version disagreement for symbol"); kpatch patch author
guide, exported symbol versioning.
`,
  check(context) {
    if (context.knowledge.config('CONFIG_MODVERSIONS') === 'n') return [];
    return context.changes.flatMap((change) => [...signatures(context, change), ...(context.profile === 'kpatch' ? [...includes(context, change), ...records(context, change)] : [])]);
  },
};

function signatures(context: RuleContext, { path, functions }: FileChanges): RuleFinding[] {
  const { versions, profile, knowledge } = context;
  const exported = new Set(versions.get(path)?.before?.exports.map(({ name }) => name));
  const isCertain = knowledge.config('CONFIG_MODVERSIONS') === 'y';
  return functions.flatMap(({ kind, after }): RuleFinding[] => {
    if (kind !== 'signature' || !exported.has(after.name)) return [];
    return [
      {
        path,
        range: after.nameRange,
        function: after.name,
        ...(profile === 'kpatch' && !isCertain ? { severity: 'warning', ifInlined: true } : {}),
        message: `${after.name} is exported, and with its signature its symbol version changes${isCertain ? '' : ' (with CONFIG_MODVERSIONS; there is no .config)'}: ${profile === 'kpatch' ? 'kpatch-build refuses a patch module with a version that the running kernel does not have' : 'modules that are built against this edit do not load into the running kernel'}.`,
        remedies: [withCopy('rewrite', `Leave ${after.name} as it is and give the new function another name`, renamedCopy(context, path, after))],
      },
    ];
  });
}

function includes(context: RuleContext, { path, includes: changed }: FileChanges): RuleFinding[] {
  const exports = context.versions.get(path)?.after?.exports ?? [];
  if (!path.endsWith('.c') || exports.length === 0) return [];
  const isCertain = context.knowledge.config('CONFIG_MODVERSIONS') === 'y';
  return changed.flatMap(({ kind, after }): RuleFinding[] => {
    if (kind !== 'added' || isHidden(after)) return [];
    const text = context.textOf(path, 'after')?.slice(after.range.start, after.range.end) ?? '';
    return [
      {
        path,
        range: after.range,
        symbol: after.path,
        severity: 'warning',
        ifInlined: true,
        message: `${path} exports ${enumerate(exports.map(({ name }) => name))}: with ${after.path} a type may become known in full, and the symbol version another one, which kpatch-build refuses${isCertain ? '' : ' (with CONFIG_MODVERSIONS; there is no .config)'}.`,
        remedies: [
          {
            kind: 'rewrite',
            title: `Hide ${after.path} from genksyms`,
            fix: { isPreferred: true, edits: () => (text === '' ? [] : [{ path, range: after.range, text: `#ifndef __GENKSYMS__\n${text}\n#endif` }]) },
          },
        ],
      },
    ];
  });
}

/** Members that a layout has room for, and new names of old ones: all else of a record is for the rule on layouts. */
function records(context: RuleContext, { path }: FileChanges): RuleFinding[] {
  // What a .c file defines is known to its own exports alone.
  if (path.endsWith('.c') && (context.versions.get(path)?.after?.exports ?? []).length === 0) return [];
  const isCertain = context.knowledge.config('CONFIG_MODVERSIONS') === 'y';
  return layoutChanges(context).flatMap((layouts): RuleFinding[] => {
    if (layouts.path !== path || (layouts.kind !== 'reserved' && layouts.kind !== 'renamed') || !isSeen(layouts)) return [];
    const { kind, name, nameRange } = layouts.change.after;
    const edits = hidden(layouts, context);
    return [
      {
        path,
        range: nameRange,
        symbol: name,
        severity: 'warning',
        ifInlined: true,
        message: `${kind} ${name} has other members, though none that was there moves: the symbol version of an exported function that knows it is another one, which kpatch-build refuses${isCertain ? '' : ' (with CONFIG_MODVERSIONS; there is no .config)'}.`,
        remedies: [{ kind: 'rewrite', title: `Hide what changes of ${kind} ${name} from genksyms`, ...(edits.length === 0 ? {} : { fix: { isPreferred: true, edits: () => edits } }) }],
      },
    ];
  });
}

/** Behind a guard, or a header of the build tool, which declares nothing that an export reaches. */
const isHidden = ({ conditions, path }: IncludeFact): boolean => conditions.some((condition) => condition.includes('!defined(__GENKSYMS__)')) || /(^|\/)(kpatch-\w+|livepatch_helpers)\.h$/.test(path);
