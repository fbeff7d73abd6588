/** A function that cannot be replaced left as it was, and its callers given the edit's version under a new name. */
import { evaluateCondition } from '../../kernel/conditions';
import { unitOf } from '../../plan/unit';
import type { FileFacts, FunctionFact } from '../../syntax/facts';
import { behindIncludesOf, copyName, functionNamed } from '../edited';
import type { Fix, Remedy, TextChange } from '../finding';
import { textOfUser, usesIn } from '../privateCopy';
import type { RuleContext, RuleFinding } from '../rule';
import { copyCallers, type CopyCallers } from './copyCallers';
import { asCopy, declarationOf } from './copyText';

export interface RenamedCopy {
  readonly fix?: Fix;
  /** Why there is none, as the end of a sentence; absent where nobody calls it, or while it is being looked up. */
  readonly why?: string;
  /** The callers in files beside the edit. */
  readonly related: NonNullable<RuleFinding['related']>;
}

const NONE: RenamedCopy = { related: [] };

/** The copy stands in the function's own file; where other files call it, it is global, and declared in a header that the edit changes anyway, else in each of the files: a changed header has all rebuilt that include it. */
export function renamedCopy(context: RuleContext, path: string, after: FunctionFact): RenamedCopy {
  const { before: old, after: now } = context.versions.get(path) ?? {};
  const before = functionNamed(old, after.name);
  if (before === undefined || now === undefined || !path.endsWith('.c') || !now.functions.includes(after) || after.definedBy !== undefined) return NONE;
  const why = whyNot(context, now, before, after);
  const callers = why ?? copyCallers(context, path, before, after);
  if (callers === undefined) return NONE;
  if (typeof callers === 'string') return { ...NONE, why: callers };
  const copy = copyName(context, after.name);
  if ([now, ...callers.patched.map(({ facts }) => facts)].some((facts) => functionNamed(facts, copy) !== undefined || facts.macros.some((macro) => macro.name === copy))) return { ...NONE, why: `${copy} is there already` };
  const texts = new Map([path, ...callers.patched.map((user) => user.path)].map((file) => [file, textOfUser(context, file) ?? '']));
  const beside = callers.patched.filter((user) => !context.versions.has(user.path));
  if ([...texts.values()].includes('')) return NONE;
  return { fix: { edits: () => copyEdits(context, path, before, after, callers, texts) }, related: beside.map(({ path: file, fact }) => ({ path: file, range: fact.nameRange, message: `${fact.name} calls ${after.name}` })) };
}

/** The way out, which says why a person has to walk it. */
export function withCopy(kind: Remedy['kind'], title: string, { fix, why }: RenamedCopy = NONE): Remedy {
  return { kind, title: why === undefined ? title : `${title}, by hand: ${why}`, ...(fix === undefined ? {} : { fix }) };
}

function whyNot({ knowledge }: RuleContext, now: FileFacts, before: FunctionFact, after: FunctionFact): string | undefined {
  const [local] = after.staticLocals;
  if (local !== undefined) return `its static local ${local.name} would be there twice`;
  if (before.isStatic !== after.isStatic) return 'its linkage changes, too';
  if (after.attributes.includes('__weak')) return 'it is weak, and another may be linked in its place';
  if (now.functions.filter(({ name }) => name === after.name).length > 1) return 'its file defines it more than once';
  return after.conditions.every((condition) => evaluateCondition(condition, (option) => knowledge.config(option)) === true) ? undefined : `it is compiled only if ${after.conditions.join(' and ')}`;
}

function copyEdits(context: RuleContext, path: string, before: FunctionFact, after: FunctionFact, { patched, isCalledYet }: CopyCallers, texts: ReadonlyMap<string, string>): TextChange[] {
  const { name } = after;
  const copy = copyName(context, name);
  const [old, text] = [context.textOf(path, 'before'), texts.get(path)];
  const own = context.versions.get(path)?.after;
  if (old === undefined || text === undefined || own === undefined) return [];
  const linkage = patched.some((user) => user.path !== path) ? 'global' : 'static';
  const declaration = declarationOf(text, after, copy, linkage);
  // A static one that nobody calls any more is gone, but for one that a list of kprobes' names.
  const isGone = before.isStatic && !isCalledYet && !unitOf(own).isAddressTaken(name);
  const { changes, isDeclared } = prototypes(context, path, name, declaration, { isGone, isGlobal: linkage === 'global' });
  const declared = [...texts].flatMap(([file]): TextChange[] => {
    const callers = patched.filter((user) => user.path === file);
    const facts = file === path ? own : callers[0]?.facts;
    const first = Math.min(...callers.map(({ fact }) => fact.range.start));
    if (isDeclared || facts === undefined || (file === path && first > after.range.start)) return [];
    return [declaredIn(file, facts, name, file === path ? declaration : `extern ${declaration}`, first)];
  });
  const uses = patched.map((user) => usesIn(texts.get(user.path) ?? '', user.fact, name).map((start): TextChange => ({ path: user.path, range: { start, end: start + name.length }, text: copy })));
  if (uses.some((list) => list.length === 0)) return [];
  const isDeclaredAbove = isDeclared || declared.some((change) => change.path === path);
  const copied = `${linkage === 'global' && !isDeclaredAbove ? `${declaration}\n\n` : ''}${asCopy(text, after, copy, linkage)}`;
  return [...changes, { path, range: after.range, text: isGone ? copied : `${old.slice(before.range.start, before.range.end)}\n\n${copied}` }, ...declared, ...uses.flat()];
}

/** A declaration in front of the first caller: behind the original's own, else behind the includes. */
function declaredIn(path: string, facts: FileFacts, name: string, declaration: string, first: number): TextChange {
  const own = facts.prototypes.find((prototype) => prototype.name === name && prototype.range.end <= first)?.range.end;
  const at = own ?? behindIncludesOf({ includes: facts.includes.filter(({ range }) => range.end <= first) });
  return { path, range: { start: at, end: at }, text: own !== undefined ? `\n${declaration}` : at === 0 ? `${declaration}\n\n` : `\n\n${declaration}` };
}

/** The edit's declarations of the function: as the baseline has them, the copy's behind the first in a header; those of a static function that is gone become the copy's. */
function prototypes(context: RuleContext, path: string, name: string, declaration: string, { isGone, isGlobal }: { readonly isGone: boolean; readonly isGlobal: boolean }): { changes: TextChange[]; isDeclared: boolean } {
  const changes: TextChange[] = [];
  let isDeclared = false;
  for (const [file, { before, after }] of context.versions) {
    for (const prototype of after?.prototypes.filter((one) => one.name === name) ?? []) {
      const { range, ordinal, hash } = prototype;
      const now = context.textOf(file, 'after')?.slice(range.start, range.end) ?? '';
      if (isGone) {
        if (file !== path) continue;
        changes.push({ path, range, text: declaration });
        isDeclared = true;
        continue;
      }
      const old = before?.prototypes.find((one) => one.name === name && one.ordinal === ordinal);
      const text = old === undefined || old.hash === hash ? now : (context.textOf(file, 'before')?.slice(old.range.start, old.range.end) ?? now);
      const beside: string = isGlobal && file.endsWith('.h') && !isDeclared ? `\n${now.startsWith('extern ') ? 'extern ' : ''}${declaration}` : '';
      if (beside !== '') isDeclared = true;
      if (text + beside !== now) changes.push({ path: file, range, text: text + beside });
    }
  }
  return { changes, isDeclared };
}
