/** What a variable's declaration says of the object: where it lies, whether it can be written, what kind of thing it is. */
import type { VariableFact } from '../../syntax/facts';

/** A table or struct with several values, by its initializer. */
export const isTable = (fact: { readonly initializer?: string }): boolean => (fact.initializer ?? '').startsWith('{');

/** `DEFINE_PER_CPU(…)` and its kin, and the declarations to them. */
export const isPerCpu = (fact: VariableFact): boolean => (fact.definedBy ?? '').includes('_PER_CPU');

/** A static key (include/linux/jump_label.h), by its definer or its type. */
export const isStaticKey = (fact: VariableFact): boolean => (fact.definedBy ?? '').startsWith('DEFINE_STATIC_KEY') || /^(const )?struct static_key(_true|_false|_deferred)?\b/.test(fact.type);

/**
 * Whether the object itself is const: `const int x`, `char *const x`, and not `const char *x`, which is a pointer that may be written.
 * @param text of the file the fact is of
 */
export function isConst(fact: VariableFact, text: string | undefined): boolean {
  if (text === undefined) return /\bconst\b/.test(fact.type) && !fact.type.includes('*');
  const head = text.slice(fact.range.start, fact.nameRange.start);
  return /\bconst\b/.test(head.slice(head.lastIndexOf('*') + 1));
}

/** Why nothing can write the object once the kernel is up; undefined when something can. */
export function readOnlyWhy(fact: VariableFact, text: string | undefined): string | undefined {
  if (fact.attributes.includes('__ro_after_init') || (fact.definedBy ?? '').endsWith('_RO')) return '__ro_after_init';
  return isConst(fact, text) ? 'const' : undefined;
}

/** Section macros of data: include/linux/{cache,init,linkage,percpu-defs,compiler_attributes}.h. */
const SECTION = /^(__read_mostly|__ro_after_init|__initdata|__initconst|__exitdata|__refdata|__refconst|__net_init(data|const)|__meminit(data|const)|__section\b.*|__page_aligned_(data|bss)|_{2,4}cacheline_aligned_in_smp|__cacheline_aligned|__nosavedata|__bss_decrypted|__attribute__.*\bsection\b.*|.*__section__.*)/s;

/** The attributes that put an object into a section of another kind, as written, in order. */
export const sectionAttributes = (attributes: readonly string[]): string[] => attributes.filter((attribute) => SECTION.test(attribute));

/** Whether its memory is given back once booting is over (include/linux/init.h). */
export const isFreed = (attributes: readonly string[]): boolean => attributes.some((attribute) => /^__(init|exit|net_init|meminit)(data|const)\b|"\.init\./.test(attribute));

const ALIGNMENT = /^(__aligned\b.*|_{2,4}cacheline_(internodealigned|aligned)(_in_smp)?|__attribute__.*\baligned\b.*)/s;

/** The attributes that decide its alignment, as written. */
export const alignmentAttributes = (attributes: readonly string[]): string[] => attributes.filter((attribute) => ALIGNMENT.test(attribute));

/** The words of a type, without what makes no other object of it. */
export const plainType = (type: string): string => type.replace(/\b(const|volatile|static|extern|register)\b/g, ' ').replace(/\s+/g, ' ').replace(/ ?([*[\]]) ?/g, '$1').trim();
