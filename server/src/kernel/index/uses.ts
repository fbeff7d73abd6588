/** Who uses a name, function by function: from a stored index, or from files scanned on the spot. */
import { Tag, type BlockReader } from '../../syntax/scan/block';
import { Space } from '../../syntax/scan/names';
import type { StoredIndex, StoredSegment } from './storedIndex';
import { inOneList, type UseList } from './useListReader';
import { How } from './useLists';

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

/** Which files are asked about, by their paths: what stands elsewhere is not even read. */
export type Wants = (path: string) => boolean;

/** What is asked of a name, of a file that was scanned and of a segment that is stored; `uses` and `definitions` are. */
export interface Question<T> {
  inBlock(block: BlockReader, id: number, path: string, nameOf: (id: number) => string): Iterable<T>;
  /** Some at a time, for who must not be long about it. */
  inSegment(segment: StoredSegment, ids: readonly number[], wants: Wants): Iterable<readonly T[]>;
}

/** What uses a name, and how. */
export const uses: Question<Use> = {
  *inBlock(block, id, path, nameOf) {
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
  },

  inSegment(segment, ids, wants) {
    const names = new Map(ids.map((id) => [id, segment.name(id)]));
    return someAtATime(segment, ids, wants, (list, path) => {
      const how = HOW[list.how];
      if (how === undefined) return undefined;
      const of = names.get(list.id) ?? '';
      const { kind, name, line, lines, flags } = segment.item(list.item);
      const use: Use = { of, path, kind: KINDS[kind] ?? 'function', name, line, lines, flags, how };
      return list.how >= Tag.stored ? { ...use, to: segment.name(list.target) } : use;
    });
  },
};

const NO_FIGURES = { lines: 0, flags: 0 } as const;

/** Where something is defined, or a macro is called at file scope. */
export type Definition = Omit<Use, 'of' | 'how' | 'to'>;

/** Where a name is defined. */
export const definitions: Question<Definition> = {
  *inBlock(block, id, path, nameOf) {
    while (block.next()) {
      const isFunction = block.tag === Tag.function;
      if (block.tag in KINDS && block.name === id) yield { path, kind: KINDS[block.tag] ?? 'function', line: block.line, lines: isFunction ? block.lines : 0, flags: isFunction ? block.flags : 0, name: nameOf(id) };
    }
  },

  inSegment(segment, ids, wants) {
    return someAtATime(segment, ids, wants, (list, path) => {
      if (list.how !== How.own) return undefined;
      const { kind, name, line, lines, flags } = segment.item(list.item);
      return { path, kind: KINDS[kind] ?? 'function', line, lines, flags, name };
    });
  },
};

/** Entries of a list looked at before others may run: some 5 ms. */
const SLICE = 2048;

/** What `read` makes of some names' lists, in files that count and are asked about. */
function* someAtATime<T>(segment: StoredSegment, ids: readonly number[], wants: Wants, read: (list: UseList, path: string) => T | undefined): Generator<T[], void, undefined> {
  const list = inOneList(ids.map((id) => segment.uses(id)));
  let file = -1;
  let path: string | undefined;
  for (let isOver = false; !isOver;) {
    const found: T[] = [];
    for (let looked = 0; looked < SLICE; looked += 1) {
      isOver = !list.next();
      if (isOver) break;
      const itsFile = segment.fileOf(list.item, file);
      if (itsFile !== file) {
        file = itsFile;
        path = segment.isLive(file) ? segment.path(file) : undefined;
        if (path !== undefined && !wants(path)) path = undefined;
      }
      const one = path === undefined ? undefined : read(list, path);
      if (one !== undefined) found.push(one);
    }
    yield found;
  }
}

const ALL: Wants = () => true;

/** Every use of a name in the indexed files, by path and line. */
export function usesOf(index: StoredIndex, name: string, space: Space = Space.ordinary): Use[] {
  return inOrder(allStored(index, [name], space, uses));
}

/** What the indexed files tell of some names. */
export function allStored<T>(index: StoredIndex, names: readonly string[], space: Space, question: Question<T>, wants = ALL): T[] {
  return [...stored(index, names, space, question, wants)].flat();
}

/** The same, some at a time; names that are asked about together take one way through the files. */
export function* stored<T>(index: StoredIndex, names: readonly string[], space: Space, question: Question<T>, wants: Wants): Generator<readonly T[], void, undefined> {
  for (const segment of index.segments) {
    const ids = names.map((name) => segment.find(name, space)).filter((id) => id >= 0);
    if (ids.length > 0) yield* question.inSegment(segment, ids, wants);
  }
}

/** By path, then line. */
export function inOrder<D extends Definition>(found: D[]): D[] {
  return found.sort((one, other) => (one.path < other.path ? -1 : one.path > other.path ? 1 : one.line - other.line));
}
