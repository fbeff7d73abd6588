/** Where the members of one record go, one after the other: the arithmetic of the layout rules. */

export interface RecordLayout {
  /** Bytes; undefined when a member's size or presence is not known. */
  readonly size?: number;
  /** Bytes. */
  readonly align?: number;
  /** In order; members of records defined in place follow them, those of anonymous ones under their own names. */
  readonly fields: readonly FieldLayout[];
  /** Whole bytes between members that hold nothing. */
  readonly holes: readonly Hole[];
  /** Why size, alignment or an offset is not known; the first reason. */
  readonly unknown?: string;
}

export interface FieldLayout {
  /** `name`, or `outer.name` in a record defined in place; '' for an anonymous record and for padding bits. */
  readonly path: string;
  /** Bytes from the start of the outermost record; for a bit-field the byte that holds its first bit. */
  readonly offset?: number;
  /** Bytes; for a bit-field those of its type. */
  readonly size?: number;
  /** First bit within that byte, 0 to 7; bit-fields only. */
  readonly bitOffset?: number;
  /** Width; bit-fields only. */
  readonly bits?: number;
}

export interface Hole {
  readonly offset: number;
  readonly size: number;
  readonly isTail: boolean;
}

/** A size that may not be known. */
export interface Measure {
  readonly size?: number | undefined;
  readonly align?: number | undefined;
  readonly unknown?: string | undefined;
}

/** Members going to their places one after the other. */
export class Placing {
  private readonly fields: FieldLayout[] = [];
  private readonly holes: Hole[] = [];
  /** The first free bit; undefined once it is not known. */
  private position: number | undefined = 0;
  private end: number | undefined = 0;
  private align: number | undefined = 1;
  private unknown: string | undefined;

  constructor(
    private readonly kind: 'struct' | 'union',
    readonly packed: boolean,
    /** `#pragma pack(n)`: the most a member is aligned to, in bytes. */
    readonly pack?: number,
  ) {}

  /** From here on nothing is known; `align` says whether the alignment is lost with it. */
  lose(reason: string, align: boolean): void {
    this.unknown ??= reason;
    // Every member of a union starts at 0, whatever the others are.
    if (this.kind === 'struct') this.position = undefined;
    this.end = undefined;
    if (align) this.align = undefined;
  }

  /** Adds a member that is no bit-field and gives its offset. */
  add(path: string, measure: Measure, asked: number | undefined): number | undefined {
    const align = asked === undefined || this.pack === undefined ? asked : Math.min(asked, this.pack);
    this.raise(align);
    const start = this.position === undefined ? undefined : Math.ceil(this.position / 8);
    const offset = start === 0 ? 0 : start === undefined || align === undefined ? undefined : roundUp(start, align);
    if (start !== undefined && offset !== undefined && offset > start) this.holes.push({ offset: start, size: offset - start, isTail: false });
    this.fields.push({ path, ...(offset === undefined ? {} : { offset }), ...(measure.size === undefined ? {} : { size: measure.size }) });
    if (offset === undefined || measure.size === undefined) this.lose(measure.unknown ?? 'the offset of an earlier member is not known', false);
    else this.advance((offset + measure.size) * 8);
    return offset;
  }

  /** A bit-field never crosses a unit of its type unless packed, or under `#pragma pack` of any size; one of width 0 moves to the next unit. */
  addBits(path: string, width: number, typeSize: number, isPacked: boolean): void {
    const unit = typeSize * 8;
    const packed = this.packed || isPacked;
    // With a pragma in force gcc does not ask for the attribute here (stor-layout.cc, update_alignment_for_field()).
    if (path !== '' && width > 0) this.raise(packed && this.pack === undefined ? 1 : Math.min(typeSize, this.pack ?? typeSize));
    if (this.position === undefined) {
      this.fields.push({ path, size: typeSize, bits: width });
      return;
    }
    let at = this.position;
    if (width === 0 || (!packed && this.pack === undefined && (at % unit) + width > unit)) at = roundUp(at, unit);
    if (width > 0) this.fields.push({ path, offset: Math.floor(at / 8), size: typeSize, bitOffset: at % 8, bits: width });
    const skipped = { offset: Math.ceil(this.position / 8), size: Math.floor(at / 8) - Math.ceil(this.position / 8), isTail: false };
    if (skipped.size > 0 && width > 0) this.holes.push(skipped);
    this.advance(at + width);
  }

  /** The members of a record defined in place. */
  addInner(name: string | undefined, inner: RecordLayout, offset: number | undefined): void {
    const prefix = name === undefined || name === '' ? '' : `${name}.`;
    for (const field of inner.fields) {
      const { offset: own, ...rest } = field;
      if (field.path !== '') this.fields.push({ ...rest, path: prefix + field.path, ...(own === undefined || offset === undefined ? {} : { offset: own + offset }) });
    }
    for (const hole of inner.holes) if (offset !== undefined) this.holes.push({ offset: hole.offset + offset, size: hole.size, isTail: false });
    this.unknown ??= inner.unknown;
  }

  finish(aligned: number): RecordLayout {
    const align = this.align === undefined ? undefined : Math.max(this.align, aligned);
    const bytes = this.end === undefined ? undefined : Math.ceil(this.end / 8);
    const size = bytes === undefined || align === undefined ? undefined : roundUp(bytes, align);
    const tail = size === undefined || bytes === undefined || size === bytes ? [] : [{ offset: bytes, size: size - bytes, isTail: true }];
    return {
      ...(size === undefined ? {} : { size }),
      ...(align === undefined ? {} : { align }),
      fields: this.fields,
      holes: [...this.holes, ...tail].sort((a, b) => a.offset - b.offset),
      ...(this.unknown === undefined ? {} : { unknown: this.unknown }),
    };
  }

  private raise(align: number | undefined): void {
    this.align = align === undefined || this.align === undefined ? undefined : Math.max(this.align, align);
  }

  private advance(bits: number): void {
    if (this.end !== undefined) this.end = Math.max(this.end, bits);
    if (this.kind === 'struct') this.position = bits;
  }
}

function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}
