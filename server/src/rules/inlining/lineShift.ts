import { firstDifference, movedUsers } from '../../plan/lineShift';
import type { FunctionFact } from '../../syntax/facts';
import type { TextChange } from '../finding';
import { enumerate, plural } from '../words';
import { toTheEnd } from './toTheEnd';
import type { Rule, RuleContext, RuleFinding } from '../rule';

export const lineShift: Rule = {
  slug: 'line-shift',
  title: 'Functions whose __LINE__ moved look changed to kpatch-build',
  severity: { 'klp-build': 'info', kpatch: 'info' },
  manual: `
Lines are inserted or taken out above functions that use \`__LINE__\`, themselves or through a macro that passes it on.

**What happens.** The line number is a constant in the machine code, so kpatch-build sees another function and replaces it, with all that may be wrong
with replacing it. It forgives the checks of the kernel's own (\`WARN_ON()\`, \`might_sleep()\`, lockdep's), and no others: the error macros of file
systems are among those it takes for changes. klp-build keeps the lines with \`#line\` directives, so nothing is reported for it.

**The way out.** Put new functions at the end of the file, or keep the number of lines. What is left can be named
to kpatch-build as unchanged.

\`\`\`c
#include "kpatch-macros.h"
KPATCH_IGNORE_FUNCTION(demo_check);
\`\`\`

**How sure.** Macros of the file itself are read; of those in headers only some that are known to pass \`__LINE__\` on are looked for.

**Source.** kpatch-build/create-diff-object.c kpatch_line_macro_change_only(); scripts/livepatch/fix-patch-lines; fs/ext4/ext4.h, ext4_jbd2.h,
fs/xfs/xfs_error.h.
`,
  check(context) {
    if (context.profile !== 'kpatch') return [];
    return context.changes.flatMap(({ path, functions, status }) => {
      const { before, after } = context.versions.get(path) ?? {};
      if (before === undefined || after === undefined || status !== 'modified' || !path.endsWith('.c')) return [];
      const replaced = new Set<FunctionFact | undefined>(functions.map((change) => change.after));
      const moved = movedUsers(before, after).filter((fact) => !replaced.has(fact));
      return moved.length === 0 ? [] : [findingOf(context, path, moved, toTheEnd(context, path, before, after, moved))];
    });
  },
};

function findingOf(context: RuleContext, path: string, moved: readonly FunctionFact[], atEnd: readonly TextChange[] | undefined): RuleFinding {
  const names = moved.map(({ name }) => name);
  const start = firstDifference(context.textOf(path, 'before') ?? '', context.textOf(path, 'after') ?? '');
  const length = context.textOf(path, 'after')?.length ?? 0;
  const hasHeader = context.versions.get(path)?.after?.includes.some((include) => include.path.endsWith('kpatch-macros.h')) === true;
  return {
    path,
    range: { start, end: start },
    message: `Lines move here, and with them __LINE__ in ${enumerate(names)}: kpatch-build takes ${names.length === 1 ? 'it' : 'them'} for changed.`,
    related: moved.map((fact) => ({ path, range: fact.nameRange, message: `${fact.name} uses __LINE__` })),
    remedies: [
      atEnd === undefined ? { kind: 'rewrite', title: 'Put new functions at the end of the file, or keep the number of lines' } : { kind: 'rewrite', title: 'Move new functions to the end of the file', fix: { edits: () => atEnd } },
      {
        kind: 'build-option',
        title: `Have kpatch-build ignore ${plural(names.length, 'function')} that only moved`,
        fix: { edits: () => [{ path, range: { start: length, end: length }, text: `\n${hasHeader ? '' : '#include "kpatch-macros.h"\n'}${names.map((name) => `KPATCH_IGNORE_FUNCTION(${name});\n`).join('')}` }] },
      },
    ],
  };
}
