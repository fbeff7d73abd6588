/** A static local that a function no longer uses, kept with a reference the compiler cannot drop. */
import type { FunctionFact, StaticLocalFact } from '../../syntax/facts';
import { bodyTokens } from '../body';
import type { Fix } from '../finding';
import type { RuleContext } from '../rule';
import { behindDeclarations } from './firstStatement';

/**
 * The address goes into a register and nowhere else: no value is read, whatever the type, and the object keeps its relocation (held against gcc by a test).
 * @param twin the variable in the edit, where it is still declared
 * @param declaration as the baseline has it
 */
export function dummyReference(path: string, owner: FunctionFact, local: StaticLocalFact, twin: StaticLocalFact | undefined, declaration: string, context: RuleContext): Fix {
  return {
    edits() {
      const text = context.textOf(path, 'after');
      if (text === undefined) return [];
      const reference = `asm volatile("" : : "r" (&${local.name})); /* as before: kpatch-build looks for it */`;
      const start = owner.bodyRange.start + 1;
      const at = behindDeclarations(bodyTokens(context, path, 'after', owner), text, twin === undefined ? start : owner.range.start + twin.range.end);
      const gap = at === start ? '\n' : '\n\n';
      return [{ path, range: { start: at, end: at }, text: gap + (twin === undefined ? `\t{\n\t\t${alone(declaration, local)}\n\n\t\t${reference}\n\t}` : `\t${reference}`) }];
    },
  };
}

/** Of `static int a, *b;` the declaration of one. */
function alone(declaration: string, local: StaticLocalFact): string {
  const isSingle = !declaration.replace(/[([{][^\0]*?[)\]}]|"[^"]*"/g, '').includes(',');
  if (isSingle) return /;\s*$/.test(declaration) ? declaration : `${declaration};`;
  const initializer = local.initializer === undefined ? '' : ` = ${local.initializer}`;
  const [, words = '', stars = '', bounds = ''] = /^([^*[]*)([*\s]*)(.*)$/s.exec(local.type) ?? [];
  return `static ${words.trim()} ${stars.trim()}${local.name}${bounds}${initializer};`;
}
