/** Reads facts of the tree's files, within limits. */
import type { FileFacts } from '../syntax/facts';
import { FactStore, type Reading } from './factStore';
import type { SourceFile } from './knowledge';
import { letOthersRun } from './letOthersRun';
import type { Tree } from './tree';

/**
 * Text to facts, as the syntax room does it.
 *
 * @param about words that are asked about: of definitions that hold none of them, nothing need be told
 */
export type ReadFacts = (path: string, text: string, about?: readonly string[]) => FileFacts;

export interface ReadLimits {
  /** Files that are read for one answer. */
  readonly candidates: number;
  /** Lines of the files that all answers together may hold the facts of; more are not read, and the answer says so. All are read where absent. */
  readonly lines?: number | undefined;
}

export class ReadFiles {
  readonly kept = new FactStore();

  constructor(
    private readonly tree: Tree,
    private readonly read: ReadFacts,
    private readonly limits: ReadLimits,
  ) {}

  /** Whether answers hold the facts of as many files as they may. */
  get isFull(): boolean {
    return this.kept.heldLines > (this.limits.lines ?? Infinity);
  }

  /**
   * Facts of files that hold a word, up to the limits. Lets other work run between files. Rejects only when aborted.
   *
   * @param about what else than these words' definitions the facts tell does not count
   */
  async factsOfAll(paths: readonly string[], word: string, signal?: AbortSignal, about?: readonly string[]): Promise<{ read: SourceFile[]; incomplete?: string }> {
    const read: SourceFile[] = [];
    const failed: string[] = [];
    let lines = this.kept.heldLines;
    let looked = 0;
    for (const path of paths.slice(0, this.limits.candidates)) {
      signal?.throwIfAborted();
      const known = this.#known(path, about)?.facts;
      const isHeld = known !== undefined && this.kept.isHeld(known);
      if (!isHeld && lines > (this.limits.lines ?? Infinity)) continue;
      looked += 1;
      try {
        const facts = await this.factsOf(path, about);
        if (!isHeld && facts !== undefined) lines += this.kept.linesOf(facts);
        if (facts !== undefined) read.push({ path, facts });
        else failed.push(this.tree.faultOf(path) ?? `${path} is gone`);
      } catch (error) {
        failed.push(`${path} could not be read: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    if (paths.length > looked) failed.push(`${paths.length === 1 ? '1 file holds' : `${paths.length} files hold`} ${word}, and only ${looked} of them were read`);
    return { read, ...(failed.length > 0 ? { incomplete: failed.join('; ') } : {}) };
  }

  /** Facts of one file, or undefined when there is no such file. Rejects when it cannot be read. */
  async factsOf(path: string, about?: readonly string[]): Promise<FileFacts | undefined> {
    const known = this.#known(path, about);
    if (known !== undefined) return known.facts;
    const text = await this.tree.text(path);
    if (text === undefined) return undefined;
    await letOthersRun();
    const facts = this.read(path, text, about);
    this.kept.keep(path, about === undefined ? [{ facts, about }] : [...this.kept.get(path), { facts, about: new Set(about) }]);
    return facts;
  }

  /** Reads what a file tells of all the words at once: asking for each finds it then. What cannot be read is told to who asks. Never rejects. */
  async readAhead(path: string, about: readonly string[]): Promise<void> {
    const isKnown = (word: string): boolean => this.kept.get(path).some((reading) => reading.about?.has(word) !== false);
    try {
      await this.factsOf(path, about.filter((word) => !isKnown(word)));
    } catch {
      // Told by `factsOf` again.
    }
  }

  /** Forgets these files; all without them. */
  invalidate(paths?: readonly string[]): void {
    if (paths === undefined) this.kept.clear();
    else for (const path of paths) this.kept.forget(path);
  }

  #known(path: string, about: readonly string[] | undefined): Reading | undefined {
    return this.kept.get(path).find((reading) => reading.about === undefined || about?.every((word) => reading.about?.has(word)));
  }
}
