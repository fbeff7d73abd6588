/** What at a function's head keeps ftrace out of it, or puts its text among others'. */
import type { FunctionFact } from '../../syntax/facts';
import { isBefore } from './kernelVersion';

const untraced: ReadonlySet<string> = new Set(['notrace', 'noinstr', '__naked', '__no_instrument_function__', 'no_instrument_function']);

export const isUntracedWord = (word: string): boolean => untraced.has(word);

/** The attribute that keeps ftrace out, as written; `__cpuidle` does since 6.3 (include/linux/cpu.h: a mere section before). */
export function untracedMarker({ attributes }: FunctionFact, kernelVersion: string | undefined): string | undefined {
  const own = attributes.find((attribute) => untraced.has(attribute) || /patchable_function_entry\(0\b|^__noinstr_section\(/.test(attribute));
  if (own !== undefined) return own.includes('patchable_function_entry(0') ? 'patchable_function_entry(0)' : own;
  return attributes.includes('__cpuidle') && !isBefore(kernelVersion, 6, 3) ? '__cpuidle' : undefined;
}

const sections: ReadonlySet<string> = new Set(['__sched', '__lockfunc', '__kprobes', '__cpuidle', 'noinstr', '__irq_entry', '__irqentry_text', '__softirq_entry', '__entry_text', '__ref']);

/** The macro or attribute that puts a function's text into a section shared with others. */
export function textSection({ attributes }: FunctionFact): string | undefined {
  return attributes.find((attribute) => sections.has(attribute) || /^__(noinstr_)?section\(/.test(attribute) || /^__attribute__\(\(.*section\(/.test(attribute));
}
