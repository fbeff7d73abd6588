import type { VariableChange } from '../../change/changes';
import type { FunctionFact, StaticLocalFact } from '../../syntax/facts';
import { headAsBefore } from '../asBefore';
import type { Fix, Remedy, Severity } from '../finding';
import type { Rule, RuleContext, RuleFinding } from '../rule';
import { enumerate, plural } from '../words';
import { initializerChanges } from './initializerChange';
import { macroValues } from './macroValues';
import { besideLocal } from './localName';
import { localSizes, objectSize } from './objectSize';
import { isSpecialStatic, nameRangeIn } from './staticLocals';
import { twinOf } from './twin';
import { alignmentAttributes, isPerCpu, isStaticKey, plainType } from './variables';

type Changed = Extract<VariableChange, { kind: 'changed' }>;

export const variableType: Rule = {
  slug: 'variable-type',
  title: 'The type, size or alignment of an existing variable changes',
  severity: { 'klp-build': 'error', kpatch: 'error' },
  manual: `
A variable that the running kernel already has gets another type, another array length (stated, by a constant, or by the entries of its
initializer) or another alignment; or it becomes static or global.

**What happens.** The running kernel keeps its object, of the old size and at the old place; new code reads and writes beyond its end. kpatch-build
refuses another size (\`object size mismatch\`), another alignment (\`section header details differ\`) and another linkage (\`symbol info
mismatch\`). klp-build refuses another size (\`changed data\`, as the length is part of the checksum); alignment and linkage it does not look at, and the
object stays as it is. A type of the same size builds with both: new code reads the old bytes as the new type.

**The way out.** Define a new variable under a new name, use it in every function that needs it, and copy the old value over in a pre-patch
callback:

\`\`\`c
static u64 demo_total64;                     /* beside static u32 demo_total */
\`\`\`

All functions that use the variable have to change over together: one that is not replaced goes on counting in the old one. The fix is offered where the file tells that they can. What
unswitched tasks still write to the old one while the transition lasts is not in the copy.

**Source.** kpatch-build/create-diff-object.c kpatch_compare_correlated_symbol(), kpatch_compare_correlated_section(); tools/objtool/klp-checksum.c
checksum_update_object(). Sizes follow the System V ABI for x86-64.
`,
  check(context) {
    const changed = context.changes.flatMap(({ path, variables }) => variables.flatMap((change) => (change.kind === 'changed' ? finding(change, path, context) : [])));
    const locals = context.changes.flatMap(({ path, functions }) => functions.flatMap(({ before, after, staticLocals }) => (staticLocals ?? []).flatMap((change) => (before === undefined || after === undefined || change.kind !== 'changed' ? [] : ofLocal(change, { before, after }, path, context)))));
    return [...changed, ...locals, ...macroValues(context).filter(({ part }) => part === 'length').map((value) => value.finding)];
  },
};

function finding(change: Changed, path: string, context: RuleContext): RuleFinding[] {
  const { before, after } = change;
  if (isPerCpu(after) || isStaticKey(after) || before.isExtern || after.isExtern) return [];
  const judged = judge(change, path, context);
  if (judged === undefined) return [];
  const [severity, message] = judged;
  return [
    {
      path,
      range: after.nameRange,
      symbol: after.name,
      severity,
      message: `${after.name}${message}`,
      remedies: severity === 'info' ? [] : [newVariable(change, path, context)],
    },
  ];
}

function newVariable(change: Changed, path: string, context: RuleContext): Remedy {
  const { name } = change.after;
  const fix = declaredAsBefore(change, path, context);
  if (fix !== undefined) return { kind: 'rewrite', title: `Leave the declaration of ${name} as it was`, fix };
  const twin = twinOf(change, path, context);
  if (twin === undefined) return { kind: 'rewrite', title: `Leave ${name} as it is and define a new variable under a new name; copy the value in a pre-patch callback` };
  const { others, isConstant } = twin;
  const whole = enumerate([name, ...others]);
  return { kind: 'rewrite', title: isConstant ? `Leave ${name} to the running kernel, and have its readers use ${twin.name}, with what the edit has in it` : `Leave ${whole} as ${others.length === 0 ? 'it is' : 'they are'}, have all functions use ${others.length === 0 ? twin.name : 'new ones'} and copy the value${others.length === 0 ? '' : 's'} in callbacks`, fix: twin.fix };
}

/** Where only its alignment or linkage changed, and nobody else of the edit may need it global. */
function declaredAsBefore({ before, after }: Changed, path: string, context: RuleContext): Fix | undefined {
  if (before.isStatic === after.isStatic && alignmentAttributes(before.attributes).join(' ') === alignmentAttributes(after.attributes).join(' ')) return undefined;
  const { lengths } = initializerChanges(context).find((change) => change.path === path && change.after === after) ?? {};
  if (plainType(before.type) !== plainType(after.type) || before.definedBy !== undefined || after.definedBy !== undefined || lengths?.before !== lengths?.after) return undefined;
  const isNamed = before.isStatic && !after.isStatic && [...context.versions].some(([other, { after: facts }]) => other !== path && facts !== undefined && (facts.variables.some((fact) => fact.name === after.name) || facts.functions.some((fact) => fact.mentions.includes(after.name))));
  return isNamed ? undefined : headAsBefore(context, path, before, after);
}

function judge({ before, after, typeChanged }: Changed, path: string, context: RuleContext): [Severity, string] | undefined {
  const { before: was, after: is } = initializerChanges(context).find((change) => change.path === path && change.after === after)?.lengths ?? {};
  const keeps = 'the running kernel keeps the old object';
  if (was !== undefined && is !== undefined && was !== is) return ['error', ` goes from ${plural(was, 'element')} to ${is}: ${keeps}, of the old size.`];
  if (!typeChanged) return undefined;
  const isKpatch = context.profile === 'kpatch';
  if (plainType(before.type) !== plainType(after.type)) {
    const [old, now] = [objectSize(before, path, 'before', context), objectSize(after, path, 'after', context)];
    const types = ` goes from ${before.type} to ${after.type}`;
    if (old === undefined || now === undefined) return ['error', `${types}: ${keeps}, and whether its size stays is not known.`];
    if (old === now) return ['warning', `${types}: it still takes ${plural(now, 'byte')}, but new code reads what is stored in it as the new type.`];
    return ['error', `${types}, from ${plural(old, 'byte')} to ${now}: ${keeps}, of the old size.`];
  }
  if (before.definedBy !== after.definedBy || (before.definedBy !== undefined && before.attributes.join() === after.attributes.join())) return ['error', ` is defined by ${after.definedBy ?? 'a declaration'} in another way: ${keeps}, as it was set up.`];
  if (alignmentAttributes(before.attributes).join(' ') !== alignmentAttributes(after.attributes).join(' ')) {
    return isKpatch ? ['error', ' has another alignment: its section differs from the running kernel\'s, which kpatch-build refuses.'] : ['warning', ' has another alignment: the running kernel\'s object stays where it is, so the new alignment does not hold.'];
  }
  if (before.isStatic !== after.isStatic) {
    const linkage = after.isStatic ? 'static' : 'global';
    return isKpatch ? ['error', ` becomes ${linkage}: kpatch-build does not take it for the same symbol.`] : ['info', ` becomes ${linkage}: klp-build takes it for the same variable.`];
  }
  return undefined;
}

/** One of the same size is taken over as it is (static-local-reset). */
function ofLocal(change: { readonly before: StaticLocalFact; readonly after: StaticLocalFact }, functions: { readonly before: FunctionFact; readonly after: FunctionFact }, path: string, context: RuleContext): RuleFinding[] {
  const { before, after } = change;
  const owner = functions.after;
  if (isSpecialStatic(after.name) || plainType(before.type) === plainType(after.type)) return [];
  const sizes = localSizes(change, path, context);
  if (sizes?.isSame === true) return [];
  const effect = context.profile === 'kpatch' ? 'kpatch-build takes it for another variable, and refuses to lose the old one' : 'klp-build refuses another size';
  return [
    {
      path,
      range: nameRangeIn(owner, after),
      function: owner.name,
      symbol: after.name,
      message: `Static local ${after.name} of ${owner.name} goes from ${before.type} to ${after.type}: ${sizes === undefined ? `whether its size stays is not known, and ${effect}` : effect}.`,
      remedies: [{ kind: 'rewrite', title: `Leave ${after.name} as it is, with a reference to it, and define a new variable under a new name`, ...besideLocal(context, path, functions, change) }],
    },
  ];
}
