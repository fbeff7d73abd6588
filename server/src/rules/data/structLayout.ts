import type { RecordChange } from '../../change/changes';
import { layoutOf, type RecordLayout } from '../../kernel/layout';
import { embeddersOf } from './embedders';
import type { Remedy, Severity } from '../finding';
import { compareLayouts, layoutTable, type LayoutComparison } from './layoutTable';
import { layoutTypes } from './layoutTypes';
import type { Rule, RuleContext, RuleFinding } from '../rule';
import { enumerate, plural } from '../words';

export const structLayout: Rule = {
  slug: 'struct-layout',
  title: 'The layout of a struct or union changes',
  severity: { 'klp-build': 'error', kpatch: 'error' },
  manual: `
A member of an existing struct or union is added, removed, moved, or changes its size; or the record's own attributes change.

**What happens.** Objects that the running kernel allocated have the old layout and the old size, and code that is not replaced goes on
reading them so. New code reads and writes beside the mark: memory corruption. **No build tool looks at layouts**: when the struct is only
ever allocated, the patch builds and loads without a word. Records that embed the changed one by value change with it.

**Milder cases.** A member that fits a hole, so that nothing else moves and the size stays, is a warning: objects that are already there hold
whatever their allocator left in the hole. A member that is only renamed changes no layout. When a size could not be worked out
(a type, a constant or a CONFIG option is not known), the change counts as an error.

**The way out.** Keep the layout: put new data into a shadow variable (klp_shadow_alloc, klp_shadow_get, klp_shadow_free), or change the
code instead of the data.

**Source.** Documentation/livepatch/shadow-vars.rst; kpatch patch author guide, "Data structure changes". Layouts follow the System V ABI for
x86-64 and are held against gcc by a test.
`,
  check(context) {
    return context.changes.flatMap(({ path, records }) => records.flatMap((change) => (change.kind === 'changed' ? finding(change, path, context) : [])));
  },
};

function finding(change: Extract<RecordChange, { kind: 'changed' }>, path: string, context: RuleContext): RuleFinding[] {
  const { before, after } = change;
  const layouts = { before: layoutOf(before, layoutTypes(context, path, 'before')), after: layoutOf(after, layoutTypes(context, path, 'after')) };
  const comparison = compareLayouts(layouts.before, layouts.after);
  const [severity, message] = judge(change, layouts, comparison);
  const name = `${after.kind} ${after.name}`;
  // Only a layout that changed changes the records around it.
  const embedders = severity === 'error' ? embeddersOf(after, path, context) : [];
  const around = embedders.length === 0 ? '' : ` ${enumerate(embedders.map((one) => one.name))} ${embedders.length === 1 ? 'embeds' : 'embed'} it.`;
  return [
    {
      path,
      range: after.nameRange,
      symbol: after.name,
      severity,
      message: `${name}: ${message}${around}`,
      related: embedders.map((one) => ({ path: one.path, range: one.range, message: `${one.name} embeds ${after.name}${one.through === undefined ? '' : ` through ${one.through}`}` })),
      remedies: remedies(severity, change),
      details: layoutTable(name, layouts.before, layouts.after),
    },
  ];
}

function judge(change: RecordChange, layouts: { before: RecordLayout; after: RecordLayout }, { moved, added, unknown }: LayoutComparison): [Severity, string] {
  const { before, after } = layouts;
  const keep = 'Objects of the running kernel keep the old layout.';
  if (unknown !== undefined) return ['error', `the layout may change: ${unknown}. ${keep}`];
  const others = moved.length === 0 ? '' : `${enumerate(moved)} ${moved.length === 1 ? 'has' : 'have'} another place or size`;
  if (before.size !== after.size) return ['error', `its size goes from ${plural(before.size ?? 0, 'byte')} to ${plural(after.size ?? 0, 'byte')}${others === '' ? '' : `, and ${others}`}. ${keep}`];
  if (others !== '') return ['error', `${others}. ${keep}`];
  if (change.fields.every((field) => field.kind === 'renamed') && change.fields.length > 0) return ['info', 'members are renamed, the layout stays.'];
  const stays = `nothing moves and the size stays ${plural(after.size ?? 0, 'byte')}`;
  if (added.length > 0) return ['warning', `${enumerate(added)} ${added.length === 1 ? 'fits' : 'fit'} a hole: ${stays}. Existing objects hold whatever their allocator left there.`];
  return ['warning', `${stays}, but the meaning of a member may not: existing objects hold old values.`];
}

function remedies(severity: Severity, change: RecordChange): readonly Remedy[] {
  if (severity === 'info') return [];
  const adds = change.fields.some((field) => field.kind === 'added');
  const shadow: Remedy = { kind: 'shadow-variable', title: 'Keep the struct as it is and put the new data into a shadow variable' };
  const code: Remedy = { kind: 'rewrite', title: 'Change the code that uses the data instead of the data' };
  return severity === 'warning' ? [{ kind: 'callback', title: 'Initialize the member in existing objects from a callback' }] : adds ? [shadow, code] : [code];
}
