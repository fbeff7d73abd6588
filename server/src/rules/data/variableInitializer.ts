import type { VariableFact } from '../../syntax/facts';
import type { Remedy } from '../finding';
import type { Rule, RuleContext, RuleFinding } from '../rule';
import { enumerate } from '../words';
import { callbackFix } from './callbackFix';
import { readers } from './twin';
import { initializerChanges, type InitializerChange } from './initializerChange';
import { entriesOf, lengthOf, sameValue } from './initializers';
import { besideLocal } from './localName';
import { macroValues } from './macroValues';
import { isSpecialStatic, nameRangeIn, ownText } from './staticLocals';
import { isFreed, isTable, readOnlyWhy } from './variables';

export const variableInitializer: Rule = {
  slug: 'variable-initializer',
  title: 'The initial value of an existing variable changes',
  severity: { 'klp-build': 'error', kpatch: 'error' },
  manual: `
The initial value of a variable that the running kernel already has changes: a number, a string, a table, a static local; or the macro
or constant that the value is written with.

**What happens.** The running kernel keeps its value; the new one is never stored. Both tools refuse: klp-build says \`changed data\`,
kpatch-build \`unsupported section change\`. The same value written in another way (another order of designators, \`0x10\` for
\`16\`, a zero that is left out) is no change.

**The way out.** Write the value in a pre-patch callback and restore it in the post-unpatch one, under the lock that guards it, and only
where nobody has set another value since:

\`\`\`c
static int demo_limit = 16;                         /* was 8: put it back to 8, and … */

static int demo_limit_pre_patch(struct klp_object *obj)
{
	if (READ_ONCE(demo_limit) == 8)
		WRITE_ONCE(demo_limit, 16);
	return 0;
}
KLP_PRE_PATCH_CALLBACK(demo_limit_pre_patch);       /* kpatch-build: KPATCH_PRE_PATCH_CALLBACK */
\`\`\`

What is const or \`__ro_after_init\` lies in read-only memory and cannot be written: patch the functions that read it, so that they read another one, with
a new name and the new value, or treat the new case before they look it up. A static local of another name is a new variable.

**Source.** tools/objtool/klp-diff.c mark_changed_functions() ("changed data"), klp-checksum.c checksum_update_object(); kpatch-build/create-diff-object.c
kpatch_verify_patchability(); kpatch patch author guide, "Use a kpatch callback macro"; include/linux/livepatch_helpers.h.
`,
  check(context) {
    const changes = initializerChanges(context).filter(({ functions }) => functions.length === 0);
    return [...changes.map((change) => ofVariable(change, context)), ...ofStaticLocals(context), ...macroValues(context).filter(({ part }) => part === 'value').map(({ finding }) => finding)];
  },
};

function ofVariable(change: InitializerChange, context: RuleContext): RuleFinding {
  const { path, after } = change;
  const readOnly = readOnlyWhy(after, context.textOf(path, 'after'));
  return {
    path,
    range: after.nameRange,
    symbol: after.name,
    message: `The initializer of ${after.name} changed${valuesText(change.values.before, change.values.after, change.entries)}: the running kernel keeps the old ${isTable(after) ? 'table' : 'value'}${whereabouts(after, readOnly)}.`,
    remedies: remedies(change, readOnly, context),
  };
}

function whereabouts(fact: VariableFact, readOnly: string | undefined): string {
  if (isFreed(fact.attributes)) return ', and has given its memory back after booting';
  return readOnly === undefined ? '' : `, in memory that cannot be written (${readOnly})`;
}

function ofStaticLocals(context: RuleContext): RuleFinding[] {
  return context.changes.flatMap(({ path, functions }) => functions.flatMap(({ before, after: owner, staticLocals }) => (staticLocals ?? []).flatMap((local): RuleFinding[] => {
    if (before === undefined || owner === undefined || local.kind !== 'changed' || sameValue(local.before.initializer, local.after.initializer)) return [];
    if (isSpecialStatic(local.after.name, ownText(owner, local.after, context.textOf(path, 'after')))) return [];
    const { name } = local.after;
    return [
      {
        path,
        range: nameRangeIn(owner, local.after),
        function: owner.name,
        symbol: name,
        message: `The initializer of static local ${name} changed${valuesText(local.before.initializer, local.after.initializer, [])}: the running kernel keeps the old value.`,
        remedies: [{ kind: 'rewrite', title: 'Give the static local a new name, so that it is a new variable', ...besideLocal(context, path, { before, after: owner }, local) }],
      },
    ];
  })));
}

/** ` from 3 to 5`; of a list how many entries it gains and loses, or the entry that differs; as far as it is short enough to say. */
function valuesText(before: string | undefined, after: string | undefined, entries: InitializerChange['entries']): string {
  const short = (text: string | undefined): string | undefined => (text === undefined ? 'none' : text.length <= 24 ? text : undefined);
  const [from, to] = [short(before), short(after)];
  if (from !== undefined && to !== undefined) return ` from ${from} to ${to}`;
  const [first] = entries;
  if (first === undefined || first.key === '') return '';
  const counted = entries.length > 1 ? gainsAndLosses(before, after) : undefined;
  if (counted !== undefined) return counted;
  const [old, now] = [short(first.before), short(first.after)];
  const more = entries.length > 1 ? ` and ${entries.length - 1} more` : '';
  return old === undefined || now === undefined ? ` at ${first.key}${more}` : ` at ${first.key} from ${old} to ${now}${more}`;
}

/** Of a list without designators that gets longer or shorter: what comes behind the new entry did not change. */
function gainsAndLosses(before: string | undefined, after: string | undefined): string | undefined {
  const [old, now] = [entriesOf(before)?.map((entry) => entry.value), entriesOf(after)?.map((entry) => entry.value)];
  if (old === undefined || now === undefined || old.length === now.length || lengthOf(before) === undefined || lengthOf(after) === undefined) return undefined;
  const gained = now.filter((value) => !old.includes(value)).length;
  const lost = old.filter((value) => !now.includes(value)).length;
  const count = (number: number): string => `${number} ${number === 1 ? 'entry' : 'entries'}`;
  return [gained === 0 ? '' : ` by ${count(gained)} more`, lost === 0 ? '' : ` by ${count(lost)} less`].filter((part) => part !== '').join(' and');
}

function remedies(change: InitializerChange, readOnly: string | undefined, context: RuleContext): Remedy[] {
  const { after } = change;
  const reader = readers(change, isTable(after) ? `Patch the functions that look something up in ${after.name}` : `Patch the functions that read ${after.name}`, context);
  // There is no room behind the end of an array.
  if (readOnly !== undefined || isFreed(after.attributes) || change.lengths.before !== change.lengths.after) return [reader];
  const fix = callbackFix(change, context);
  const together = fix === undefined || fix.others.length === 0 ? '' : `, with ${enumerate(fix.others)},`;
  return [{ kind: 'callback', title: `Write ${after.name}${together} in a pre-patch callback and restore it in the post-unpatch one`, ...(fix === undefined ? {} : { fix: fix.fix }) }, reader];
}
