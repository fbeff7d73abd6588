/** Changes of the edit's text that several ways out are made of. */
import type { FunctionFact } from '../../syntax/facts';
import type { TextChange } from '../finding';
import type { RuleContext } from '../rule';

/** Includes a header behind the last include that stands under no condition, at the top where there is none; nothing when it is included already. */
export function addInclude(context: RuleContext, path: string, header: string): TextChange[] {
  const includes = context.versions.get(path)?.after?.includes ?? [];
  if (includes.some((include) => include.path === header.slice(1, -1))) return [];
  const last = includes.filter((include) => include.conditions.length === 0).at(-1);
  const at = last?.range.end ?? 0;
  return [{ path, range: { start: at, end: at }, text: last === undefined ? `#include ${header}\n\n` : `\n#include ${header}` }];
}

/** Replaces the first of `words` in a function's header; nothing when the function is not part of the edit's text or has none of them. */
export function replaceWord(context: RuleContext, path: string, fact: FunctionFact, words: RegExp, replacement: string): TextChange[] {
  if (context.versions.get(path)?.after?.functions.includes(fact) !== true) return [];
  const header = (context.textOf(path, 'after') ?? '').slice(fact.range.start, fact.bodyRange.start);
  const match = words.exec(header);
  if (match === null) return [];
  const start = fact.range.start + match.index;
  return [{ path, range: { start, end: start + match[0].length }, text: replacement }];
}
