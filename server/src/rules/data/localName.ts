/** A static local under another name, in the whole of its function. */
import type { FunctionFact, StaticLocalFact } from '../../syntax/facts';
import { TokenKind } from '../../syntax/tokens';
import { bodyTokens } from '../body';
import { copyName } from '../edited';
import type { Fix, TextChange } from '../finding';
import type { RuleContext } from '../rule';
import { dummyReference } from './dummyReference';
import { ownText } from './staticLocals';
import { isWord } from './variableUses';

/** Undefined where the function has something else of the one name or the other, or a directive names it. */
export function renamedLocal(context: RuleContext, path: string, owner: FunctionFact, local: StaticLocalFact, to: string): TextChange[] | undefined {
  const { name } = local;
  const tokens = bodyTokens(context, path, 'after', owner);
  const [isOld, isNew] = [isWord(name), isWord(to)];
  const isOther = (at: number): boolean => /^(\.|->|struct|union|enum|goto)$/.test(tokens[at - 1]?.text ?? '');
  const declared = tokens.filter((token, at) => token.text === name && !isOther(at) && tokens[at - 1]?.kind === TokenKind.identifier && !/^(return|else|case|sizeof|do|typeof)$/.test(tokens[at - 1]?.text ?? ''));
  if (isOld.test(owner.signature) || isNew.test(owner.signature) || owner.staticLocals.filter((one) => one.name === name).length !== 1 || declared.some((token) => token.at !== owner.range.start + local.nameRange.start)) return undefined;
  if (tokens.some((token, at) => (token.text === to && !isOther(at)) || (token.kind === TokenKind.directive && (isOld.test(token.text) || isNew.test(token.text))))) return undefined;
  return tokens.flatMap((token, at): TextChange[] => (token.text !== name || isOther(at) ? [] : [{ path, range: { start: token.at, end: token.at + name.length }, text: to }]));
}

/** The fix for a changed static local: the edit's gets a name of its own, and the baseline's stays, with a reference that kpatch-build finds it by. */
export function besideLocal(context: RuleContext, path: string, functions: { readonly before: FunctionFact; readonly after: FunctionFact }, local: { readonly before: StaticLocalFact; readonly after: StaticLocalFact }): { readonly fix?: Fix } {
  const to = copyName(context, local.after.name);
  const renamed = renamedLocal(context, path, functions.after, local.after, to);
  if (renamed === undefined) return {};
  const kept = dummyReference(path, functions.after, local.before, undefined, ownText(functions.before, local.before, context.textOf(path, 'before')), context);
  return { fix: { edits: () => [...kept.edits(), ...renamed] } };
}
