/** Functions with a static local that the compiler inlines in one version of a file and not in the other: the references to it change hands. */
import type { FileChanges } from '../../change/changes';
import { inliningOf, type Inlining } from '../../plan/inlining';
import { unitOf, type Unit } from '../../plan/unit';
import type { FunctionFact } from '../../syntax/facts';
import type { Fix } from '../finding';
import { replaceWord } from '../functions/sourceEdits';
import type { RuleContext } from '../rule';
import { ordinaryStatics, usesOf } from './staticLocals';

export interface OwnerFlip {
  readonly before: FunctionFact;
  readonly after: FunctionFact;
  /** Its static locals that both versions use. */
  readonly statics: readonly string[];
  readonly was: Inlining;
  readonly is: Inlining;
}

/** Those of a .c file whose way of being compiled does not rest on a guess by size in either version. */
export function flippedOwners({ path, functions }: FileChanges, context: RuleContext): OwnerFlip[] {
  const { before: old, after: now } = context.versions.get(path) ?? {};
  if (old === undefined || now === undefined || !path.endsWith('.c')) return [];
  // Who is called as often as before is compiled as before, unless it is edited itself.
  const touched = new Set(functions.flatMap(({ before, after }) => [...[before, after].flatMap((fact) => (fact === undefined ? [] : [fact.name])), ...callsThatDiffer(before, after)]));
  return [...touched].flatMap((name): OwnerFlip[] => {
    const [before, after] = [named(old.functions, name), named(now.functions, name)];
    if (before?.isStatic !== true || after?.isStatic !== true || before.staticLocals.length === 0) return [];
    const [was, is] = [settled(before, unitOf(old)), settled(after, unitOf(now))];
    if (was === undefined || is === undefined || was.inlined === is.inlined) return [];
    const kept = new Set(after.staticLocals.map((local) => local.name));
    const statics = ordinaryStatics(before, context.textOf(path, 'before')).filter((local) => kept.has(local.name) && usesOf(context, path, 'before', before, local) > 0).map((local) => local.name);
    return statics.length === 0 ? [] : [{ before, after, statics: [...new Set(statics)], was, is }];
  });
}

/** What has the compiler go on as it did. */
export function asBefore({ after, is }: Pick<OwnerFlip, 'after' | 'is'>, path: string, context: RuleContext): { readonly title: string; readonly fix: Fix } | undefined {
  const wanted = is.inlined ? 'noinline' : '__always_inline';
  if (after.inline === 'never' || after.inline === 'always' || (!is.inlined && after.isVariadic)) return undefined;
  const edits = after.inline === 'inline' ? replaceWord(context, path, after, /\b(inline|__inline|__inline__)\b/, wanted) : replaceWord(context, path, after, /\bstatic\b/, `static ${wanted}`);
  return edits.length === 0 ? undefined : { title: `Declare ${after.name} ${wanted}, as it was compiled before`, fix: { edits: () => edits } };
}

const named = (functions: readonly FunctionFact[], name: string): FunctionFact | undefined => functions.find((fact) => fact.name === name);

/** Undefined for what nobody calls, and for a guess. */
function settled(fact: FunctionFact, unit: Unit): Inlining | undefined {
  if (unit.callCount(fact.name) === 0) return undefined;
  const inlining = inliningOf(fact, unit);
  return inlining.isSure ? inlining : undefined;
}

function callsThatDiffer(before: FunctionFact | undefined, after: FunctionFact | undefined): string[] {
  const count = new Map<string, number>();
  for (const { name } of before?.calls ?? []) count.set(name, (count.get(name) ?? 0) - 1);
  for (const { name } of after?.calls ?? []) count.set(name, (count.get(name) ?? 0) + 1);
  return [...count].flatMap(([name, difference]) => (difference === 0 ? [] : [name]));
}
