import type { Change } from '../../change/changes';
import { inside, type FunctionFact, type StaticLocalFact } from '../../syntax/facts';
import type { Remedy, Severity } from '../finding';
import { bodyTokens } from '../body';
import type { Rule, RuleContext, RuleFinding } from '../rule';
import { renamedLocal } from './localName';
import { localSizes } from './objectSize';
import { isConstantNumber, isSpecialStatic, nameRangeIn, ordinaryStatics, ownText } from './staticLocals';
import { plainType } from './variables';

export const staticLocalReset: Rule = {
  slug: 'static-local-reset',
  title: 'A static local starts anew, or is taken for another',
  severity: { 'klp-build': 'warning', kpatch: 'warning' },
  manual: `
A static local of an existing function is new, has another name or type, comes from another function or from file scope, or changes places with
one of the same name.

**What happens.** To the build tools it is a new variable: it begins with its initial value, and what the old one held is lost to patched code.
kpatch-build says \`unable to correlate static local variable …, assuming variable is new\`. Two of one name in a function are told apart by their
order alone; when that changes, each gets the other's value. The statics that the kernel's own macros make (\`__key\`, \`__warned\`, \`_rs\`, …)
are never carried over, which is meant so.

**The way out.** Keep name, type and place of a static local whose value matters:

\`\`\`c
	static unsigned long last;           /* renamed to last_seen it would be 0 again */
\`\`\`

**Source.** kpatch-build/create-diff-object.c kpatch_correlate_static_local_variables(), is_special_static(); tools/objtool/klp-diff.c
find_twin_positional(), is_uncorrelated_static_local().
`,
  check(context) {
    return context.changes.flatMap(({ path, functions, variables }) => functions.flatMap(({ before, after, staticLocals }) => {
      if (after === undefined) return [];
      const goneFromFile = variables.flatMap((change) => (change.kind === 'removed' ? [change.before.name] : []));
      const gone = new Set([...goneFromFile, ...functions.flatMap((one) => removedFrom(one.staticLocals, one.after === undefined ? one.before : undefined))]);
      const own = before === undefined ? after.staticLocals.map((local): Change<StaticLocalFact> => ({ kind: 'added', after: local })) : staticLocals;
      return [...own.flatMap((local) => ofLocal(local, own, after, before !== undefined, gone, path, context)), ...(before === undefined ? [] : reordered(before, after, path, context))];
    }));
  },
};

/** Names of the static locals that a function lost, or that went with it. */
function removedFrom(changes: readonly Change<StaticLocalFact>[] | undefined, removed: FunctionFact | undefined): string[] {
  return removed?.staticLocals.map((local) => local.name) ?? (changes ?? []).flatMap((change) => (change.kind === 'removed' ? [change.before.name] : []));
}

function ofLocal(change: Change<StaticLocalFact>, all: readonly Change<StaticLocalFact>[], owner: FunctionFact, isOld: boolean, gone: ReadonlySet<string>, path: string, context: RuleContext): RuleFinding[] {
  const { before, after } = change;
  if (after === undefined || isConstantNumber(after) || isSpecialStatic(after.name, ownText(owner, after, context.textOf(path, 'after')))) return [];
  const judged = judge();
  if (judged === undefined) return [];
  const [severity, text, oldName] = judged;
  const edits = oldName === undefined ? undefined : renamedLocal(context, path, owner, after, oldName);
  const remedy: Remedy = edits === undefined ? { kind: 'rewrite', title: 'Keep the name, the type and the place of the variable' } : { kind: 'rewrite', title: `Keep the name ${oldName ?? ''}`, fix: { edits: () => edits } };
  return [{ path, range: nameRangeIn(owner, after), function: owner.name, symbol: after.name, severity, message: `Static local ${after.name} of ${owner.name} ${text}.`, remedies: severity === 'info' ? [] : [remedy] }];

  /** With the name it had, where it only got another. */
  function judge(): [Severity, string, string?] | undefined {
    if (after === undefined) return undefined;
    if (before !== undefined) {
      // Another size is more than a warning: variable-type.
      if (plainType(before.type) === plainType(after.type) || localSizes({ before, after }, path, context)?.isSame !== true) return undefined;
      return ['warning', `goes from ${before.type} to ${after.type}: it keeps its size, so new code reads what the running kernel's holds as the new type`];
    }
    if (gone.has(after.name)) return ['warning', 'comes from elsewhere in the file: it is a new variable, and what the old one holds is lost to patched code'];
    const renamed = all.flatMap((one) => (one.kind === 'removed' ? [one.before] : [])).find((one) => plainType(one.type) === plainType(after.type) && one.initializerHash === after.initializerHash);
    if (renamed !== undefined) return ['warning', `seems to be ${renamed.name} under another name: it begins anew, and what the old one holds is lost to patched code`, renamed.name];
    // In a new function everything is new.
    return isOld ? ['info', 'is new: it begins with its initial value when the patch is loaded'] : undefined;
  }
}

/** Several of one name, and their types or initial values in another order: which is which is told by the order of references. */
function reordered(before: FunctionFact, after: FunctionFact, path: string, context: RuleContext): RuleFinding[] {
  if (before.staticLocals.length < 2 || after.staticLocals.length < 2) return [];
  const [old, now] = [ordinaryStatics(before, context.textOf(path, 'before')), ordinaryStatics(after, context.textOf(path, 'after'))];
  const list = (locals: readonly StaticLocalFact[], name: string): readonly StaticLocalFact[] => locals.filter((local) => local.name === name);
  return [...new Set(now.map((local) => local.name))].flatMap((name): RuleFinding[] => {
    const [was, is] = [list(old, name), list(now, name)];
    const first = is[0];
    if (first === undefined || was.length < 2 || is.length < 2) return [];
    const shape = (local: StaticLocalFact): string => `${local.typeHash} ${local.initializerHash}`;
    const isPermuted = (one: readonly string[], other: readonly string[]): boolean => one.join() !== other.join() && [...one].sort().join() === [...other].sort().join();
    const places = [placesOf(was, before, path, 'before', context), placesOf(is, after, path, 'after', context)] as const;
    if (was.map(shape).join() === is.map(shape).join() && !isPermuted(...places)) return [];
    return [
      {
        path,
        range: nameRangeIn(after, first),
        function: after.name,
        symbol: name,
        message: `${after.name} has ${is.length} static locals named ${name}, and their order changes: build tools tell them apart by it, so each may get another's value.`,
        remedies: [{ kind: 'rewrite', title: 'Leave the blocks in their order, or give the variables different names in a function of its own' }],
      },
    ];
  });
}

/** The code behind each declaration, as far as tells two blocks apart. */
function placesOf(locals: readonly StaticLocalFact[], owner: FunctionFact, path: string, version: 'before' | 'after', context: RuleContext): string[] {
  const tokens = bodyTokens(context, path, version, owner);
  return locals.map((local) => {
    const first = tokens.findIndex((token) => token.at >= inside(owner, local.range).end);
    const end = tokens.findIndex((token, index) => index > first && token.text === '}');
    return tokens.slice(first, end).map((token) => token.text).join(' ');
  });
}
