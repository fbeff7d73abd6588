import type { Change } from '../../change/changes';
import type { ExportFact } from '../../syntax/facts';
import { lineAsBefore } from '../asBefore';
import { functionNamed } from '../edited';
import type { Fix, Remedy } from '../finding';
import type { Rule, RuleContext, RuleFinding } from '../rule';

export const exportChange: Rule = {
  slug: 'export-change',
  title: 'A symbol is exported, or no longer, or to other modules than before',
  severity: { 'klp-build': 'error', kpatch: 'error' },
  manual: `
An \`EXPORT_SYMBOL\` line is added, removed or made another one (\`EXPORT_SYMBOL_GPL\`, a name space).

**What happens.** The kernel's table of exported symbols is fixed when it is linked, a module's when it is loaded. An export that is added is no part of
either: it would be an export of the patch module, which holds that module in memory once anybody uses it. Taking an
export away, or changing who may use it, changes nothing in the running kernel: the symbol stays exported as it was.

**The way out.** Leave the line out of the live patch. A module that needs the function can be given it through a pointer that a callback sets.

\`\`\`c
demo_given = demo_lookup;            /* in a post-patch callback: a pointer that the module has */
EXPORT_SYMBOL_GPL(demo_lookup);      /* instead of this, which it would not find */
\`\`\`

**Source.** include/linux/export.h; kernel/module/main.c find_symbol(), which asks the loaded objects' tables only.
`,
  check(context) {
    return context.changes.flatMap(({ path, exports }) => exports.map((change) => findingOf(path, change, context)));
  },
};

function findingOf(path: string, change: Change<ExportFact>, context: RuleContext): RuleFinding {
  const fix = change.kind === 'removed' ? exportedAgain(change.before, path, context) : lineAsBefore(context, path, change.before?.range, change.after.range);
  const title = change.kind === 'added' ? 'Leave the export out of the live patch' : 'Leave the export as it was';
  const remedies: readonly Remedy[] = [{ kind: 'rewrite', title, ...(fix === undefined ? {} : { fix }) }];
  if (change.kind === 'added') {
    const { name, macro, range } = change.after;
    return { path, range, symbol: name, message: `${macro}(${name}) is new: the running kernel's exports are fixed, and this would be one of the patch module.`, remedies };
  }
  if (change.kind === 'removed') {
    const { name, macro } = change.before;
    return { path, range: { start: 0, end: 0 }, symbol: name, severity: 'warning', message: `${macro}(${name}) is removed, but the running kernel goes on exporting ${name}.`, remedies };
  }
  const { before, after } = change;
  return { path, range: after.range, symbol: after.name, severity: 'warning', message: `${before.macro}(${after.name}) becomes ${after.macro}, which the running kernel does not notice: it goes on exporting ${after.name} as before.`, remedies };
}

/** Behind the function that is exported, where that is still there. */
function exportedAgain({ name, range }: ExportFact, path: string, context: RuleContext): Fix | undefined {
  const old = context.textOf(path, 'before')?.slice(range.start, range.end);
  const facts = context.versions.get(path)?.after;
  const owner = functionNamed(facts, name) ?? facts?.variables.find((fact) => fact.name === name && !fact.isExtern);
  if (old === undefined || owner === undefined || owner.isStatic || !path.endsWith('.c')) return undefined;
  const at = owner.range.end;
  return { edits: () => [{ path, range: { start: at, end: at }, text: `\n${old}` }] };
}
