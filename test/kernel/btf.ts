/** Reads the structs of a kernel's type information (Documentation/bpf/btf.rst): of the section .BTF of a vmlinux. */

export interface BtfStruct {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Members as the layout engine names them: those of nameless records under their own names, or behind the member's. */
  readonly members: readonly { readonly path: string; readonly bit: number }[];
}

interface BtfType {
  readonly kind: number;
  readonly name: string;
  readonly sizeOrType: number;
  readonly members: readonly { readonly name: string; readonly type: number; readonly bit: number }[];
}

const [STRUCT, UNION] = [4, 5];

/** Words of 32 bits behind a type, for each kind: fixed ones, and ones for each member. */
const TRAILING: Readonly<Record<number, readonly [number, number]>> = { 1: [1, 0], 3: [3, 0], 4: [0, 3], 5: [0, 3], 6: [0, 2], 13: [0, 2], 14: [1, 0], 15: [0, 3], 17: [1, 0], 19: [0, 3] };

export function structsOf(vmlinux: Buffer): BtfStruct[] {
  const types = readTypes(btfSection(vmlinux));
  const named = types.filter((type) => type.kind === STRUCT && type.name !== '');
  return named.map((type) => ({ name: type.name, size: type.sizeOrType, members: membersOf(type, types, '', 0) }));
}

function membersOf(type: BtfType, types: readonly BtfType[], prefix: string, base: number): { path: string; bit: number }[] {
  return type.members.flatMap(({ name, type: index, bit }) => {
    const inner = types[index];
    const own = name === '' ? [] : [{ path: prefix + name, bit: base + bit }];
    const isInPlace = inner !== undefined && (inner.kind === STRUCT || inner.kind === UNION) && inner.name === '';
    return isInPlace ? [...own, ...membersOf(inner, types, name === '' ? prefix : `${prefix}${name}.`, base + bit)] : own;
  });
}

function readTypes(btf: Buffer): BtfType[] {
  const header = btf.readUInt32LE(4);
  const [typeStart, typeLength, stringStart] = [8, 12, 16].map((at) => btf.readUInt32LE(at)) as [number, number, number];
  const text = (offset: number): string => {
    const start = header + stringStart + offset;
    return btf.toString('latin1', start, btf.indexOf(0, start));
  };
  // Type 0 is void.
  const types: BtfType[] = [{ kind: 0, name: '', sizeOrType: 0, members: [] }];
  for (let at = header + typeStart; at < header + typeStart + typeLength; ) {
    const info = btf.readUInt32LE(at + 4);
    const [kind, count, hasBits] = [(info >>> 24) & 0x1f, info & 0xffff, info >>> 31 === 1];
    const [fixed, each] = TRAILING[kind] ?? [0, 0];
    const first = at + 12;
    const members = kind !== STRUCT && kind !== UNION ? [] : Array.from({ length: count }, (_, index) => {
      const place = btf.readUInt32LE(first + index * 12 + 8);
      return { name: text(btf.readUInt32LE(first + index * 12)), type: btf.readUInt32LE(first + index * 12 + 4), bit: hasBits ? place & 0xffffff : place };
    });
    types.push({ kind, name: text(btf.readUInt32LE(at)), sizeOrType: btf.readUInt32LE(at + 8), members });
    at = first + 4 * (fixed + each * count);
  }
  return types;
}

/** The section .BTF of a 64-bit ELF file, or the bytes themselves when they are BTF already (/sys/kernel/btf/vmlinux). */
function btfSection(bytes: Buffer): Buffer {
  if (bytes.readUInt16LE(0) === 0xeb9f) return bytes;
  const [table, entry, count, names] = [Number(bytes.readBigUInt64LE(0x28)), bytes.readUInt16LE(0x3a), bytes.readUInt16LE(0x3c), bytes.readUInt16LE(0x3e)];
  const section = (index: number): { name: number; offset: number; size: number } => {
    const at = table + index * entry;
    return { name: bytes.readUInt32LE(at), offset: Number(bytes.readBigUInt64LE(at + 0x18)), size: Number(bytes.readBigUInt64LE(at + 0x20)) };
  };
  const strings = section(names).offset;
  for (let index = 0; index < count; index += 1) {
    const { name, offset, size } = section(index);
    if (bytes.toString('latin1', strings + name, strings + name + 5) === '.BTF\0') return bytes.subarray(offset, offset + size);
  }
  throw new Error('no section .BTF');
}
