import { enumChanges, type EnumChange, type MovedConstant } from '../../plan/enumConstants';
import type { EnumFact, FileFacts, RecordFact } from '../../syntax/facts';
import type { Location, Remedy } from '../finding';
import type { Rule, RuleContext, RuleFinding } from '../rule';
import { enumerate } from '../words';
import { toTheEnd } from './enumEnd';

export const enumValue: Rule = {
  slug: 'enum-value',
  title: 'A constant of an enum gets another value, or one is added or removed',
  scope: 'edit',
  severity: { 'klp-build': 'error', kpatch: 'error' },
  manual: `
A constant of an existing enum has another number: one was put in before it, or its value was written anew. Or constants are added at the end,
or removed.

**What happens.** Numbers that are stored, sent or used as an index mean something else to new code than to the data of the running kernel. **No build
tool looks at enums**; functions that use a constant that moved change, and nothing more is said. It is an error where the numbers are known to live
on: a struct has a member of the enum, a table is indexed by the constants, or they are part of the user-space interface (include/uapi, netlink
attributes). Constants added at the end, with nothing behind them, leave all numbers as they are; code that is not replaced does not know the new
ones.

**The way out.** Add new constants at the end, behind the one that counts them where there is one:

\`\`\`c
enum demo_state {
	DEMO_IDLE,
	DEMO_BUSY,
	DEMO_LOST,                             /* new: at the end */
};
\`\`\`

**Source.** C11 6.7.2.2; what holds for structs (Documentation/livepatch/shadow-vars.rst) holds for the numbers in them.
`,
  check(context) {
    return context.changes.flatMap((file) => [...enumChanges(file, context.versions).flatMap((change) => finding(change, context)), ...file.enums.flatMap((change) => (change.kind === 'removed' && !isMoved(change.before, context) ? removed(change.before, file.path) : []))]);
  },
};

function finding(change: EnumChange, context: RuleContext): RuleFinding[] {
  const { path, before, after, moved, added, removed: gone } = change;
  const name = after.name === '' ? `the enum of ${after.constants[0]?.name ?? ''}` : `enum ${after.name}`;
  if (before.attributes.join(' ') !== after.attributes.join(' ')) return [{ path, range: after.nameRange, symbol: after.name, message: `${name} has other attributes: what holds such a value may have another size.`, remedies: [] }];
  if (moved.length === 0 && added.length === 0 && gone.length === 0) return [];
  const [first] = moved;
  const place = { path, range: first?.range ?? after.nameRange, symbol: after.name === '' ? (after.constants[0]?.name ?? '') : after.name };
  if (moved.length === 0) {
    const what = [added.length === 0 ? '' : `${enumerate(added)} ${added.length === 1 ? 'is' : 'are'} new`, gone.length === 0 ? '' : `${enumerate(gone)} ${gone.length === 1 ? 'is' : 'are'} gone`].filter((part) => part !== '').join(', ');
    const effect = gone.length > 0 ? 'data of the running kernel may hold the old numbers' : 'code that is not replaced does not know the new values';
    return [{ ...place, range: after.nameRange, symbol: [...added, ...gone][0] ?? place.symbol, severity: 'warning', message: `${name}: ${what}; the others keep their numbers, and ${effect}.`, remedies: [] }];
  }
  const reasons = livesOn(change, context);
  const [reason] = reasons;
  const more = moved.length === 1 ? '' : ` (and ${moved.length - 1} more)`;
  const values = first?.before === undefined || first.after === undefined ? 'gets another value' : `goes from ${first.before} to ${first.after}`;
  return [
    {
      ...place,
      ...(reason === undefined ? { severity: 'warning' as const } : {}),
      message: `${name}: ${first?.name ?? ''} ${values}${more}, ${reason?.text ?? 'and what the running kernel has stored or sent keeps the old number'}.`,
      related: reasons.flatMap((one) => (one.place === undefined ? [] : [{ ...one.place, message: one.note }])),
      remedies: [remedy(change, context)],
    },
  ];
}

function remedy(change: EnumChange, context: RuleContext): Remedy {
  const { moved, added } = change;
  if (moved.every(({ name }) => isCounter(name, change))) return { kind: 'rewrite', title: 'Keep the old count where the running kernel has tables of that length, and look the new constants up elsewhere' };
  if (added.length === 0) return { kind: 'rewrite', title: 'Keep the numbers, and give what is new a constant of its own' };
  const fix = toTheEnd(change, context);
  return { kind: 'rewrite', title: `Add ${enumerate(added)} at the end, so that the others keep their numbers`, ...(fix === undefined ? {} : { fix }) };
}

/** A constant that counts the others: the last one of both versions, or by its name. */
const isCounter = (name: string, { before, after }: EnumChange): boolean =>
  /(MAX|COUNT|NUM|LAST|END)\d*$/.test(name) || (after.constants.at(-1)?.value === undefined && before.constants.at(-1)?.name === name && after.constants.at(-1)?.name === name);

interface Reason {
  readonly text: string;
  readonly note: string;
  readonly place?: Location;
}

/** Where the numbers outlive the code: what makes a moved constant an error. */
function livesOn(change: EnumChange, context: RuleContext): Reason[] {
  const { path, after: fact, moved } = change;
  const reasons: Reason[] = [];
  // A constant that counts the others may grow: that is how such enums are extended.
  const seen = moved.filter(({ name }) => !isCounter(name, change));
  if (seen.length > 0 && /(^|\/)uapi\//.test(path) || seen.some(({ name }) => /_ATTR_|^(__)?(NFT|NFTA|IFLA|RTA|NLA|TCA|NDA|IFA|FRA|CTA|ETHTOOL_A|NL80211)_/.test(name))) {
    reasons.push({ text: 'and it is part of what user space sees', note: '' });
  }
  const names = new Set(moved.map(({ name }) => name));
  for (const [file, facts] of filesOf(path, fact, moved, context)) {
    const record = fact.name === '' ? undefined : facts.records.find((one) => hasMember(one.fields, fact.name));
    if (record !== undefined) reasons.push({ text: `and objects of ${record.kind} ${record.name} hold the old numbers`, note: `${record.name} has a member of it`, place: { path: file, range: record.nameRange } });
    const table = facts.variables.find((one) => designatorsOf(one.initializer).some((name) => names.has(name)));
    if (table !== undefined) reasons.push({ text: `and ${table.name} of the running kernel is indexed by the old numbers`, note: `${table.name} is indexed by it`, place: { path: file, range: table.nameRange } });
    const array = facts.variables.find((one) => boundsOf(one.type).some((name) => names.has(name)));
    if (array !== undefined) reasons.push({ text: `and ${array.name} of the running kernel has the old number of elements`, note: `${array.name} has that many elements`, place: { path: file, range: array.nameRange } });
  }
  return reasons;
}

function filesOf(path: string, fact: EnumFact, moved: readonly MovedConstant[], { versions, knowledge }: RuleContext): [string, FileFacts][] {
  const files = new Map<string, FileFacts>();
  for (const [file, { after }] of versions) if (after !== undefined) files.set(file, after);
  const word = fact.name === '' ? moved[0]?.name : fact.name;
  // One search for each enum of a header that moved: by its tag, or where it has none by the first constant.
  if (path.endsWith('.h') && word !== undefined) for (const file of knowledge.ask({ kind: 'mentions', word, from: path })?.files ?? []) if (!files.has(file.path)) files.set(file.path, file.facts);
  return [...files];
}

const hasMember = (fields: RecordFact['fields'], tag: string): boolean =>
  fields.some((field) => (field.record === undefined ? new RegExp(`\\benum ${tag}\\b`).test(field.type) && field.pointers === 0 : hasMember(field.record.fields, tag)));

const designatorsOf = (initializer: string | undefined): string[] => [...(initializer ?? '').matchAll(/\[\s*([A-Za-z_]\w*)\b[^\]]*\]\s*=/g)].map(([, name = '']) => name);
const boundsOf = (type: string): string[] => [...type.matchAll(/\[([^\]]*)\]/g)].flatMap(([, bound = '']) => bound.match(/[A-Za-z_]\w*/g) ?? []);

const isMoved = ({ name }: EnumFact, { changes }: RuleContext): boolean => changes.some(({ enums }) => enums.some((one) => one.kind === 'added' && one.after.name === name));

function removed(before: EnumFact, path: string): RuleFinding[] {
  if (before.name === '') return [];
  return [{ path, range: { start: 0, end: 0 }, symbol: before.name, severity: 'warning', message: `enum ${before.name} is removed: data of the running kernel may still hold its numbers.` }];
}
