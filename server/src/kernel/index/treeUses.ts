/**
 * Who uses what in a tree as the user sees it at this moment: the stored index for files that are as they were when it was made, a scan on the
 * spot for those that are not, unsaved text included. While there is no index, the files that hold the word are scanned.
 */
import type { BlockReader } from '../../syntax/scan/block';
import { Space } from '../../syntax/scan/names';
import type { FileScan } from '../../syntax/scan/read';
import { NotAnIndexError } from './file';
import { SpotScanner, type SourceReader } from './spotScanner';
import type { StoredIndex } from './storedIndex';
import { callersOf, definitionsIn, inOrder, storedIn, usesIn, type CallerUse, type Definition, type Use } from './uses';

export interface CurrentIndex {
  readonly index: StoredIndex;
  /** Files that are no longer as they were when it was made, or that are new. */
  readonly changed: ReadonlySet<string>;
}

export interface IndexAccess {
  /** The stored index, undefined while none can be trusted. */
  current(): CurrentIndex | undefined;
  /** Told when the index turns out to be damaged; `current` is to give another one, or none, from then on. */
  damaged(): void;
  readonly files: SourceReader;
}

export interface UsePorts extends IndexAccess {
  /** Files whose text holds one of the words, unsaved text included. Rejects only when aborted. */
  candidates(words: readonly string[], signal?: AbortSignal): Promise<{ readonly files: readonly string[]; readonly incomplete?: string }>;
}

export interface Found<T> {
  /** By path and line. */
  readonly found: readonly T[];
  /** Why there may be more. */
  readonly incomplete?: string;
}

/** What is read of a block; `usesIn` and `definitionsIn` are. */
type Reading<T> = (block: BlockReader, id: number, path: string, nameOf: (id: number) => string) => Iterable<T>;

/** Files scanned before others may run: some 5 ms. */
const SLICE_FILES = 16;

export class TreeUses {
  readonly #scanner = new SpotScanner();

  constructor(private readonly ports: UsePorts) {}

  /** Every use of the names. Rejects only when aborted, as all below. */
  usesOf(names: readonly string[], space: Space = Space.ordinary, signal?: AbortSignal): Promise<Found<Use>> {
    return this.#find(names, space, usesIn, signal);
  }

  /** Where a function, a macro, a variable or (in the space of tags) a struct or union of this name is defined. */
  definitionsOf(name: string, space: Space = Space.ordinary, signal?: AbortSignal): Promise<Found<Definition>> {
    return this.definitionsOfAll([name], space, signal);
  }

  definitionsOfAll(names: readonly string[], space: Space = Space.ordinary, signal?: AbortSignal): Promise<Found<Definition>> {
    return this.#find(names, space, definitionsIn, signal);
  }

  /** The functions that call `name`, themselves or through macros. */
  async callersOf(name: string, signal?: AbortSignal): Promise<Found<CallerUse>> {
    let incomplete: string | undefined;
    const answer = await callersOf(name, async (names) => {
      const uses = await this.usesOf(names, Space.ordinary, signal);
      incomplete ??= uses.incomplete;
      return uses.found;
    });
    incomplete ??= answer.incomplete;
    return { found: answer.callers, ...(incomplete === undefined ? {} : { incomplete }) };
  }

  /** What a file defines, and what each definition uses; undefined when it cannot be read. */
  fileScan(path: string): FileScan | undefined {
    if (!this.ports.files.read(path)) return undefined;
    return this.#scanner.plain(this.ports.files);
  }

  async #find<T extends Definition>(names: readonly string[], space: Space, read: Reading<T>, signal: AbortSignal | undefined): Promise<Found<T>> {
    const current = this.ports.current();
    try {
      if (current !== undefined) {
        const stored: T[] = [];
        for (const [index, name] of names.entries()) {
          if (index > 0) await letOthersRun();
          signal?.throwIfAborted();
          // Replaced by a newer one meanwhile, and closed.
          if (this.ports.current()?.index !== current.index) return await this.#find(names, space, read, signal);
          for (const one of storedIn(current.index, name, space, read)) if (!current.changed.has(one.path)) stored.push(one);
        }
        return { found: inOrder([...stored, ...(await this.#scan(current.changed, names, space, read, signal))]) };
      }
    } catch (error) {
      if (!(error instanceof NotAnIndexError)) throw error;
      this.ports.damaged();
    }
    const { files, ...rest } = await this.ports.candidates(names, signal);
    return { found: inOrder(await this.#scan(files, names, space, read, signal)), ...rest };
  }

  async #scan<T>(paths: Iterable<string>, names: readonly string[], space: Space, read: Reading<T>, signal: AbortSignal | undefined): Promise<T[]> {
    const found: T[] = [];
    const needles = names.map((name) => Buffer.from(name));
    let files = 0;
    for (const path of paths) {
      if (++files % SLICE_FILES === 0) await letOthersRun();
      signal?.throwIfAborted();
      if (!this.ports.files.read(path) || !needles.some((needle) => holds(this.ports.files, needle))) continue;
      this.#scanner.scan(this.ports.files);
      for (const name of names) {
        const id = this.#scanner.find(name, space);
        if (id >= 0) found.push(...read(this.#scanner.block(), id, path, this.#scanner.nameOf));
      }
    }
    return found;
  }
}

function holds({ bytes, length }: SourceReader, word: Buffer): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, length).includes(word);
}

function letOthersRun(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
