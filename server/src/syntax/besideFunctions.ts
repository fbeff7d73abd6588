/** What a macro makes at file scope besides functions: the rest of its text. */
import { extractFacts } from './extract';
import type { MacroFact } from './facts';
import { templateOf } from './templates';

const known = new WeakMap<MacroFact, string>();

/** The macro's text without the functions it makes wholly, parameters as `$0$`, `$1$`, … */
export function besideFunctions(macro: MacroFact): string {
  const there = known.get(macro);
  if (there !== undefined) return there;
  const template = `${templateOf(macro)};`;
  let text = '';
  let from = 0;
  for (const { range } of extractFacts(template).functions) {
    text += template.slice(from, range.start);
    from = range.end;
  }
  text += template.slice(from);
  known.set(macro, text);
  return text;
}
