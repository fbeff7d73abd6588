/**
 * Lays out structs and unions as gcc and clang do for x86-64 (System V ABI, section 3.1.2; bit-fields as described
 * under "Bit-Fields" there). What is not known makes what follows it unknown, with the reason: nothing is guessed.
 */
import type { FieldFact, RecordFact } from '../syntax/facts';
import { layoutAttributes } from './attributes';
import { KERNEL_RECORDS, KERNEL_TYPEDEFS, parseTypeName, POINTER } from './ctypes';
import { enumSize } from './enums';
import { Constants } from './layoutConstants';
import type { LayoutTypes } from './layoutTypes';
import type { Measure, RecordLayout } from './placing';
import { Placing } from './placing';

export type { LayoutTypes } from './layoutTypes';
export type { FieldLayout, Hole, RecordLayout } from './placing';

type Members = Pick<RecordFact, 'kind' | 'attributes' | 'fields' | 'passedOver'>;

/** A member that is a pointer, or its room in 64 bits: include/uapi/linux/bpf.h. */
const MACRO_POINTER = '__bpf_md_ptr(';

/** Typedefs that a macro makes, by the lock they are written under: include/linux/seqlock.h, SEQCOUNT_LOCKNAME() and __SEQ_LOCK(). */
const SEQCOUNT = /^seqcount_(raw_spinlock|spinlock|rwlock|mutex|ww_mutex)_t$/;
const NOWHERE = { start: 0, end: 0 };
const PLAIN = { range: NOWHERE, arrays: [], attributes: [] };
const SEQCOUNT_RECORD: Members = {
  kind: 'struct',
  attributes: [],
  fields: [
    { ...PLAIN, name: 'seqcount', type: 'seqcount_t', pointers: 0, conditions: [] },
    { ...PLAIN, name: 'lock', type: 'void', pointers: 1, conditions: ['defined(CONFIG_LOCKDEP) || defined(CONFIG_PREEMPT_RT)'] },
  ],
};

const RANDOMIZED = ['CONFIG_RANDSTRUCT', 'CONFIG_GCC_PLUGIN_RANDSTRUCT'];

/** Nested records deeper than this are a cycle in broken code. */
const MAX_DEPTH = 32;

export function layoutOf(record: Members, types: LayoutTypes): RecordLayout {
  return new LayoutEngine(types).layOut(record, 0);
}

class LayoutEngine {
  /** Records measured so far: they stand in one another, and what holds two of the next, 30 times over, would take hours. */
  private readonly measured = new Map<string, Measure | undefined>();
  private readonly constants: Constants;

  constructor(private readonly types: LayoutTypes) {
    this.constants = new Constants(types, (text) => this.measureType(text, 0), (kind, name) => this.layOutNamed(kind, name));
  }

  /**
   * @param passedOver some members of the record around this one were not read
   * @param outerPack the `#pragma pack` of the record around it
   */
  layOut(record: Members, depth: number, passedOver = record.passedOver === true, outerPack?: number): RecordLayout {
    const attributes = this.attributesOf(record.attributes);
    const placing = new Placing(record.kind, attributes.packed, attributes.pack ?? outerPack);
    if (attributes.unknown !== undefined) placing.lose(`what ${attributes.unknown} does to the layout is not known`, true);
    // Whole structs by their attribute, by what they hold, or from one member to another (scripts/gcc-plugins/randomize_layout_plugin.c).
    if (record.kind === 'struct' && RANDOMIZED.some((option) => this.types.config?.(option) === 'y')) placing.lose('the configuration has the members of structs shuffled', true);
    if (record.kind === 'union' && record.fields.length === 0) placing.lose('the members of a union could not be read', true);
    for (const field of record.fields) this.place(field, placing, depth, passedOver);
    return placing.finish(attributes.aligned ?? 1);
  }

  private place(field: FieldFact, placing: Placing, depth: number, passedOver: boolean): void {
    for (const condition of field.conditions) {
      const holds = this.constants.holds(condition);
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
      const width = this.constants.value(field.bits);
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
    const inner = field.record !== undefined && field.pointers === 0 ? this.layOut(field.record, depth + 1, passedOver, placing.pack) : undefined;
    const element = field.pointers > 0 ? POINTER : (inner ?? this.measureType(field.type, depth));
    const measure = this.measureArray(element, field.arrays);
    // Packing drops the type's own alignment; an alignment asked for stays.
    const own = attributes.packed || placing.packed ? 1 : measure.align;
    const offset = placing.add(field.name ?? '', measure, own === undefined ? undefined : Math.max(own, attributes.aligned ?? 1));
    if (inner !== undefined && field.arrays.length === 0) placing.addInner(field.name, inner, offset);
  }

  private attributesOf(attributes: readonly string[]): ReturnType<typeof layoutAttributes> {
    return layoutAttributes(attributes, this.constants.ofAttributes, this.types.config);
  }

  private measureArray(element: Measure, arrays: readonly string[]): Measure {
    let { size } = element;
    let unknown = element.unknown;
    for (const bound of arrays) {
      const count = bound.trim() === '' ? 0n : this.constants.value(bound);
      const isKnown = count !== undefined && count >= 0n && count <= 0x7fffffffn;
      if (!isKnown) unknown ??= `the array size ${bound} is not known`;
      size = isKnown && size !== undefined ? size * Number(count) : undefined;
    }
    return { size, align: element.align, unknown };
  }

  private measureType(text: string, depth: number): Measure {
    const type = parseTypeName(text);
    const unknown = { unknown: `the size of ${text} is not known` };
    if (text.startsWith(MACRO_POINTER)) return POINTER;
    if (type === undefined || depth > MAX_DEPTH) return unknown;
    switch (type.space) {
      case 'base':
        return type.size;
      case 'void':
        return unknown;
      case 'enum':
        return enumSize(this.types.enumeration?.(type.name), (constant, known) => this.constants.value(constant, known), this.constants.holds) ?? unknown;
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

  private layOutNamed(kind: 'struct' | 'union', name: string, depth = 0): RecordLayout | undefined {
    const fact = this.types.record?.(kind, name);
    return fact === undefined ? undefined : this.layOut(fact, depth + 1);
  }

  /** `#define sockaddr_storage __kernel_sockaddr_storage`: a name that is a macro for another. */
  private renamed(space: 'struct' | 'union' | 'typedef', name: string): string | undefined {
    if (this.types.isMissing?.(space, name) === false) return undefined;
    const body = this.types.constant?.(name);
    return body !== undefined && body !== name && /^[A-Za-z_][\w\s*]*$/.test(body) ? body : undefined;
  }

  private measureRecordAnew(kind: 'struct' | 'union', name: string, depth: number): Measure | undefined {
    const layout = this.layOutNamed(kind, name, depth);
    if (layout?.size !== undefined) return layout;
    const other = layout === undefined ? this.renamed(kind, name) : undefined;
    if (other !== undefined && depth < MAX_DEPTH) return this.measureType(`${kind} ${other}`, depth + 1);
    const known = kind === 'struct' ? KERNEL_RECORDS.get(name) : undefined;
    return known ?? (layout === undefined ? undefined : { align: layout.align, unknown: `the size of ${kind} ${name} is not known: ${layout.unknown ?? ''}` });
  }

  private measureTypedef(name: string, depth: number): Measure | undefined {
    const known = KERNEL_TYPEDEFS.get(name);
    if (known !== undefined) return known;
    // A macro writes them: no search of the tree finds their definition.
    if (SEQCOUNT.test(name)) return this.layOut(SEQCOUNT_RECORD, depth + 1);
    const fact = this.types.typedef?.(name);
    if (fact === undefined) {
      const other = this.renamed('typedef', name);
      return other === undefined ? undefined : other.endsWith('*') ? POINTER : this.measureType(other, depth + 1);
    }
    // A record or enum defined in the typedef itself has no other name than the typedef's.
    const type = /^(struct|union|enum)$/.test(fact.type) ? `${fact.type} ${name}` : fact.type;
    const measure = this.measureArray(fact.pointers > 0 ? POINTER : this.measureType(type, depth + 1), fact.arrays);
    const { aligned, unknown } = this.attributesOf(fact.attributes);
    if (unknown !== undefined) return { unknown: `what ${unknown} does to ${name} is not known` };
    return aligned === undefined ? measure : { ...measure, align: aligned };
  }
}
