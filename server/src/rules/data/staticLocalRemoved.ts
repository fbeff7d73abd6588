import type { FunctionChange } from '../../change/changes';
import { inliningOf } from '../../plan/inlining';
import { unitOf, type Unit } from '../../plan/unit';
import type { FunctionFact, StaticLocalFact } from '../../syntax/facts';
import type { Fix, Remedy } from '../finding';
import type { Rule, RuleContext, RuleFinding } from '../rule';
import { enumerate } from '../words';
import { dummyReference } from './dummyReference';
import { keptCall } from './keptCall';
import { asBefore, flippedOwners, type OwnerFlip } from './staticLocalOwner';
import { ordinaryStatics, ownText, usesOf } from './staticLocals';

export const staticLocalRemoved: Rule = {
  slug: 'static-local-removed',
  title: 'A function no longer refers to its static local',
  severity: { 'klp-build': 'warning', kpatch: 'error' },
  manual: `
A static local of an existing function is removed, or its last use is; or the call that brought it in, of a function that was inlined and has
one, is removed; or a function that has one is inlined where it was not, or no longer where it was, because it has more callers than before or fewer.

**What happens.** kpatch-build finds the variable's twin by the references to it, and refuses when one is gone (\`reference to static local
variable … was removed\`). klp-build warns (\`no correlation\`) and goes on; the variable stays in the running kernel, and nothing patched uses it.

**The way out.** Keep the variable and a reference to it that the compiler cannot drop, or the call that brought it in where the compiler cannot tell that it is
never made. A function that would be compiled otherwise than before is kept as it was by \`noinline\` or \`__always_inline\`.

\`\`\`c
	static int uses;

	asm volatile("" : : "r" (&uses));    /* keeps the reference, makes no code but an address */
\`\`\`

**Source.** kpatch-build/create-diff-object.c kpatch_correlate_static_local_variables(); kpatch patch author guide, "Removing references to static
local variables"; tools/objtool/klp-diff.c.
`,
  check(context) {
    return context.changes.flatMap((changes) => [
      ...changes.functions.flatMap((change) => ofChange(change, changes.path, context)),
      ...flippedOwners(changes, context).map((flip) => ofFlip(flip, changes.path, context)),
    ]);
  },
};

function ofChange(change: FunctionChange, path: string, context: RuleContext): RuleFinding[] {
  const { before, after } = change;
  // What becomes of the statics of a function that is gone, removed-function says.
  if (before === undefined || after === undefined || !change.bodyChanged) return [];
  return [...ofFunction(before, after, path, context), ...ofRemovedCalls(before, after, path, context)];
}

function ofFunction(before: FunctionFact, after: FunctionFact, path: string, context: RuleContext): RuleFinding[] {
  return ordinaryStatics(before, context.textOf(path, 'before')).flatMap((local): RuleFinding[] => {
    if (usesOf(context, path, 'before', before, local) === 0) return [];
    const twin = after.staticLocals.find((one) => one.name === local.name && one.ordinal === local.ordinal);
    if (twin !== undefined && usesOf(context, path, 'after', after, twin) > 0) return [];
    return [
      {
        path,
        range: twin === undefined ? after.nameRange : { start: after.range.start + twin.nameRange.start, end: after.range.start + twin.nameRange.end },
        function: after.name,
        symbol: local.name,
        message: `${after.name} no longer ${twin === undefined ? 'has' : 'uses'} its static local ${local.name}: ${consequence(context)}.`,
        remedies: [{ kind: 'rewrite', title: `Keep a dummy reference to ${local.name}`, fix: dummyReference(path, after, local, twin, ownText(before, local, context.textOf(path, 'before')), context) }],
      },
    ];
  });
}

const consequence = ({ profile }: RuleContext): string =>
  profile === 'kpatch' ? 'kpatch-build refuses to lose the reference' : 'klp-build warns, and the running kernel keeps a variable that nothing patched uses';

/** Static locals that came in with a call that is gone. */
function ofRemovedCalls(before: FunctionFact, after: FunctionFact, path: string, context: RuleContext): RuleFinding[] {
  const facts = context.versions.get(path)?.before;
  if (facts === undefined) return [];
  const now = new Set(after.calls.map((call) => call.name));
  const unit = unitOf(facts);
  const gone = [...new Set(before.calls.map((call) => call.name))].filter((name) => !now.has(name));
  const still = new Set([...now].flatMap((name) => broughtBy(name, unit, context, path).map((one) => keyOf(one))));
  return gone.flatMap((name) => broughtBy(name, unit, context, path).map((one) => ({ name, ...one }))).filter((one) => !still.has(keyOf(one))).map(({ name, owner, local, isSure, reason }): RuleFinding => ({
    path,
    range: after.nameRange,
    function: after.name,
    symbol: local.name,
    ...(isSure || context.profile !== 'kpatch' ? {} : { severity: 'warning' as const, ifInlined: true as const }),
    message: `${after.name} no longer calls ${owner.name} (${reason}), which brought it static local ${local.name}: ${consequence(context)}.`,
    related: [{ path, range: context.versions.get(path)?.after?.functions.find((fact) => fact.name === owner.name)?.nameRange ?? after.nameRange, message: `${owner.name} owns ${local.name}` }],
    remedies: [withFix(`Keep the call of ${name} where it is never made`, keptCall(path, { before, after }, name, context))],
  }));
}

const withFix = (title: string, fix: Fix | undefined): Remedy => ({ kind: 'rewrite', title, ...(fix === undefined ? {} : { fix }) });

/** Only the compiler's output tells for certain. */
function ofFlip(flip: OwnerFlip, path: string, context: RuleContext): RuleFinding {
  const { after, statics, was, is } = flip;
  const fix = asBefore(flip, path, context);
  return {
    path,
    range: after.nameRange,
    function: after.name,
    symbol: statics.join(', '),
    severity: 'warning',
    ...(context.profile === 'kpatch' ? { ifInlined: true } : {}),
    message: `${after.name} is ${is.inlined ? `inlined now (${is.reason}), and was not` : `no longer inlined (${is.reason}), and was so far (${was.reason})`}: other functions than before refer to its static ${statics.length === 1 ? 'local' : 'locals'} ${enumerate(statics)}, and ${context.profile === 'kpatch' ? 'kpatch-build refuses where a reference is lost' : 'klp-build warns'}.`,
    remedies: [fix === undefined ? { kind: 'rewrite', title: `See that ${after.name} is compiled as before` } : { kind: 'rewrite', ...fix }],
  };
}

interface Brought {
  readonly owner: FunctionFact;
  readonly local: StaticLocalFact;
  readonly isSure: boolean;
  readonly reason: string;
}

const keyOf = ({ owner, local }: Brought): string => `${owner.name} ${local.name} ${local.ordinal}`;

/** The static locals of a function that is inlined, and of those inlined into it. */
function broughtBy(name: string, unit: Unit, context: RuleContext, path: string, seen: ReadonlySet<string> = new Set()): Brought[] {
  const owner = unit.named(name);
  if (owner === undefined || seen.has(name)) return [];
  const inlining = inliningOf(owner, unit);
  if (!inlining.inlined) return [];
  const own = ordinaryStatics(owner, context.textOf(path, 'before')).map((local): Brought => ({ owner, local, isSure: inlining.isSure, reason: inlining.reason }));
  const inner = [...new Set(owner.calls.map((call) => call.name))].flatMap((callee) => broughtBy(callee, unit, context, path, new Set([...seen, name])));
  return [...own, ...inner.map((one) => ({ ...one, isSure: one.isSure && inlining.isSure }))];
}
