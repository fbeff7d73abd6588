/** Facts of the tree's files, kept for the most recently used ones. */
import type { FileFacts } from '../syntax/facts';
import type { SourceFile } from './knowledge';
import { letOthersRun } from './letOthersRun';
import type { Tree } from './tree';

/**
 * Text to facts, as the syntax room does it.
 *
 * @param about words that are asked about: of definitions that hold none of them, nothing need be told
 */
export type ReadFacts = (path: string, text: string, about?: readonly string[]) => FileFacts;

/** What was read of a file: all of it, or what holds some words. */
interface Reading {
  readonly facts: FileFacts;
  readonly about: ReadonlySet<string> | undefined;
}

/** Facts take some 200 bytes a line. */
const MOST_LINES = 300_000;

export class ReadFiles {
  /** By file, the most recently used last. */
  readonly #readings = new Map<string, readonly Reading[]>();
  #lines = 0;

  /** @param most files that are read for one answer */
  constructor(
    private readonly tree: Tree,
    private readonly read: ReadFacts,
    private readonly most: number,
  ) {}

  /**
   * Facts of files that hold a word, up to the limit. Lets other work run between files. Rejects only when aborted.
   *
   * @param about what else than these words' definitions the facts tell does not count
   */
  async factsOfAll(paths: readonly string[], word: string, signal?: AbortSignal, about?: readonly string[]): Promise<{ read: SourceFile[]; incomplete?: string }> {
    const read: SourceFile[] = [];
    const failed: string[] = [];
    for (const path of paths.slice(0, this.most)) {
      signal?.throwIfAborted();
      try {
        const facts = await this.factsOf(path, about);
        if (facts !== undefined) read.push({ path, facts });
        else failed.push(this.tree.faultOf(path) ?? `${path} is gone`);
      } catch (error) {
        failed.push(`${path} could not be read: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    if (paths.length > this.most) failed.push(`${paths.length} files hold ${word}, and only ${this.most} of them were read`);
    return { read, ...(failed.length > 0 ? { incomplete: failed.join('; ') } : {}) };
  }

  /** Facts of one file, or undefined when there is no such file. Rejects when it cannot be read. */
  async factsOf(path: string, about?: readonly string[]): Promise<FileFacts | undefined> {
    const readings = this.#readings.get(path) ?? [];
    const known = readings.find((reading) => reading.about === undefined || about?.every((word) => reading.about?.has(word)));
    if (known !== undefined) {
      this.#keep(path, readings);
      return known.facts;
    }
    const text = await this.tree.text(path);
    if (text === undefined) return undefined;
    await letOthersRun();
    const facts = this.read(path, text, about);
    this.#keep(path, about === undefined ? [{ facts, about }] : [...readings, { facts, about: new Set(about) }]);
    return facts;
  }

  /** Reads what a file tells of all the words at once: asking for each finds it then. What cannot be read is told to who asks. Never rejects. */
  async readAhead(path: string, about: readonly string[]): Promise<void> {
    const isKnown = (word: string): boolean => (this.#readings.get(path) ?? []).some((reading) => reading.about?.has(word) !== false);
    try {
      await this.factsOf(path, about.filter((word) => !isKnown(word)));
    } catch {
      // Told by `factsOf` again.
    }
  }

  /** Forgets these files; all without them. */
  invalidate(paths: readonly string[] = [...this.#readings.keys()]): void {
    for (const path of paths) this.#forget(path);
  }

  #keep(path: string, readings: readonly Reading[]): void {
    this.#forget(path);
    this.#readings.set(path, readings);
    this.#lines += linesOf(readings);
    for (const oldest of this.#readings.keys()) {
      if (this.#readings.size <= 2 * this.most && this.#lines <= MOST_LINES) break;
      if (oldest !== path) this.#forget(oldest);
    }
  }

  #forget(path: string): void {
    this.#lines -= linesOf(this.#readings.get(path) ?? []);
    this.#readings.delete(path);
  }
}

/** Of the texts that were read, also where a few definitions were. */
const linesOf = (readings: readonly Reading[]): number => readings.reduce((sum, { facts }) => sum + facts.lineStarts.length, 0);
