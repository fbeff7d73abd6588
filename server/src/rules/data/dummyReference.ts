/** A static local that a function no longer uses, kept with a reference the compiler cannot drop. */
import type { FunctionFact, StaticLocalFact } from '../../syntax/facts';
import type { Fix } from '../finding';
import type { RuleContext } from '../rule';

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
      const reference = `asm volatile("" : : "r" (&${local.name}));`;
      // Behind the brace stand declarations: a block of its own may come before them.
      const start = owner.bodyRange.start + 1;
      if (twin === undefined) return [{ path, range: { start, end: start }, text: `\n\t{\n\t\t${alone(declaration, local)}\n\n\t\t${reference} /* as before: kpatch-build looks for it */\n\t}` }];
      const end = owner.range.start + twin.range.end;
      const after = behindDeclarations(text, end, owner.bodyRange.end);
      return [{ path, range: { start: after, end: after }, text: `\n\t${reference} /* as before: kpatch-build looks for it */` }];
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

/** The kernel's style has an empty line behind a block's declarations; without one the end of the line will do. */
function behindDeclarations(text: string, from: number, to: number): number {
  const rest = text.slice(from, to);
  const block = rest.slice(0, /[{}]/.exec(rest)?.index ?? rest.length);
  const blank = /\n[ \t]*\n/.exec(block)?.index;
  const line = /\n/.exec(rest)?.index ?? 0;
  return from + (blank === undefined ? line : blank + 1);
}
