/** Changes of the edit's text that several ways out are made of. */
import type { FunctionFact } from '../../syntax/facts';
import type { TextChange } from '../finding';
import type { RuleContext } from '../rule';

/** Replaces the first of `words` in a function's header; nothing when the function is not part of the edit's text or has none of them. */
export function replaceWord(context: RuleContext, path: string, fact: FunctionFact, words: RegExp, replacement: string): TextChange[] {
  if (context.versions.get(path)?.after?.functions.includes(fact) !== true) return [];
  const header = (context.textOf(path, 'after') ?? '').slice(fact.range.start, fact.bodyRange.start);
  const match = words.exec(header);
  if (match === null) return [];
  const start = fact.range.start + match.index;
  return [{ path, range: { start, end: start + match[0].length }, text: replacement }];
}
