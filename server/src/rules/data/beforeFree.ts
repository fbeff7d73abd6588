import type { FunctionFact } from '../../syntax/facts';
import { bodyTokens } from '../body';
import type { TextChange } from '../finding';
import type { RuleContext } from '../rule';
import type { FreeCall } from './memberAccess';

/** A statement put before a call that frees an object; where the call is all an `if` holds, with braces around both. */
export function beforeFree(context: RuleContext, path: string, fact: FunctionFact, { index, start }: FreeCall, statement: string): TextChange {
  const tokens = bodyTokens(context, path, 'after', fact);
  const text = context.textOf(path, 'after') ?? '';
  const indent = /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', start) + 1, start))?.[0] ?? '\t';
  const isAlone = !/^[;{}:]$/.test(tokens[index - 1]?.text ?? '{');
  if (!isAlone) return { path, range: { start, end: start }, text: `${statement}\n${indent}` };
  const semicolon = tokens.slice(index).find((token) => token.text === ';')?.at ?? start;
  return { path, range: { start, end: semicolon + 1 }, text: `{\n${indent}\t${statement}\n${indent}\t${text.slice(start, semicolon + 1)}\n${indent}}` };
}
