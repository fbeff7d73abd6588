import type { Rule, RuleContext, RuleFinding } from '../rule';
import { enumerate, plural } from '../words';
import { isSeen } from './genksyms';
import { layoutChanges, type LayoutChange } from './layoutChange';
import { layoutTable } from './layoutTable';
import { shadowFix } from './shadowFix';

export const reservedField: Rule = {
  slug: 'reserved-field',
  title: 'A new member lies in a hole or in reserved room',
  severity: { 'klp-build': 'warning', kpatch: 'warning' },
  manual: `
A struct gets a member that fits a padding hole, or takes the place of a reserved one (\`reserved[4]\`, \`RH_KABI_USE\`, \`ANDROID_KABI_USE\`, …): its size and
the places of all other members stay.

**What happens.** Old and new code agree on the layout. But objects that are already there hold in that place whatever their allocator left,
which is zero only where they were allocated zeroed; and old code, which does not know of the member, copies, compares, clears or hashes it along
with the rest, or leaves it out. With CONFIG_MODVERSIONS the checksum of every exported function that knows the struct changes all the same.

**The way out.** Look up how objects are allocated, and initialize the member in all of them from a pre-patch callback, under the lock that guards them; or
use a shadow variable, which is absent for old objects. Hide the member from the checksum:

\`\`\`c
	u32 id;
#ifndef __GENKSYMS__
	u32 flags;                               /* lies in what was padding */
#endif
	u64 stamp;
\`\`\`

**Source.** Documentation/livepatch/shadow-vars.rst; kpatch patch author guide, "Exported symbol versioning"; layouts follow the System V ABI for x86-64.
`,
  check(context) {
    return layoutChanges(context).flatMap((change) => (change.kind === 'reserved' ? [finding(change, context)] : []));
  },
};

function finding(layouts: LayoutChange, context: RuleContext): RuleFinding {
  const { path, change, before, after, room } = layouts;
  const { added } = layouts.comparison;
  const record = change.after;
  const name = `${record.kind} ${record.name}`;
  const size = after.size === undefined ? 'nothing moves' : `nothing moves and the size stays ${plural(after.size, 'byte')}`;
  const where = room.length === 0 ? `${enumerate(added)} ${added.length === 1 ? 'fits' : 'fit'} a hole` : `${added.length === 0 ? 'a new member' : enumerate(added)} ${added.length < 2 ? 'takes' : 'take'} reserved room`;
  const content = room.length === 0 ? 'whatever their allocator left there' : 'there what they held before';
  const shadow = shadowFix(layouts, context);
  const checksum = context.knowledge.config('CONFIG_MODVERSIONS') === 'y' && isSeen(layouts) ? ' The checksums of exported functions that know it change.' : '';
  return {
    path,
    range: record.nameRange,
    symbol: record.name,
    message: `${name}: ${where}: ${size}. Existing objects hold ${content}.${checksum}`,
    remedies: [
      { kind: 'callback', title: 'Initialize the member in existing objects from a callback' },
      { kind: 'shadow-variable', title: `Use a shadow variable, which old objects do not have${shadow?.note ?? ''}`, ...(shadow === undefined ? {} : { fix: shadow.fix }) },
    ],
    details: layoutTable(name, before, after),
  };
}
