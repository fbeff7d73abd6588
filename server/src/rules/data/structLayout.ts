import type { Remedy, Severity } from '../finding';
import type { Rule, RuleContext, RuleFinding } from '../rule';
import { enumerate, plural } from '../words';
import { embeddersOf } from './embedders';
import { layoutChanges, type LayoutChange } from './layoutChange';
import { layoutTable } from './layoutTable';
import { useNote, usesOfRecord, usesText } from './recordUses';
import { shadowFix } from './shadowFix';
import { livesOnStack } from './stackOnly';

export const structLayout: Rule = {
  slug: 'struct-layout',
  title: 'The layout of a struct or union changes',
  severity: { 'klp-build': 'error', kpatch: 'error' },
  manual: `
A member of an existing struct or union is added, removed, moved, or changes its size; or the record's own attributes change.

**What happens.** Objects that the running kernel allocated have the old layout and the old size, and code that is not replaced goes on
reading them so. New code reads and writes beside the mark: memory corruption. **No build tool looks at layouts**: when the struct is only
ever allocated, the patch builds and loads without a word. Records that embed the changed one by value change with it; slab caches and per-CPU data
were set up for the old size; and what include/uapi defines is the binary interface to programs.

**Milder cases.** A member that only lies where nothing was, or where room was kept, is another matter (reserved-field). A member that is only renamed
changes no layout; one of another type of the same size is a warning, as is a record of which
there are locals only. When a size could not be worked out (a type, a constant or a CONFIG
option is not known), the change counts as an error.

**The way out.** Keep the layout: put new data into a shadow variable, or change the code instead of the data.

\`\`\`c
	u64 *owner = klp_shadow_get_or_alloc(entry, DEMO_OWNER, sizeof(*owner), GFP_KERNEL, NULL, NULL);

	if (owner)                               /* instead of entry->owner = id; */
		*owner = id;
	…
	klp_shadow_free(entry, DEMO_OWNER, NULL);    /* where the entry itself is freed */
\`\`\`

**Source.** Documentation/livepatch/shadow-vars.rst; kpatch patch author guide, "Data structure changes". Layouts follow the System V ABI for
x86-64 and are held against gcc by a test.
`,
  check(context) {
    return layoutChanges(context).flatMap((change) => (change.kind === 'reserved' ? [] : [finding(change, context)]));
  },
};

function finding(layouts: LayoutChange, context: RuleContext): RuleFinding {
  const { path, change, before, after } = layouts;
  const record = change.after;
  const isBrief = layouts.kind === 'changed' && livesOnStack(record, path, context);
  const [severity, message] = judge(layouts, isBrief);
  const name = `${record.kind} ${record.name}`;
  // Only a layout that changed changes the records around it, and the objects of it.
  const embedders = severity === 'error' ? embeddersOf(record, path, context) : [];
  const uses = severity === 'error' ? usesOfRecord(record, path, context) : [];
  const around = embedders.length === 0 ? '' : ` ${enumerate(embedders.map((one) => one.name))} ${embedders.length === 1 ? 'embeds' : 'embed'} it.`;
  const programs = severity === 'error' && /(^|\/)uapi\//.test(path) ? ' Programs are compiled with the old layout.' : '';
  return {
    path,
    range: record.nameRange,
    symbol: record.name,
    severity,
    // Every function that has one changes, and the plan does not follow who does.
    ...(isBrief ? { ifInlined: true as const } : {}),
    message: `${name}: ${message}${around}${usesText(uses)}${programs}`,
    related: [
      ...embedders.map((one) => ({ path: one.path, range: one.range, message: `${one.name} embeds ${record.name}${one.through === undefined ? '' : ` through ${one.through}`}` })),
      ...uses.map((use) => ({ path: use.path, range: use.range, message: useNote(use) })),
    ],
    remedies: remedies(severity, layouts, context),
    details: layoutTable(name, before, after),
  };
}

/** @param isBrief no object outlives the function that declares it */
function judge({ kind, before, after, comparison: { moved, removed, unknown } }: LayoutChange, isBrief: boolean): [Severity, string] {
  if (kind === 'renamed') return ['info', 'members are renamed, the layout stays.'];
  const keep = isBrief ? 'Its objects seem to live on the stack alone, so old ones are gone when the functions that made them return.' : 'Objects of the running kernel keep the old layout.';
  const severity = isBrief ? 'warning' : 'error';
  if (kind === 'retyped') {
    const gone = removed.length === 0 ? '' : `${enumerate(removed)} ${removed.length === 1 ? 'is' : 'are'} gone: `;
    return ['warning', `${gone}nothing moves and the size stays ${plural(after.size ?? 0, 'byte')}, but the meaning of a member may not: existing objects hold old values.`];
  }
  if (unknown !== undefined) return [severity, `the layout may change: ${unknown}. ${keep}`];
  const others = moved.length === 0 ? '' : `${enumerate(moved)} ${moved.length === 1 ? 'has' : 'have'} another place or size`;
  if (before.size !== after.size) return [severity, `its size goes from ${plural(before.size ?? 0, 'byte')} to ${plural(after.size ?? 0, 'byte')}${others === '' ? '' : `, and ${others}`}. ${keep}`];
  if (others !== '') return [severity, `${others}. ${keep}`];
  return [severity, `its alignment goes from ${before.align ?? 0} to ${plural(after.align ?? 0, 'byte')}. ${keep}`];
}

function remedies(severity: Severity, layouts: LayoutChange, context: RuleContext): readonly Remedy[] {
  if (severity === 'info') return [];
  const code: Remedy = { kind: 'rewrite', title: 'Change the code that uses the data instead of the data' };
  if (layouts.kind !== 'retyped' && severity === 'warning') return [];
  if (severity === 'warning') return [{ kind: 'callback', title: 'Convert the member in existing objects from a callback' }, code];
  if (!layouts.change.fields.some((field) => field.kind === 'added')) return [code];
  const shadow = shadowFix(layouts, context);
  return [{ kind: 'shadow-variable', title: `Keep the struct as it is and put the new data into a shadow variable${shadow?.note ?? ''}`, ...(shadow === undefined ? {} : { fix: shadow.fix }) }, code];
}
