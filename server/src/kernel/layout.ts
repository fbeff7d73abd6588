/**
 * Lays out structs and unions as gcc and clang do for x86-64 (System V ABI, section 3.1.2; bit-fields as described
 * under "Bit-Fields" there). What is not known makes what follows it unknown, with the reason: nothing is guessed.
 */
import type { EnumFact, FieldFact, RecordFact, TypedefFact } from '../syntax/facts';
import { layoutAttributes } from './attributes';
import type { ConfigLookup } from './conditions';
import { evaluateCondition } from './conditions';
import { KERNEL_RECORDS, KERNEL_TYPEDEFS, parseTypeName, POINTER } from './ctypes';
import { enumSize } from './enums';
import { evaluate } from './expression';
import type { Measure, RecordLayout } from './placing';
import { Placing } from './placing';

export type { FieldLayout, Hole, RecordLayout } from './placing';

/** What a layout needs to know about the rest of the tree; whatever it does not know it answers with undefined. */
export interface LayoutTypes {
  readonly record?: (kind: 'struct' | 'union', name: string) => RecordFact | undefined;
  readonly enumeration?: (name: string) => EnumFact | undefined;
  readonly typedef?: (name: string) => TypedefFact | undefined;
  /** Replacement text of a macro, or the value of an enum constant. */
  readonly constant?: (name: string) => string | undefined;
  readonly config?: ConfigLookup;
}

type Members = Pick<RecordFact, 'kind' | 'attributes' | 'fields' | 'passedOver'>;

/** Nested records deeper than this are a cycle in broken code. */
const MAX_DEPTH = 32;

/** sizeof of what has a sizeof in it, and so on. */
const MAX_SIZEOF = 8;

export function layoutOf(record: Members, types: LayoutTypes): RecordLayout {
  return new LayoutEngine(types).layOut(record, 0);
}

class LayoutEngine {
  /** Records measured so far: they stand in one another, and what holds two of the next, 30 times over, would take hours. */
  private readonly measured = new Map<string, Measure | undefined>();
  /** Operands of the sizeof that are being measured, one because of the other: `char pad[sizeof(struct x)]`. */
  private readonly sizing = new Set<string>();

  constructor(private readonly types: LayoutTypes) {}

  /** @param passedOver some members of the record around this one were not read */
  layOut(record: Members, depth: number, passedOver = record.passedOver === true): RecordLayout {
    const attributes = this.attributesOf(record.attributes);
    const placing = new Placing(record.kind, attributes.packed);
    if (attributes.unknown !== undefined) placing.lose(`what ${attributes.unknown} does to the layout is not known`, true);
    if (record.kind === 'union' && record.fields.length === 0) placing.lose('the members of a union could not be read', true);
    for (const field of record.fields) this.place(field, placing, depth, passedOver);
    return placing.finish(attributes.aligned ?? 1);
  }

  private place(field: FieldFact, placing: Placing, depth: number, passedOver: boolean): void {
    for (const condition of field.conditions) {
      const holds = evaluateCondition(condition, this.types.config);
      if (holds === true) continue;
      if (holds === undefined) placing.lose(`whether ${condition} holds is not known`, true);
      else if (passedOver) placing.lose(`what stands in the #else of ${condition} is not known`, true);
      if (holds === undefined) placing.add(field.name ?? '', {}, undefined);
      return;
    }
    // What stands behind the brace of a record defined in place is told for both, and belongs to the record.
    const attributes = this.attributesOf(field.attributes.filter((attribute) => field.record?.attributes.includes(attribute) !== true));
    if (attributes.unknown !== undefined) placing.lose(`what ${attributes.unknown} does to ${field.name ?? 'a member'} is not known`, true);
    if (field.bits !== undefined) {
      const width = this.constant(field.bits);
      const type = this.measureType(field.type, depth);
      const isKnown = width !== undefined && type.size !== undefined && attributes.aligned === undefined;
      if (isKnown) placing.addBits(field.name ?? '', Number(width), type.size, attributes.packed);
      else placing.add(field.name ?? '', { unknown: type.unknown ?? `the bit-field ${field.name ?? ''} could not be read` }, undefined);
      return;
    }
    if ((field.name ?? '') === '' && field.record === undefined) {
      placing.lose(`a member of type ${field.type} has no name and could not be read`, true);
      return;
    }
    const inner = field.record !== undefined && field.pointers === 0 ? this.layOut(field.record, depth + 1, passedOver) : undefined;
    const element = field.pointers > 0 ? POINTER : (inner ?? this.measureType(field.type, depth));
    const measure = this.measureArray(element, field.arrays);
    // Packing drops the type's own alignment; an alignment asked for stays.
    const own = attributes.packed || placing.packed ? 1 : measure.align;
    const offset = placing.add(field.name ?? '', measure, own === undefined ? undefined : Math.max(own, attributes.aligned ?? 1));
    if (inner !== undefined && field.arrays.length === 0) placing.addInner(field.name, inner, offset);
  }

  private attributesOf(attributes: readonly string[]): ReturnType<typeof layoutAttributes> {
    return layoutAttributes(attributes, (text) => this.constant(text), this.types.config);
  }

  private measureArray(element: Measure, arrays: readonly string[]): Measure {
    let { size } = element;
    let unknown = element.unknown;
    for (const bound of arrays) {
      const count = bound.trim() === '' ? 0n : this.constant(bound);
      const isKnown = count !== undefined && count >= 0n && count <= 0x7fffffffn;
      if (!isKnown) unknown ??= `the array size ${bound} is not known`;
      size = isKnown && size !== undefined ? size * Number(count) : undefined;
    }
    return { size, align: element.align, unknown };
  }

  private measureType(text: string, depth: number): Measure {
    const type = parseTypeName(text);
    const unknown = { unknown: `the size of ${text} is not known` };
    if (type === undefined || depth > MAX_DEPTH) return unknown;
    switch (type.space) {
      case 'base':
        return type.size;
      case 'void':
        return unknown;
      case 'enum':
        return enumSize(this.types.enumeration?.(type.name), (constant, known) => this.constant(constant, 0, known)) ?? unknown;
      case 'struct':
      case 'union':
        return this.measureRecord(type.space, type.name, depth) ?? unknown;
      case 'typedef':
        return this.measureTypedef(type.name, depth) ?? unknown;
    }
  }

  private measureRecord(kind: 'struct' | 'union', name: string, depth: number): Measure | undefined {
    const key = `${kind} ${name}`;
    if (!this.measured.has(key)) {
      this.measured.set(key, { unknown: `the size of ${key} is not known: it contains itself` });
      this.measured.set(key, this.measureRecordAnew(kind, name, depth));
    }
    return this.measured.get(key);
  }

  private measureRecordAnew(kind: 'struct' | 'union', name: string, depth: number): Measure | undefined {
    const fact = this.types.record?.(kind, name);
    const layout = fact === undefined ? undefined : this.layOut(fact, depth + 1);
    if (layout?.size !== undefined) return layout;
    const known = kind === 'struct' ? KERNEL_RECORDS.get(name) : undefined;
    return known ?? (layout === undefined ? undefined : { align: layout.align, unknown: `the size of ${kind} ${name} is not known: ${layout.unknown ?? ''}` });
  }

  private measureTypedef(name: string, depth: number): Measure | undefined {
    const known = KERNEL_TYPEDEFS.get(name);
    if (known !== undefined) return known;
    const fact = this.types.typedef?.(name);
    if (fact === undefined) return undefined;
    const measure = this.measureArray(fact.pointers > 0 ? POINTER : this.measureType(fact.type, depth + 1), fact.arrays);
    const { aligned, unknown } = this.attributesOf(fact.attributes);
    if (unknown !== undefined) return { unknown: `what ${unknown} does to ${name} is not known` };
    return aligned === undefined ? measure : { ...measure, align: aligned };
  }

  /** An integer constant expression; macros are followed, with a bound on how far. */
  private constant(text: string, depth = 0, local?: ReadonlyMap<string, bigint>): bigint | undefined {
    if (depth > 8) return undefined;
    const inner = (argument: string): bigint | undefined => this.constant(argument, depth + 1, local);
    return evaluate(text, {
      identifier: (name) => {
        const body = this.types.constant?.(name);
        const option = name.startsWith('CONFIG_') ? this.types.config?.(name) : undefined;
        return local?.get(name) ?? (body !== undefined ? inner(body) : option !== undefined && /^\w+$/.test(option) ? inner(option) : name === 'BITS_PER_LONG' ? 64n : undefined);
      },
      call: (name, argument) => {
        if (name === 'sizeof') return this.sizeOf(argument);
        if (name === 'BIT' || name === 'BIT_ULL') return inner(`1 << (${argument})`);
        if (name === 'BITS_TO_LONGS') return inner(`((${argument}) + 63) / 64`);
        return undefined;
      },
    });
  }

  private sizeOf(argument: string): bigint | undefined {
    const pointer = /\*\s*(const\s*)?$/.test(argument.trim());
    if (this.sizing.has(argument) || this.sizing.size === MAX_SIZEOF) return undefined;
    this.sizing.add(argument);
    const { size } = pointer ? POINTER : this.measureType(argument, 0);
    this.sizing.delete(argument);
    return size === undefined ? undefined : BigInt(size);
  }
}
