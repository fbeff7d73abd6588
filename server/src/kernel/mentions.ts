/** Which files hold a word, and the facts of those files. */
import type { FileFacts } from '../syntax/facts';
import { isKernelCode } from './architecture';
import { NotAnIndexError } from './index/file';
import { filesWith } from './index/filesWith';
import type { StoredIndex } from './index/storedIndex';
import type { CurrentIndex } from './index/treeUses';
import type { Mentions, SourceFile } from './knowledge';
import { letOthersRun } from './letOthersRun';
import { ancestorsOf, folderOf } from './paths';
import type { WalkLimits } from './search';
import { grepTree, holdsWord, walk } from './search';
import type { Tree } from './tree';
import { filesHolding, type BytesOf } from './wordSearch';

/** Text to facts, as the syntax room does it. */
export type ReadFacts = (path: string, text: string) => FileFacts;

export interface Limits {
  /** Candidate files whose text is turned into facts for one question. */
  readonly candidates: number;
  /** For trees git cannot search. */
  readonly walk: WalkLimits;
}

/** 300 files of usual size take about 2 s; a whole walk of the kernel would take minutes. */
export const defaultLimits: Limits = { candidates: 300, walk: { files: 6000, size: 120_000_000 } };

/** Files read of those that hold a word, where not all can be followed: an example of each kind of user, at a sixth of what all that could be read would cost. */
const SAMPLE = 50;

const C_FILES = ['*.c', '*.h'];
/** Fewer words are asked of git one by one: reading what the search finds costs more than a search. */
const WORTH_A_SEARCH = 5;

/** Some 10 MB: a common word stands in thousands of files. */
const MOST_PATHS = 100_000;
const MOST_WORDS = 5_000;
/** Facts take some 200 bytes a line. */
const MOST_LINES = 300_000;

interface Found {
  readonly files: readonly string[];
  readonly incomplete?: string;
}

/** Facts of files at the edit, kept for the most recently used ones. */
export class Sources {
  private readonly facts = new Map<string, FileFacts>();
  /** What was found, most recently asked for last. */
  private readonly found = new Map<string, Found>();
  /** Paths in it. */
  private foundPaths = 0;
  /** Lines of the files whose facts are kept. */
  private lines = 0;
  /** Files that changed since a search may have: looked at on top of what it found. */
  private readonly changed = new Set<string>();

  constructor(
    readonly tree: Tree,
    private readonly read: ReadFacts,
    readonly limits: Limits,
  ) {}

  /** Files that hold the word, those near `from` first. Rejects only when aborted. */
  async mentions(word: string, from: string, signal?: AbortSignal): Promise<Mentions> {
    return this.factsIn(await this.search([word], C_FILES, from, signal), word, from, signal);
  }

  /** Files that hold the word if there are few enough to follow; of more, some from all over the tree. Rejects only when aborted. */
  async users(word: string, from: string, signal?: AbortSignal): Promise<Mentions> {
    const found = await this.search([word], C_FILES, from, signal);
    if (found.files.length <= this.limits.candidates) return this.factsIn(found, word, from, signal);
    const { read } = await this.factsOfAll(sampleOf(found.files), word, signal);
    return { files: read, incomplete: [...(found.incomplete === undefined ? [] : [found.incomplete]), `${found.files.length} files hold ${word}, and only ${read.length} of them were read`].join('; ') };
  }

  /** Files of one kind that hold one of the phrases, those near `from` first. Rejects only when aborted. */
  async holding(phrases: readonly string[], files: '*.c' | '*.h', from: string, signal?: AbortSignal): Promise<Mentions> {
    const found = await this.search(phrases, [files], from, signal);
    return this.factsIn({ ...found, files: found.files.filter((path) => path.endsWith(files.slice(1))) }, phrases.slice(0, 3).join(', '), from, signal);
  }

  /** Files that may hold an object of a record, or ask for its size; those near `from` first. Rejects only when aborted. */
  async byValue(name: string, from: string, signal?: AbortSignal): Promise<Mentions> {
    const found = await this.search([name], C_FILES, from, signal);
    return this.factsIn({ ...found, files: await this.filesWhose(found.files, (text) => isHeld(text, name), signal) }, name, from, signal);
  }

  /** .c files that may define the static key or static call of this name; those near `from` first. Rejects only when aborted. */
  async definingKey(name: string, from: string, signal?: AbortSignal): Promise<Mentions> {
    const found = await this.search([name], C_FILES, from, signal);
    const isDefined = new RegExp(`^\\w+\\s*\\([^;{}]*\\b${name}\\b|STATIC_\\w+\\s*\\([^;{}]*\\b${name}\\b|\\bstatic_key\\w*\\s+${name}\\b`, 'm');
    return this.factsIn({ ...found, files: await this.filesWhose(found.files.filter((path) => path.endsWith('.c')), (text) => isDefined.test(text), signal) }, name, from, signal);
  }

  /**
   * Searches for many words at once, so that asking for each finds its answer there: a header's hundred changed macros are one search.
   * Rejects only when aborted.
   */
  async searchAhead(words: readonly string[], signal?: AbortSignal): Promise<void> {
    const open = words.filter((word) => !this.found.has(keyOf([word], C_FILES)));
    if (open.length < WORTH_A_SEARCH) return;
    const searched = await this.throughGit(open, C_FILES);
    if (searched === undefined) {
      await this.withIndex(async ({ index }) => {
        const unknown = open.filter((word) => filesWith(index, word) === undefined);
        if (unknown.length >= WORTH_A_SEARCH) await this.keepEach(unknown, await this.kernelCode(index), signal);
      });
    } else if (searched.incomplete === undefined) await this.keepEach(open, searched.files, signal); // what could not be had is told word by word
  }

  /** Paths of kernel code that holds one of the phrases. Rejects only when aborted. */
  async search(phrases: readonly string[], pathspecs: readonly string[], from: string, signal?: AbortSignal): Promise<Found> {
    const config = await this.tree.config();
    const key = keyOf(phrases, pathspecs);
    const found = this.found.get(key) ?? (await this.throughGit(phrases, pathspecs)) ?? (await this.throughIndex(phrases, signal)) ?? (await walk(this.tree, phrases, folderOf(from), (path) => isKernelCode(path, config), this.limits.walk, signal));
    this.keep(key, found);
    const files = new Set(found.files);
    for (const path of this.changed) {
      const text = (await this.tree.text(path)) ?? '';
      if (phrases.some((phrase) => holdsWord(text, phrase))) files.add(path);
      else files.delete(path);
    }
    return { ...found, files: [...files].filter((path) => isKernelCode(path, config)) };
  }

  /** Those of the files whose text the test holds for. Rejects only when aborted. */
  async filesWhose(paths: readonly string[], test: (text: string) => boolean, signal?: AbortSignal): Promise<string[]> {
    const found: string[] = [];
    for (const [index, path] of paths.entries()) {
      signal?.throwIfAborted();
      if (test(await this.wordsOf(path))) found.push(path);
      if (index % 64 === 0) await letOthersRun();
    }
    return found;
  }

  /** Facts of the files, up to the limit. Lets other work run between files. Rejects only when aborted. */
  async factsOfAll(paths: readonly string[], word: string, signal?: AbortSignal): Promise<{ read: SourceFile[]; incomplete?: string }> {
    const read: SourceFile[] = [];
    const failed: string[] = [];
    for (const path of paths.slice(0, this.limits.candidates)) {
      signal?.throwIfAborted();
      try {
        const facts = await this.factsOf(path);
        if (facts !== undefined) read.push({ path, facts });
        else failed.push(this.tree.faultOf(path) ?? `${path} is gone`);
      } catch (error) {
        failed.push(`${path} could not be read: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    if (paths.length > this.limits.candidates) failed.push(`${paths.length} files hold ${word}, and only ${this.limits.candidates} of them were read`);
    return { read, ...(failed.length > 0 ? { incomplete: failed.join('; ') } : {}) };
  }

  /** Facts of one file, or undefined when there is no such file. */
  async factsOf(path: string): Promise<FileFacts | undefined> {
    const known = this.facts.get(path);
    if (known !== undefined) {
      this.remember(path, known);
      return known;
    }
    const text = await this.tree.text(path);
    if (text === undefined) return undefined;
    await letOthersRun();
    const facts = this.read(path, text);
    this.remember(path, facts);
    return facts;
  }

  /** What was read already, most recently used last. */
  known(): ReadonlyMap<string, FileFacts> {
    return this.facts;
  }

  invalidate(paths?: readonly string[]): void {
    if (paths === undefined) {
      for (const memory of [this.facts, this.found, this.changed]) memory.clear();
      this.foundPaths = 0;
      this.lines = 0;
      return;
    }
    for (const path of paths) {
      this.forget(path);
      if (/\.[ch]$/.test(path)) this.changed.add(path);
    }
  }

  private async factsIn(found: Found, what: string, from: string, signal: AbortSignal | undefined): Promise<Mentions> {
    const { read, incomplete } = await this.factsOfAll(nearestFirst(found.files, from), what, signal);
    const reasons = [found.incomplete, incomplete].filter((reason) => reason !== undefined);
    return { files: read, ...(reasons.length > 0 ? { incomplete: reasons.join('; ') } : {}) };
  }

  private keep(key: string, found: Found): void {
    this.foundPaths -= this.found.get(key)?.files.length ?? 0;
    this.found.delete(key);
    this.found.set(key, found);
    this.foundPaths += found.files.length;
    for (const [oldest, { files }] of this.found) {
      if (this.foundPaths <= MOST_PATHS && this.found.size <= MOST_WORDS) break;
      if (oldest === key) continue;
      this.found.delete(oldest);
      this.foundPaths -= files.length;
    }
  }

  private remember(path: string, facts: FileFacts): void {
    this.forget(path);
    this.facts.set(path, facts);
    this.lines += facts.lineStarts.length;
    for (const oldest of this.facts.keys()) {
      if (this.facts.size <= 2 * this.limits.candidates && this.lines <= MOST_LINES) break;
      if (oldest !== path) this.forget(oldest);
    }
  }

  private forget(path: string): void {
    this.lines -= this.facts.get(path)?.lineStarts.length ?? 0;
    this.facts.delete(path);
  }

  private async throughGit(phrases: readonly string[], pathspecs: readonly string[]): Promise<Found | undefined> {
    const { git } = this.tree.source.host;
    if (git === undefined) return undefined;
    try {
      const files = await grepTree(git, this.tree.source.root, phrases, pathspecs);
      return files === undefined ? undefined : { files };
    } catch (error) {
      return { files: [], incomplete: this.tree.failedGit(error) };
    }
  }

  /** Undefined where there is no index. */
  private throughIndex(phrases: readonly string[], signal: AbortSignal | undefined): Promise<Found | undefined> {
    return this.withIndex(async ({ index }) => {
      const found = phrases.map((phrase) => filesWith(index, phrase));
      if (!found.includes(undefined)) return { files: [...new Set(found.flatMap((files) => files ?? []))] };
      // It does not keep this word, and knows all files: 1 GB is read in some seconds.
      const read = await filesHolding(phrases, await this.kernelCode(index), this.bytesOf, signal);
      return { files: [...new Set([...read.values()].flat())] };
    });
  }

  /** Asks the stored index; undefined where there is none, or it turns out to be damaged. */
  private async withIndex<T>(ask: (current: CurrentIndex) => Promise<T>): Promise<T | undefined> {
    const { index } = this.tree.source;
    const current = index?.current();
    if (current === undefined) return undefined;
    for (const path of current.changed) this.changed.add(path);
    try {
      return await ask(current);
    } catch (error) {
      if (!(error instanceof NotAnIndexError)) throw error;
      index?.damaged();
      return undefined;
    }
  }

  /** Which of the files hold each word, for whoever asks for it next. */
  private async keepEach(words: readonly string[], paths: readonly string[], signal: AbortSignal | undefined): Promise<void> {
    for (const [word, files] of await filesHolding(words, paths, this.bytesOf, signal)) this.keep(keyOf([word], C_FILES), { files });
  }

  /** What an index has of the kernel proper: a search gives nothing else. */
  private async kernelCode({ segments }: StoredIndex): Promise<string[]> {
    const config = await this.tree.config();
    return segments.flatMap((segment) => segment.paths().filter((path, file) => segment.isLive(file) && isKernelCode(path, config)));
  }

  /** A file's text for a look at its words, which are ASCII: other characters may be read wrong. */
  private async wordsOf(path: string): Promise<string> {
    const reader = this.tree.source.index?.files;
    if (reader?.read(path) === true) return Buffer.from(reader.bytes.buffer, reader.bytes.byteOffset, reader.length).toString('latin1');
    // What cannot be read is told by the tree.
    return (await this.tree.text(path)) ?? '';
  }

  /** A file as the user sees it. */
  private readonly bytesOf: BytesOf = (path) => {
    const reader = this.tree.source.index?.files;
    if (reader === undefined) return this.tree.text(path).then((text) => Buffer.from(text ?? ''));
    return reader.read(path) ? reader.bytes.subarray(0, reader.length) : undefined;
  };
}

/**
 * Whether a text holds an object of the record, or asks for its size: `struct x y;`, `x_t y[3];`, `DEFINE_PER_CPU(struct x, y)`, `sizeof(struct x)`,
 * `KMEM_CACHE(x, 0)`; a pointer or a parameter is none.
 */
function isHeld(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    const behind = text.slice(at + name.length, at + name.length + MOST_AROUND);
    if (/\w/.test(text.charAt(at - 1)) || /^\w/.test(behind)) continue;
    if (/^\s+([A-Za-z_]\w*\s*[;,=:[_]|__\w+\s)/.test(behind)) return true;
    if (/^\s*[,)]/.test(behind) && ASKS_FOR_TYPE.test(text.slice(Math.max(0, at - MOST_AROUND), at))) return true;
  }
  return false;
}

const ASKS_FOR_TYPE = /\b(sizeof|struct_size_t|KMEM_CACHE\w*|[A-Z_]*PER_CPU\w*|\w*alloc_percpu\w*)\s*\(\s*((struct|union)\s+)?$/;
/** Characters before and behind a name that tell how it is used. */
const MOST_AROUND = 160;

const keyOf = (phrases: readonly string[], pathspecs: readonly string[]): string => `${phrases.join('\n')}\n${pathspecs.join(' ')}`;

/** Every n-th, so that each part of the tree is there as often as it uses the word. */
function sampleOf(paths: readonly string[]): string[] {
  const sorted = [...paths].sort();
  return Array.from({ length: SAMPLE }, (_, index) => sorted[Math.floor((index * sorted.length) / SAMPLE)]).filter((path) => path !== undefined);
}

/** By how many folders a path shares with the asking file, then by name. */
function nearestFirst(paths: readonly string[], from: string): string[] {
  const above = ancestorsOf(folderOf(from));
  const distance = (path: string): number => above.findIndex((folder) => folder === '' || path.startsWith(`${folder}/`));
  return [...paths].sort((a, b) => distance(a) - distance(b) || (a < b ? -1 : 1));
}
