/** A file's block as plain data: for questions about one file, and for tests. Who asks many files reads their blocks with `BlockReader`. */
import { BlockReader, Tag } from './block';
import { Space, type Names } from './names';

export interface FileScan {
  readonly functions: readonly FunctionScan[];
  readonly records: readonly RecordScan[];
  readonly macros: readonly ItemScan[];
  readonly variables: readonly ItemScan[];
  /** Macro calls at file scope, by the macro's name. */
  readonly registrations: readonly ItemScan[];
}

/** A definition, and what it uses: each name once for each way, in order. */
export interface ItemScan {
  readonly name: string;
  /** Of the name, counted from 0. */
  readonly line: number;
  readonly calls: readonly string[];
  readonly mentions: readonly string[];
  /** Tags of structs, unions and enums. */
  readonly types: readonly string[];
  /** Functions that are stored in a field. */
  readonly stored: readonly { readonly name: string; readonly field: string }[];
  /** Functions that are given to one that will call them later. */
  readonly passed: readonly { readonly name: string; readonly to: string }[];
}

export interface FunctionScan extends ItemScan {
  /** Line ends between its name and its closing brace. */
  readonly lines: number;
  /** Bits of `Flag`. */
  readonly flags: number;
  readonly bodyTokens: number;
}

/** A struct's or union's name: its tag, or a typedef's name. */
export interface RecordName {
  readonly name: string;
  readonly isTag: boolean;
}

export interface RecordScan extends RecordName {
  readonly line: number;
  readonly embeds: readonly RecordName[];
}

type Growing<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

/** @param names what numbered the block's names */
export function readBlock(bytes: Uint8Array, names: Pick<Names, 'text' | 'space'>): FileScan {
  const file: Growing<FileScan> = { functions: [], records: [], macros: [], variables: [], registrations: [] };
  const nameOf = (id: number): RecordName => ({ name: names.text(id), isTag: names.space(id) === Space.tag });
  const block = new BlockReader(bytes, 0, bytes.length);
  let item = itemOf('', 0);
  let embeds: RecordName[] = [];
  while (block.next()) {
    const name = names.text(block.name);
    switch (block.tag) {
      case Tag.record:
        embeds = [];
        file.records.push({ ...nameOf(block.name), line: block.line, embeds });
        break;
      case Tag.embed:
        embeds.push(nameOf(block.name));
        break;
      case Tag.function: {
        const { lines, flags, bodyTokens } = block;
        const made = { ...itemOf(name, block.line), lines, flags, bodyTokens };
        file.functions.push(made);
        item = made;
        break;
      }
      case Tag.macro:
      case Tag.variable:
      case Tag.registration:
        item = itemOf(name, block.line);
        (block.tag === Tag.macro ? file.macros : block.tag === Tag.variable ? file.variables : file.registrations).push(item);
        break;
      case Tag.call:
        item.calls.push(name);
        break;
      case Tag.mention:
        item.mentions.push(name);
        break;
      case Tag.type:
        item.types.push(name);
        break;
      case Tag.stored:
        item.stored.push({ name, field: names.text(block.line) });
        break;
      case Tag.passed:
        item.passed.push({ name, to: names.text(block.line) });
        break;
    }
  }
  return file;
}

const itemOf = (name: string, line: number): Growing<ItemScan> => ({ name, line, calls: [], mentions: [], types: [], stored: [], passed: [] });
