/** What a declaration's attributes do to its layout. */
import type { ConfigLookup } from './conditions';

export interface LayoutAttributes {
  readonly packed: boolean;
  /** Bytes; of several the last, as gcc has it. */
  readonly aligned?: number;
  /** `#pragma pack(n)`: no member is aligned to more bytes. */
  readonly pack?: number;
  /** An attribute whose effect is not known. */
  readonly unknown?: string;
}

/** x86-64: X86_L1_CACHE_SHIFT is 6 for every processor choice of 64-bit (arch/x86/Kconfig.cpu). */
const CACHE_LINE = 64;

/** `__attribute__((aligned))` without a number: the largest of the target, 16 bytes on x86-64 (gcc manual). */
const LARGEST = 16;

/** Macros of compiler_attributes.h, compiler_types.h, cache.h and init.h that leave the layout alone. */
const WITHOUT_EFFECT =
  /^(__)?(const|volatile|rcu|user|iomem|percpu|kernel|force|bitwise|private|maybe_unused|always_unused|unused|used|deprecated|must_check|designated_init|no_randomize_layout|may_alias|init|initdata|read_mostly|ro_after_init|nonstring|counted_by|counted_by_le|counted_by_be|guarded_by|pt_guarded_by|cacheline_group|visible|weak|noreturn|cold|section|extension|malloc|transparent_union|printf|format|scanf|nosanitize|no_sanitize)(__|_t)?(\s*\(.*\))?$/s;

/** What attributes ask of the tree. */
export interface AttributeNames {
  readonly constant: (text: string) => bigint | undefined;
  /** What an attribute macro stands for, with its arguments where it is called; undefined for none. */
  readonly macro: (attribute: string) => string | undefined;
}

/** Macros over macros over attributes. */
const MAX_MACROS = 8;

export function layoutAttributes(attributes: readonly string[], names: AttributeNames, config: ConfigLookup | undefined): LayoutAttributes {
  let packed = false;
  let aligned: number | undefined;
  let pack: number | undefined;
  let unknown: string | undefined;
  const read = (attribute: string, depth: number): void => {
    const effect = effectOf(attribute, names.constant, config);
    const packing = /^#pragma pack\((\d+)\)$/.exec(attribute)?.[1];
    if (packing !== undefined) pack = Number(packing);
    else if (effect === 'packed') packed = true;
    else if (typeof effect === 'number') aligned = effect;
    else if (effect === 'unknown') {
      const meant = depth < MAX_MACROS ? names.macro(attribute) : undefined;
      if (meant === undefined) unknown ??= attribute;
      else for (const part of wordsOf(meant).flatMap(partsOf)) read(part, depth + 1);
    }
  };
  for (const attribute of attributes.flatMap(partsOf)) read(attribute, 0);
  return { packed, ...(aligned === undefined ? {} : { aligned }), ...(pack === undefined ? {} : { pack }), ...(unknown === undefined ? {} : { unknown }) };
}

/** `__aligned(8) __packed` → `__aligned(8)`, `__packed`. */
function wordsOf(text: string): string[] {
  const words: string[] = [];
  let depth = 0;
  for (const part of text.split(/(\s+|[()])/)) {
    if (part.trim() === '' && depth === 0) continue;
    const continues = depth > 0 || (part === '(' && words.length > 0);
    if (part === '(') depth += 1;
    else if (part === ')') depth -= 1;
    if (continues) words.push(`${words.pop() ?? ''}${part}`);
    else words.push(part);
  }
  return words;
}

/** `__attribute__((packed, aligned(4)))` → `packed`, `aligned(4)`; anything else is itself. */
function partsOf(attribute: string): string[] {
  const list = /^__attribute(?:__)?\s*\(\s*\((.*)\)\s*\)$/s.exec(attribute.trim())?.[1];
  if (list === undefined) return [attribute.trim()];
  const parts: string[] = [];
  let part = '';
  let depth = 0;
  for (const character of `${list},`) {
    if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    if (character === ',' && depth === 0) {
      parts.push(part.trim());
      part = '';
    } else part += character;
  }
  return parts.filter((one) => one !== '');
}

function effectOf(attribute: string, constant: (text: string) => bigint | undefined, config: ConfigLookup | undefined): 'packed' | 'none' | 'unknown' | number {
  if (/^(__)?packed(__)?$/.test(attribute)) return 'packed';
  if (/^(__)?aligned(__)?$/.test(attribute) || attribute === '__aligned_largest') return LARGEST;
  const alignment = /^(?:__)?(?:aligned|_Alignas)(?:__)?\s*\((.*)\)$/s.exec(attribute)?.[1];
  if (alignment !== undefined) {
    const value = constant(alignment);
    return value !== undefined && value > 0n && value <= 65536n && (value & (value - 1n)) === 0n ? Number(value) : 'unknown';
  }
  switch (attribute) {
    case '____cacheline_aligned':
    case '__cacheline_aligned':
      return CACHE_LINE;
    case '____cacheline_aligned_in_smp':
    case '__cacheline_aligned_in_smp':
      return inSmp(config, CACHE_LINE);
    case '____cacheline_internodealigned_in_smp':
      // INTERNODE_CACHE_SHIFT is 12 with CONFIG_X86_VSMP (arch/x86/Kconfig.cpu).
      if (config === undefined) return 'unknown';
      return inSmp(config, config('CONFIG_X86_VSMP') === 'y' ? 4096 : CACHE_LINE);
    case '__randomize_layout':
      return config !== undefined && (config('CONFIG_RANDSTRUCT') ?? 'n') === 'n' && (config('CONFIG_GCC_PLUGIN_RANDSTRUCT') ?? 'n') === 'n' ? 'none' : 'unknown';
    default:
      return WITHOUT_EFFECT.test(attribute) ? 'none' : 'unknown';
  }
}

function inSmp(config: ConfigLookup | undefined, size: number): number | 'none' | 'unknown' {
  const smp = config?.('CONFIG_SMP');
  return smp === undefined ? 'unknown' : smp === 'y' ? size : 'none';
}
