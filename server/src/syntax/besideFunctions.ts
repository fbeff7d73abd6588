/** What a macro makes at file scope: functions wholly, and besides them the rest of its text. */
import { extractFacts } from './extract';
import type { MacroFact } from './facts';
import { templateOf } from './templates';

interface Parts {
  readonly functions: number;
  readonly beside: string;
}

const known = new WeakMap<MacroFact, Parts>();

/** The macro's text without the functions it makes wholly, parameters as `$0$`, `$1$`, … */
export const besideFunctions = (macro: MacroFact): string => partsOf(macro).beside;

/** How many functions it makes wholly. */
export const functionsMade = (macro: MacroFact): number => partsOf(macro).functions;

function partsOf(macro: MacroFact): Parts {
  const there = known.get(macro);
  if (there !== undefined) return there;
  const template = `${templateOf(macro)};`;
  const { functions } = extractFacts(template);
  let beside = '';
  let from = 0;
  for (const { range } of functions) {
    beside += template.slice(from, range.start);
    from = range.end;
  }
  const parts = { functions: functions.length, beside: beside + template.slice(from) };
  known.set(macro, parts);
  return parts;
}
