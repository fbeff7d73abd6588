/** A changed helper put back as it was, and those that are to have the edit's version given a copy of it, under a new name and in their own file. */
import { evaluateCondition } from '../kernel/conditions';
import type { FileFacts, FunctionFact, MacroFact } from '../syntax/facts';
import { tokenize, TokenKind } from '../syntax/tokens';
import { behindIncludesOf, copyName, functionNamed } from './edited';
import type { Fix, TextChange } from './finding';
import type { RuleContext } from './rule';

/** A function or macro with a text in both versions, and the same parameters. */
export interface Helper {
  readonly kind: 'function' | 'macro';
  readonly path: string;
  readonly name: string;
  readonly before: FunctionFact | MacroFact;
  readonly after: FunctionFact | MacroFact;
}

/** A function of a .c file, of the edit or of the tree, that uses the helper itself. */
export interface HelperUser {
  readonly path: string;
  /** Of the file, as it is now. */
  readonly facts: FileFacts;
  readonly fact: FunctionFact;
}

/** Undefined where the edit does not change a helper of this name in the file, or changes what it is called with. */
export function changedHelper({ changes, versions }: RuleContext, path: string, name: string): Helper | undefined {
  const change = changes.find((one) => one.path === path);
  const macro = change?.macros.find((one) => one.after?.name === name);
  if (macro?.kind === 'changed') return macro.before.parameters?.length === macro.after.parameters?.length ? { kind: 'macro', path, name, before: macro.before, after: macro.after } : undefined;
  const fact = change?.functions.find((one) => one.after?.name === name);
  const isAlone = versions.get(path)?.after?.functions.filter((one) => one.name === name).length === 1;
  return fact?.kind === 'changed' && isAlone ? { kind: 'function', path, name, before: fact.before, after: fact.after } : undefined;
}

/**
 * Undefined where a copy would not do: a static local would be there twice, a function of other files would be another one for them, what calls itself would call the old one, a text that stands
 * under a condition may not be meant for the other file, or a text is not known (yet).
 */
export function privateCopies(context: RuleContext, helper: Helper, users: readonly HelperUser[]): Fix | undefined {
  const { path, name, before, after } = helper;
  const copy = copyName(context, name);
  const [old, now] = [textIn(context.textOf(path, 'before'), before), textIn(context.textOf(path, 'after'), after)];
  const texts = new Map(users.map((user) => [user.path, textOfUser(context, user.path)]));
  const isTaken = users.some(({ facts }) => functionNamed(facts, copy) !== undefined || facts.macros.some((macro) => macro.name === copy));
  if (old === undefined || now === undefined || users.length === 0 || isTaken || [...texts.values()].includes(undefined) || !isCopyable(context, helper, users)) return undefined;
  const edits = (): TextChange[] => {
    const nameAt = after.nameRange.start - after.range.start;
    const renamed = `${now.slice(0, nameAt)}${copy}${now.slice(nameAt + name.length)}`.trimEnd();
    const others = [...new Map(users.map((user) => [user.path, user.facts]))].filter(([file]) => file !== path);
    const isBeside = users.some((user) => user.path === path);
    return [
      { path, range: after.range, text: isBeside ? `${old.trimEnd()}\n${helper.kind === 'function' ? '\n' : ''}${renamed}${/\n$/.exec(now)?.[0] ?? ''}` : old },
      ...others.map(([file, facts]): TextChange => {
        const at = behindIncludesOf(facts);
        return { path: file, range: { start: at, end: at }, text: at === 0 ? `${renamed}\n\n` : `\n\n${renamed}` };
      }),
      ...users.flatMap((user) => usesIn(texts.get(user.path) ?? '', user.fact, name).map((start): TextChange => ({ path: user.path, range: { start, end: start + name.length }, text: copy }))),
    ];
  };
  return { edits };
}

function isCopyable({ knowledge }: RuleContext, { kind, path, name, after }: Helper, users: readonly HelperUser[]): boolean {
  const elsewhere = users.some((user) => user.path !== path);
  if (elsewhere && after.conditions.some((condition) => evaluateCondition(condition, (option) => knowledge.config(option)) !== true)) return false;
  // A copy stands behind the helper.
  if (users.some((user) => user.path === path && user.fact.range.start < after.range.end)) return false;
  if (kind === 'macro' || !('staticLocals' in after)) return true;
  return after.isStatic && after.definedBy === undefined && after.staticLocals.length === 0 && !after.calls.some((call) => call.name === name);
}

/** The text a file has now; undefined while it is being looked up. */
export function textOfUser({ versions, textOf, knowledge }: RuleContext, path: string): string | undefined {
  return versions.has(path) ? textOf(path, 'after') : knowledge.ask({ kind: 'text', path })?.text;
}

/** The file may have changed since its facts were read: then the name is not where they say. */
function textIn(text: string | undefined, { name, range, nameRange }: FunctionFact | MacroFact): string | undefined {
  return text?.startsWith(name, nameRange.start) === true ? text.slice(range.start, range.end) : undefined;
}

/** Where the name stands in a function's body, as that of no member; offsets in the file's text. */
export function usesIn(text: string, { name: owner, nameRange, bodyRange, definedBy }: FunctionFact, name: string): number[] {
  if (definedBy === undefined && !text.startsWith(owner, nameRange.start)) return [];
  const body = text.slice(bodyRange.start, bodyRange.end);
  const tokens = tokenize(body);
  const word = (index: number): string => body.slice(tokens.start[index], tokens.end[index]);
  return Array.from({ length: tokens.count }, (_, index) => index)
    .filter((index) => tokens.kind[index] === TokenKind.identifier && word(index) === name && !/^(\.|->)$/.test(word(index - 1)))
    .map((index) => bodyRange.start + (tokens.start[index] ?? 0));
}
