/** The text of a function under a new name. */
import type { FunctionFact } from '../../syntax/facts';
import { usesIn } from '../privateCopy';

/** What keeps ftrace out of a function, or puts it into a section of its own kind: no business of a copy. */
const MARKERS = /\b(notrace|noinstr|inline|__inline|__inline__|__always_inline|__naked|__no_instrument_function__|__sched|__lockfunc|__kprobes|__cpuidle|__irq_entry|__irqentry_text|__softirq_entry|__entry_text|__ref|__weak)\b[ \t]*/g;

export type Linkage = 'static' | 'global';

/** A function's definition without what marks the original; where it calls itself, the copy does. `text` is its file's. */
export function asCopy(text: string, fact: FunctionFact, copy: string, linkage: Linkage): string {
  const { name, bodyRange } = fact;
  const uses = usesIn(text, fact, name);
  const pieces = [bodyRange.start, ...uses.map((at) => at + name.length)].map((start, index) => text.slice(start, uses[index] ?? bodyRange.end));
  return headOf(text, fact, copy, linkage) + pieces.join(copy);
}

/** A declaration of that copy, with its semicolon. */
export function declarationOf(text: string, fact: FunctionFact, copy: string, linkage: Linkage): string {
  return `${headOf(text, fact, copy, linkage).trimEnd().replace(/\s*\/\/[^\n]*$/, '')};`;
}

function headOf(text: string, { range, nameRange, bodyRange }: FunctionFact, copy: string, linkage: Linkage): string {
  const head = text.slice(range.start, nameRange.start).replace(/__(attribute__|section|noinstr_section)\s*\(+[^()]*(\([^()]*\)[^()]*)*\)+\s*/g, '').replace(MARKERS, '');
  const linked = linkage === 'global' ? head.replace(/\bstatic\b\s*/, '') : /\bstatic\b/.test(head) ? head : `static ${head}`;
  return linked + copy + text.slice(nameRange.end, bodyRange.start);
}
