/** Integer constants of array bounds, bit-field widths, alignments and conditions, as the tree's macros and enums make them. */
import type { AttributeNames } from './attributes';
import { bitsPerLong, evaluateCondition, type ConditionNames } from './conditions';
import { POINTER } from './ctypes';
import { enumValues } from './enums';
import { expand, splitArguments } from './expansion';
import { evaluate } from './expression';
import type { LayoutTypes } from './layoutTypes';
import type { Measure, RecordLayout } from './placing';

/** Macros that stand for macros, and so on. */
const MAX_DEPTH = 24;

/** sizeof of what has a sizeof in it, and so on. */
const MAX_SIZEOF = 8;

type Known = ReadonlyMap<string, bigint>;

export class Constants {
  /** What is being worked out, one because of the other: `char pad[sizeof(struct x)]`, a macro that means itself. */
  private readonly sizing = new Set<string>();
  private readonly open = new Set<string>();

  /** Whether an `#if` condition holds: such conditions ask for macros as well. */
  readonly holds = (condition: string): boolean | undefined => evaluateCondition(condition, this.types.config, this.names);

  private readonly names: ConditionNames = {
    value: (name) => this.named(name, 0),
    isDefined: (name) => this.types.isDefined?.(name),
  };

  readonly ofAttributes: AttributeNames = {
    constant: (text) => this.value(text),
    macro: (attribute) => {
      const [, name = '', argument] = /^(\w+)\s*(?:\((.*)\))?$/s.exec(attribute) ?? [];
      if (name === '') return undefined;
      if (argument === undefined) return this.types.constant?.(name);
      const macro = this.types.macro?.(name);
      return macro === undefined ? undefined : expand(macro, argument);
    },
  };

  constructor(
    private readonly types: LayoutTypes,
    private readonly measure: (type: string) => Measure,
    private readonly layOut: (kind: 'struct' | 'union', name: string) => RecordLayout | undefined,
  ) {}

  /** @param known constants of the enum the expression stands in */
  value(text: string, known?: Known): bigint | undefined {
    return this.evaluate(text, 0, known);
  }

  private evaluate(text: string, depth: number, known?: Known): bigint | undefined {
    if (depth > MAX_DEPTH) return undefined;
    return evaluate(text, { identifier: (name) => known?.get(name) ?? this.named(name, depth), call: (name, argument) => this.called(name, argument, depth, known) });
  }

  private named(name: string, depth: number): bigint | undefined {
    const bits = bitsPerLong(name);
    if (bits !== undefined) return bits;
    const option = name.startsWith('CONFIG_') ? this.types.config?.(name) : undefined;
    if (option !== undefined && /^[\w-]+$/.test(option)) return option === 'y' ? 1n : this.evaluate(option, depth + 1);
    if (this.open.has(name)) return undefined;
    this.open.add(name);
    const body = this.types.constant?.(name);
    const value = body === undefined ? this.enumConstant(name) : this.evaluate(body, depth + 1);
    this.open.delete(name);
    return value;
  }

  private enumConstant(name: string): bigint | undefined {
    const fact = this.types.enumerationOf?.(name);
    return fact === undefined ? undefined : enumValues(fact, (text, known) => this.value(text, known), this.holds)?.get(name);
  }

  /** What the compiler itself knows, and what stands on it too deeply to be expanded; then the tree's macros. */
  private called(name: string, argument: string, depth: number, known?: Known): bigint | undefined {
    const inner = (text: string): bigint | undefined => this.evaluate(text, depth + 1, known);
    switch (name) {
      case 'sizeof':
        return this.sizeOf(argument);
      case '__alignof__':
      case '__alignof':
      case '_Alignof': {
        const align = /\*\s*$/.test(argument) ? POINTER.align : this.measure(argument.trim()).align;
        return align === undefined ? undefined : BigInt(align);
      }
      case 'offsetof':
      case 'sizeof_field':
      case 'FIELD_SIZEOF':
      case 'offsetofend':
        return this.ofMember(name, argument);
      // include/linux/log2.h: the compiler works these out for a constant.
      case 'ilog2':
      case 'order_base_2':
      case 'roundup_pow_of_two': {
        const value = inner(argument);
        if (value === undefined || value < 1n) return undefined;
        const log = BigInt((name === 'ilog2' ? value : value - 1n).toString(2).length) - (name === 'ilog2' || value === 1n ? 1n : 0n);
        return name === 'roundup_pow_of_two' ? 1n << log : log;
      }
      // include/linux/minmax.h
      case 'min':
      case 'max':
      case 'MIN':
      case 'MAX':
      case 'min_t':
      case 'max_t': {
        const [one, other] = splitArguments(argument).slice(name.endsWith('_t') ? 1 : 0).map(inner);
        if (one === undefined || other === undefined) return undefined;
        return one < other === name.toLowerCase().startsWith('min') ? one : other;
      }
      case '__ALIGN_KERNEL':
      case 'ALIGN': {
        const [value, unit] = splitArguments(argument).map(inner);
        return value === undefined || unit === undefined || unit <= 0n ? undefined : ((value + unit - 1n) / unit) * unit;
      }
      case 'BIT':
      case 'BIT_ULL':
        return inner(`1 << (${argument})`);
      case 'BITS_TO_LONGS':
        return inner(`((${argument}) + 63) / 64`);
      // include/uapi/linux/const.h: a number and its suffix.
      case '_AC':
      case '_AT':
        return inner(splitArguments(argument)[name === '_AC' ? 0 : 1] ?? '');
      case 'UL':
      case 'ULL':
      case '_UL':
      case '_ULL':
        return inner(argument);
      default: {
        const macro = this.types.macro?.(name);
        const text = macro === undefined ? undefined : expand(macro, argument);
        return text === undefined ? undefined : inner(text);
      }
    }
  }

  private sizeOf(argument: string): bigint | undefined {
    if (this.sizing.has(argument) || this.sizing.size === MAX_SIZEOF) return undefined;
    this.sizing.add(argument);
    const member = /^\( \( ((?:struct|union) \w+) \* \) (?:0|NULL) \) -> (\w+)$/.exec(argument);
    const size = member === null ? this.sizeOfType(argument.trim()) : this.ofMember('sizeof_field', `${member[1] ?? ''}, ${member[2] ?? ''}`);
    this.sizing.delete(argument);
    return size;
  }

  private sizeOfType(text: string): bigint | undefined {
    if (/\*\s*(const\s*)?$/.test(text)) return BigInt(POINTER.size);
    const [, type = text, bound] = /^(.*?)\s*\[(.*)\]$/.exec(text) ?? [];
    const { size } = this.measure(type);
    const count = bound === undefined ? 1n : this.value(bound);
    return size === undefined || count === undefined ? undefined : BigInt(size) * count;
  }

  private ofMember(what: string, argument: string): bigint | undefined {
    const [type = '', path = ''] = splitArguments(argument);
    const [, kind, name] = /^(struct|union)\s+(\w+)$/.exec(type) ?? [];
    if (kind === undefined || name === undefined || this.sizing.has(type)) return undefined;
    this.sizing.add(type);
    const field = this.layOut(kind === 'struct' ? 'struct' : 'union', name)?.fields.find((one) => one.path === path.replace(/\s/g, '') && one.bits === undefined);
    this.sizing.delete(type);
    const offset = what.startsWith('offsetof') ? field?.offset : 0;
    const size = what === 'offsetof' ? 0 : field?.size;
    return offset === undefined || size === undefined ? undefined : BigInt(offset + size);
  }
}
