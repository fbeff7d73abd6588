/**
 * Who uses what in a tree as the user sees it at this moment: the stored index for files that are as they were when it was made, a scan on the
 * spot for those that are not, unsaved text included. While there is no index, the files that hold the word are scanned.
 */
import { Space } from '../../syntax/scan/names';
import type { FileScan } from '../../syntax/scan/read';
import { letOthersRun } from '../letOthersRun';
import { NotAnIndexError } from './file';
import { placesOf, SpotScanner, type SourceReader } from './spotScanner';
import type { StoredIndex } from './storedIndex';
import { callersOf, isUnder, split, type CallerUse, type FoundUses } from './callers';
import { definitions, inOrder, stored, uses, type Definition, type Question, type Use } from './uses';

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
  /** Files (below a folder, given with its `/`) whose text holds one of the words, unsaved text included; it may name more. Rejects only when aborted. */
  candidates(words: readonly string[], signal?: AbortSignal, under?: string): Promise<{ readonly files: readonly string[]; readonly incomplete?: string }>;
}

export interface Found<T> {
  /** By path and line. */
  readonly found: readonly T[];
  /** Why there may be more. */
  readonly incomplete?: string;
}

/** Files scanned before others may run: some 5 ms. */
const SLICE_FILES = 16;

export class TreeUses {
  readonly #scanner = new SpotScanner();

  constructor(private readonly ports: UsePorts) {}

  /** Every use of the names. Rejects only when aborted, as all below. */
  usesOf(names: readonly string[], space: Space = Space.ordinary, signal?: AbortSignal): Promise<Found<Use>> {
    return this.#find(names, space, uses, signal);
  }

  /** Where a function, a macro, a variable or (in the space of tags) a struct or union of this name is defined. */
  definitionsOf(name: string, space: Space = Space.ordinary, signal?: AbortSignal): Promise<Found<Definition>> {
    return this.definitionsOfAll([name], space, signal);
  }

  definitionsOfAll(names: readonly string[], space: Space = Space.ordinary, signal?: AbortSignal): Promise<Found<Definition>> {
    return this.#find(names, space, definitions, signal);
  }

  /** The functions that call `name`, themselves or through macros. */
  async callersOf(name: string, signal?: AbortSignal): Promise<Found<CallerUse>> {
    const doubts: string[] = [];
    const { callers, incomplete } = await callersOf(name, (names, under) => {
      const hasIndex = this.ports.current() !== undefined;
      if (under.endsWith('.c') || (under.endsWith('.h') && !hasIndex)) return split(this.#scan([under], names, Space.ordinary, uses, signal));
      return !hasIndex ? this.#searched(names, under, doubts, signal) : split(this.#under(names, under, doubts, signal));
    });
    const doubt = doubts[0] ?? incomplete;
    return { found: callers, ...(doubt === undefined ? {} : { incomplete: doubt }) };
  }

  async #under(names: readonly string[], under: string, doubts: string[], signal: AbortSignal | undefined): Promise<readonly Use[]> {
    const { found, incomplete } = await this.#find(names, Space.ordinary, uses, signal, under);
    if (incomplete !== undefined) doubts.push(incomplete);
    return found;
  }

  /** Headers are scanned first: what they lead to is searched for while the other files are scanned. */
  #searched(names: readonly string[], under: string, doubts: string[], signal: AbortSignal | undefined): FoundUses {
    const search = this.ports.candidates(names, signal, under);
    const scan = async (kind: '.h' | '.c'): Promise<readonly Use[]> => {
      const { files, incomplete } = await search;
      if (incomplete !== undefined && kind === '.h') doubts.push(incomplete);
      return this.#scan(files.filter((path) => path.endsWith(kind) && isUnder(path, under)), names, Space.ordinary, uses, signal);
    };
    const inHeaders = scan('.h');
    return { inHeaders, inSources: inHeaders.then(() => scan('.c')) };
  }

  /** What a file defines, and what each definition uses; undefined when it cannot be read. */
  fileScan(path: string): FileScan | undefined {
    if (!this.ports.files.read(path)) return undefined;
    return this.#scanner.plain(this.ports.files);
  }

  async #find<T extends Definition>(names: readonly string[], space: Space, question: Question<T>, signal: AbortSignal | undefined, under = ''): Promise<Found<T>> {
    const current = this.ports.current();
    try {
      if (current !== undefined) {
        const kept: T[] = [];
        const wants = (path: string): boolean => isUnder(path, under) && !current.changed.has(path);
        for (const some of stored(current.index, names, space, question, wants)) {
          for (const one of some) kept.push(one);
          await letOthersRun();
          signal?.throwIfAborted();
          // Replaced by a newer one meanwhile, and closed.
          if (this.ports.current()?.index !== current.index) return await this.#find(names, space, question, signal, under);
        }
        return { found: inOrder([...kept, ...(await this.#scan([...current.changed].filter((path) => isUnder(path, under)), names, space, question, signal))]) };
      }
    } catch (error) {
      if (!(error instanceof NotAnIndexError)) throw error;
      this.ports.damaged();
    }
    const { files, ...rest } = await this.ports.candidates(names, signal, under);
    return { found: inOrder(await this.#scan(files.filter((path) => isUnder(path, under)), names, space, question, signal)), ...rest };
  }

  async #scan<T>(paths: Iterable<string>, names: readonly string[], space: Space, question: Question<T>, signal: AbortSignal | undefined): Promise<T[]> {
    const found: T[] = [];
    const needles = names.map((name) => Buffer.from(name));
    let files = 0;
    for (const path of paths) {
      if (++files % SLICE_FILES === 0) await letOthersRun();
      signal?.throwIfAborted();
      if (!this.ports.files.read(path)) continue;
      const places = placesOf(needles, this.ports.files);
      if (places.length === 0) continue;
      this.#scanner.scan(this.ports.files, places);
      for (const name of names) {
        const id = this.#scanner.find(name, space);
        if (id >= 0) found.push(...question.inBlock(this.#scanner.block(), id, path, this.#scanner.nameOf));
      }
    }
    return found;
  }
}
