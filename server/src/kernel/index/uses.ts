/** Who uses a name, function by function: from a stored index, or from files scanned on the spot. */
import { Tag, type BlockReader } from '../../syntax/scan/block';
import { Space } from '../../syntax/scan/names';
import type { StoredIndex } from './storedIndex';

/** A definition, and one way in which it uses a name. */
export interface Use {
  /** The name that is used. */
  readonly of: string;
  /** Relative to the tree. */
  readonly path: string;
  /** `registration`: a macro call at file scope; its name is the macro's. */
  readonly kind: 'function' | 'record' | 'macro' | 'variable' | 'registration';
  readonly name: string;
  /** Of the definition's name, from 0. */
  readonly line: number;
  /** Of a function: line ends between its name and its closing brace; else 0. */
  readonly lines: number;
  /** `Flag` bits of a function. */
  readonly flags: number;
  readonly how: 'call' | 'mention' | 'type' | 'embed' | 'stored' | 'passed';
  /** Of `stored` the field, of `passed` the function it is passed to. */
  readonly to?: string;
}

const KINDS = ['function', 'record', 'macro', 'variable', 'registration'] as const;
const HOW: Readonly<Record<number, Use['how']>> = { [Tag.call]: 'call', [Tag.mention]: 'mention', [Tag.type]: 'type', [Tag.embed]: 'embed', [Tag.stored]: 'stored', [Tag.passed]: 'passed' };

/** What in a block uses the name `id`. */
export function* usesIn(block: BlockReader, id: number, path: string, nameOf: (id: number) => string): Generator<Use> {
  // Plain numbers: a block has a hundred items for each use that is asked for.
  let kind = 0;
  let name = 0;
  let line = 0;
  let lines = 0;
  let flags = 0;
  while (block.next()) {
    if (block.tag <= Tag.registration) {
      kind = block.tag;
      ({ name, line } = block);
      ({ lines, flags } = kind === Tag.function ? block : NO_FIGURES);
    } else if (block.name === id) {
      yield { of: nameOf(id), path, kind: KINDS[kind] ?? 'function', name: nameOf(name), line, lines, flags, how: HOW[block.tag] ?? 'mention', ...(block.tag >= Tag.stored ? { to: nameOf(block.line) } : {}) };
    }
  }
}

const NO_FIGURES = { lines: 0, flags: 0 } as const;

/** Where something is defined, or a macro is called at file scope. */
export type Definition = Omit<Use, 'of' | 'how' | 'to'>;

/** The definitions of the name `id` in a block. */
export function* definitionsIn(block: BlockReader, id: number, path: string, nameOf: (id: number) => string): Generator<Definition> {
  while (block.next()) if (block.tag in KINDS && block.name === id) yield { path, ...itemOf(block), name: nameOf(id) };
}

function itemOf(block: BlockReader): { kind: Use['kind']; name: number; line: number; lines: number; flags: number } {
  const isFunction = block.tag === Tag.function;
  return { kind: KINDS[block.tag] ?? 'function', name: block.name, line: block.line, lines: isFunction ? block.lines : 0, flags: isFunction ? block.flags : 0 };
}

/** Every use of a name in the indexed files, by path and line. */
export function usesOf(index: StoredIndex, name: string, space: Space = Space.ordinary): Use[] {
  return inOrder(storedIn(index, name, space, usesIn));
}

/** What `read` (`usesIn`, `definitionsIn`) finds of a name in the indexed files. */
export function storedIn<T>(index: StoredIndex, name: string, space: Space, read: (block: BlockReader, id: number, path: string, nameOf: (id: number) => string) => Iterable<T>): T[] {
  return [...storedByFile(index, name, space, read)].flat();
}

/** The same, file by file, for who must not be long about it. */
export function* storedByFile<T>(index: StoredIndex, name: string, space: Space, read: (block: BlockReader, id: number, path: string, nameOf: (id: number) => string) => Iterable<T>): Generator<T[]> {
  for (const segment of index.segments) {
    const id = segment.find(name, space);
    if (id < 0) continue;
    for (const file of segment.filesOf(id)) yield [...read(segment.block(file), id, segment.path(file), (other) => segment.name(other))];
  }
}

/** By path, then line. */
export function inOrder<D extends Definition>(uses: D[]): D[] {
  return uses.sort((one, other) => (one.path < other.path ? -1 : one.path > other.path ? 1 : one.line - other.line));
}
