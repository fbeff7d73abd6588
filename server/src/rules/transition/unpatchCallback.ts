/** Statements put into the post-unpatch callback of an edit, or into a new one at the end of the file. */
import { includeHelpers, TOOLS } from '../edited';
import type { TextChange } from '../finding';
import type { RuleContext } from '../rule';
import { callbacksOf } from './callbacks';

/**
 * @param name of the callback's function, if there has to be a new one
 * @param statements each ends with its semicolon
 * @returns nothing where the one callback an object may have stands in another file, or where the file is not C
 */
export function inPostUnpatch(context: RuleContext, path: string, name: string, statements: readonly string[]): TextChange[] {
  const text = context.textOf(path, 'after');
  if (text === undefined || !path.endsWith('.c') || statements.length === 0) return [];
  const present = callbacksOf(context).find(({ kind }) => kind === 'post_unpatch');
  const lines = statements.map((statement) => `\t${statement}\n`).join('');
  if (present !== undefined) {
    if (present.path !== path || present.fact === undefined) return [];
    const brace = present.fact.bodyRange.end - 1;
    return [{ path, range: { start: brace, end: brace }, text: lines }];
  }
  const { object, prefix } = TOOLS[context.profile];
  const callback = `static void ${name}(${object} *obj)\n{\n${lines}}\n${prefix}_POST_UNPATCH_CALLBACK(${name});\n`;
  return [...includeHelpers(context, path), { path, range: { start: text.length, end: text.length }, text: `${text.endsWith('\n') ? '' : '\n'}\n${callback}` }];
}
