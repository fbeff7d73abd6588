/**
 * Reads what gcc made of one C file: the machine code of each function and the contents of each variable,
 * written so that two compilations can be compared. An ELF64 little-endian relocatable object goes in
 * (System V ABI, AMD64 supplement); section numbers, string offsets and clone numbers do not come out.
 */

export interface FunctionCode {
  /** Equal for equal machine code: bytes, and what each relocation points at by name or content. */
  readonly fingerprint: string;
  /** Begins with a call of __fentry__, so that ftrace, and so a live patch, can redirect it. */
  readonly traceable: boolean;
  readonly section: string;
}

export interface VariableData {
  readonly fingerprint: string;
  readonly bytes: Buffer;
}

export interface ObjectFile {
  readonly functions: ReadonlyMap<string, FunctionCode>;
  readonly variables: ReadonlyMap<string, VariableData>;
}

interface Relocation {
  readonly at: number;
  readonly type: number;
  readonly symbol: ElfSymbol;
  readonly addend: number;
}

interface Section {
  readonly name: string;
  readonly flags: number;
  readonly bytes: Buffer;
  readonly relocations: Relocation[];
}

interface ElfSymbol {
  readonly name: string;
  readonly type: number;
  readonly section: number;
  readonly value: number;
  readonly size: number;
}

const SHT_RELA = 4;
const SHT_SYMTAB = 2;
const SHT_NOBITS = 8;
const SHF_STRINGS = 0x20;
const STT_OBJECT = 1;
const STT_FUNC = 2;
const STT_SECTION = 3;
const R_X86_64_PC32 = 2;
const R_X86_64_PLT32 = 4;

/** The function that a clone or a split-off part belongs to: `f.constprop.0` and `f.cold` are parts of `f`. */
export function withoutCloneSuffix(name: string): string {
  return name.replace(/(\.(constprop|isra|part|cold)(\.\d+)?)+$/, '');
}

/** Static locals are numbered in the order gcc met them (`next_id.3`), and so is what __UNIQUE_ID() makes: the number says nothing. */
function stableName(name: string): string {
  return withoutCloneSuffix(name).replace(/\.\d+$/, '.N').replace(/^(__UNIQUE_ID_\w*?)\d+(?=\.N$|$)/, '$1N');
}

/** module_init() and module_exit() give a module's function a second name. */
const MODULE_ALIASES: ReadonlySet<string> = new Set(['init_module', 'cleanup_module']);

/** Reads an object file. Throws when `file` is not what gcc -c writes on x86-64. */
export function readObjectFile(file: Buffer): ObjectFile {
  if (file.readUInt32BE(0) !== 0x7f454c46 || file[4] !== 2) throw new Error('not an ELF64 object file');
  const { sections, symbols } = readTables(file);
  const functions = new Map<string, FunctionCode>();
  const variables = new Map<string, VariableData>();

  for (const symbol of [...symbols].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const section = sections[symbol.section];
    if (!section || symbol.size === 0 || (MODULE_ALIASES.has(symbol.name) && symbols.some((other) => isAlias(symbol, other)))) continue;
    const text = describe(symbol, section, sections, symbols);
    if (symbol.type === STT_FUNC) {
      const name = withoutCloneSuffix(symbol.name);
      const other = functions.get(name);
      functions.set(name, {
        fingerprint: (other ? `${other.fingerprint}\n` : '') + text,
        traceable: (other?.traceable ?? false) || text.includes('=__fentry__'),
        section: other?.section ?? section.name,
      });
    } else if (symbol.type === STT_OBJECT) {
      const bytes = section.bytes.subarray(symbol.value, symbol.value + symbol.size);
      const name = stableName(symbol.name);
      const other = variables.get(name);
      variables.set(name, { fingerprint: (other ? `${other.fingerprint}\n` : '') + text, bytes });
    }
  }
  return { functions, variables };
}

const isAlias = (one: ElfSymbol, other: ElfSymbol): boolean => one !== other && one.type === other.type && one.section === other.section && one.value === other.value && one.size === other.size;

function readTables(file: Buffer): { sections: Section[]; symbols: ElfSymbol[] } {
  const u64 = (at: number): number => Number(file.readBigUInt64LE(at));
  const start = u64(0x28);
  const headers = Array.from({ length: file.readUInt16LE(0x3c) }, (_, i) => {
    const at = start + i * 64;
    return {
      name: file.readUInt32LE(at), type: file.readUInt32LE(at + 4), flags: u64(at + 8), offset: u64(at + 24),
      size: u64(at + 32), link: file.readUInt32LE(at + 40), info: file.readUInt32LE(at + 44),
    };
  });
  const contents = headers.map((h) =>
    h.type === SHT_NOBITS ? Buffer.alloc(h.size) : file.subarray(h.offset, h.offset + h.size));
  const names = contents[file.readUInt16LE(0x3e)] ?? Buffer.alloc(0);
  const sections = headers.map((h, i): Section => ({
    name: textAt(names, h.name), flags: h.flags, bytes: contents[i] ?? Buffer.alloc(0), relocations: [],
  }));

  const table = headers.findIndex((h) => h.type === SHT_SYMTAB);
  const strings = contents[headers[table]?.link ?? -1] ?? Buffer.alloc(0);
  const symbols: ElfSymbol[] = [];
  for (let raw = contents[table] ?? Buffer.alloc(0); raw.length >= 24; raw = raw.subarray(24)) {
    symbols.push({
      name: textAt(strings, raw.readUInt32LE(0)), type: raw.readUInt8(4) & 15, section: raw.readUInt16LE(6),
      value: Number(raw.readBigUInt64LE(8)), size: Number(raw.readBigUInt64LE(16)),
    });
  }
  headers.forEach((h, i) => {
    if (h.type !== SHT_RELA) return;
    for (let raw = contents[i] ?? Buffer.alloc(0); raw.length >= 24; raw = raw.subarray(24)) {
      const symbol = symbols[raw.readUInt32LE(12)];
      if (!symbol) throw new Error('relocation against a missing symbol');
      sections[h.info]?.relocations.push({
        at: Number(raw.readBigUInt64LE(0)), type: raw.readUInt32LE(8), symbol, addend: Number(raw.readBigInt64LE(16)),
      });
    }
  });
  return { sections, symbols };
}

function textAt(bytes: Buffer, at: number): string {
  return bytes.toString('latin1', at, bytes.indexOf(0, at));
}

/** The bytes of a symbol and, at each relocation, what it means. */
function describe(symbol: ElfSymbol, section: Section, sections: Section[], symbols: ElfSymbol[]): string {
  const end = symbol.value + symbol.size;
  const targets = section.relocations
    .filter((r) => r.at >= symbol.value && r.at < end)
    .map((r) => `${r.at - symbol.value}:${r.type}=${target(r, sections, symbols)}`);
  return [stableName(symbol.name), section.bytes.toString('hex', symbol.value, end), ...targets].join(' ');
}

/** gcc's own constants for vector registers (`.LC27`) are numbered: their content stands for them. */
function constantAt(symbol: ElfSymbol, sections: Section[]): string | undefined {
  const section = /^\.LC\d+$/.test(symbol.name) ? sections[symbol.section] : undefined;
  const size = Number(/\.cst(\d+)$/.exec(section?.name ?? '')?.[1] ?? 0);
  return section === undefined || size === 0 ? undefined : section.bytes.toString('hex', symbol.value, symbol.value + size);
}

/**
 * What a relocation points at. The assembler turns local symbols into section + offset, which would move
 * with every other string or function of the section: turned back into a name, or into the string itself.
 */
function target(r: Relocation, sections: Section[], symbols: ElfSymbol[]): string {
  const constant = constantAt(r.symbol, sections);
  if (constant !== undefined) return `${constant}+${r.addend}`;
  if (r.symbol.type !== STT_SECTION) return `${stableName(r.symbol.name)}+${r.addend}`;
  const section = sections[r.symbol.section];
  if (!section) throw new Error('relocation against a missing section');
  // The CPU counts from the end of the 4-byte field, so the assembler took 4 off.
  const offset = r.addend + (r.type === R_X86_64_PC32 || r.type === R_X86_64_PLT32 ? 4 : 0);
  if (section.flags & SHF_STRINGS) return JSON.stringify(textAt(section.bytes, offset));
  const inside = symbols.filter((s) => s.section === r.symbol.section && (s.type === STT_FUNC || s.type === STT_OBJECT));
  const found = inside.find((s) => offset >= s.value && offset < s.value + s.size) ?? (inside.length === 1 ? inside[0] : undefined);
  if (found) return `${stableName(found.name)}+${r.addend - found.value}`;
  // Jump tables and constants have no symbol: their content stands for them.
  const inner = section.relocations.map((x) => `${x.at}:${x.type}=${stableName(x.symbol.name)}+${x.addend}`);
  return `${section.bytes.toString('hex')}[${inner.join(' ')}]+${r.addend}`;
}
