/**
 * Facts of the tree's files, as they were read last. Those that answers rest on are held, each file's once however many answers it is in;
 * beside them the ones used last are kept for the next question.
 */
import type { FileFacts } from '../syntax/facts';
import type { SourceFile } from './knowledge';

/** What was read of a file: all of it, or what holds some words. */
export interface Reading {
  readonly facts: FileFacts;
  readonly about: ReadonlySet<string> | undefined;
}

/** Lines of all files whose facts are kept, unless answers hold more: some 40 MB. */
const MOST_LINES = 300_000;

/** With what is looked up in them, facts of a whole file take 139 bytes a line, those about some words 39 (150 files that use struct page, 354,673 lines). */
const SHARE_OF_PART = 39 / 139;

interface Entry {
  readonly readings: readonly Reading[];
  /** Count of calls of `lapse` when it was used last. */
  used: number;
}

export class FactStore {
  /** By path, the one used last at the end. */
  readonly #entries = new Map<string, Entry>();
  /** Answers that each facts are in. */
  readonly #holders = new Map<FileFacts, number>();
  /** Facts that tell of some words only. */
  readonly #parts = new WeakSet<FileFacts>();
  #lines = 0;
  #heldLines = 0;
  #lapses = 0;

  /** Files whose facts are kept. */
  get size(): number {
    return this.#entries.size;
  }

  /** Lines of all that is kept, as `linesOf` counts them. */
  get lines(): number {
    return this.#lines;
  }

  /** Lines of what answers hold, as `linesOf` counts them. */
  get heldLines(): number {
    return this.#heldLines;
  }

  /** Lines of whole files that take as much memory as these facts. */
  linesOf(facts: FileFacts): number {
    const lines = facts.lineStarts.length;
    return this.#parts.has(facts) ? Math.ceil(lines * SHARE_OF_PART) : lines;
  }

  get(path: string): readonly Reading[] {
    const entry = this.#entries.get(path);
    if (entry === undefined) return [];
    entry.used = this.#lapses;
    this.#entries.delete(path);
    this.#entries.set(path, entry);
    return entry.readings;
  }

  isHeld(facts: FileFacts): boolean {
    return this.#holders.has(facts);
  }

  /** Keeps these readings of a file instead of those before, and all others until `trim`. */
  keep(path: string, readings: readonly Reading[]): void {
    this.forget(path);
    for (const { facts, about } of readings) if (about !== undefined) this.#parts.add(facts);
    this.#entries.set(path, { readings, used: this.#lapses });
    this.#lines += this.#linesOfAll(readings);
  }

  forget(path: string): void {
    const entry = this.#entries.get(path);
    if (entry === undefined) return;
    this.#lines -= this.#linesOfAll(entry.readings);
    this.#entries.delete(path);
  }

  clear(): void {
    this.#entries.clear();
    this.#lines = 0;
  }

  /** An answer is kept from now on. */
  hold(files: readonly SourceFile[]): void {
    for (const { facts } of files) {
      const holders = this.#holders.get(facts) ?? 0;
      if (holders === 0) this.#heldLines += this.linesOf(facts);
      this.#holders.set(facts, holders + 1);
    }
  }

  /** An answer is kept no more. Its files' facts stay for a while: the question may come again. */
  release(files: readonly SourceFile[]): void {
    for (const { path, facts } of files) {
      const holders = (this.#holders.get(facts) ?? 0) - 1;
      if (holders > 0) {
        this.#holders.set(facts, holders);
        continue;
      }
      this.#holders.delete(facts);
      this.#heldLines -= this.linesOf(facts);
      const entry = this.#entries.get(path);
      if (entry !== undefined) entry.used = this.#lapses;
    }
  }

  /** Forgets what was used longest ago, as far as there is no room and no answer holds it. To be called after each answer and with each analysis. */
  trim(): void {
    for (const [path, entry] of this.#entries) {
      if (this.#lines <= MOST_LINES) break;
      if (!this.#isHeld(entry)) this.forget(path);
    }
  }

  /** To be called now and then: forgets what no answer holds and nobody used since the call before the last. */
  lapse(): void {
    this.#lapses += 1;
    for (const [path, entry] of this.#entries) if (entry.used < this.#lapses - 1 && !this.#isHeld(entry)) this.forget(path);
  }

  #isHeld({ readings }: Entry): boolean {
    return readings.some(({ facts }) => this.#holders.has(facts));
  }

  #linesOfAll(readings: readonly Reading[]): number {
    return readings.reduce((sum, { facts }) => sum + this.linesOf(facts), 0);
  }
}
