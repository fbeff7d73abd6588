/** Which files hold a word, and the facts of those files. */
import { OBJECTS } from './held';
import type { Mentions } from './knowledge';
import { ancestorsOf, folderOf } from './paths';
import { ReadFiles, type ReadFacts, type ReadLimits } from './readFiles';
import type { WalkLimits } from './search';
import type { Found } from './searched';
import type { Tree } from './tree';
import { C_FILES, TreeSearch } from './treeSearch';

export type { ReadFacts };

export interface Limits extends ReadLimits {
  /** For trees git cannot search. */
  readonly walk: WalkLimits;
}

/** 300 files of usual size take about 2 s; a whole walk of the kernel would take minutes. */
export const defaultLimits: Limits = { candidates: 300, walk: { files: 6000, size: 120_000_000 } };

/** Files read of those that hold a word, where not all can be followed: an example of each kind of user, at a sixth of what all that could be read would cost. */
const SAMPLE = 50;

/** Facts of files at the edit. */
export class Sources {
  readonly search: TreeSearch;
  readonly files: ReadFiles;

  constructor(
    readonly tree: Tree,
    read: ReadFacts,
    private readonly limits: Limits,
  ) {
    this.search = new TreeSearch(tree, limits.walk);
    this.files = new ReadFiles(tree, read, limits);
  }

  /** Files that hold the word, those near `from` first. Rejects only when aborted. */
  async mentions(word: string, from: string, signal?: AbortSignal): Promise<Mentions> {
    return this.factsIn(await this.search.holding([word], C_FILES, from, signal), word, from, signal);
  }

  /** Files that hold the word if there are few enough to follow; of more, some from all over the tree. Rejects only when aborted. */
  async users(word: string, from: string, signal?: AbortSignal): Promise<Mentions> {
    const found = await this.search.holding([word], C_FILES, from, signal);
    if (found.files.length <= this.limits.candidates) return this.factsIn(found, word, from, signal);
    const { read } = await this.files.factsOfAll(sampleOf(found.files), word, signal);
    return { files: read, incomplete: [...(found.incomplete === undefined ? [] : [found.incomplete]), `${found.files.length} files hold ${word}, and only ${read.length} of them were read`].join('; ') };
  }

  /** Files of one kind that hold one of the phrases, those near `from` first. Rejects only when aborted. */
  async holding(phrases: readonly string[], files: '*.c' | '*.h', from: string, signal?: AbortSignal): Promise<Mentions> {
    const found = await this.search.holding(phrases, [files], from, signal);
    return this.factsIn({ ...found, files: found.files.filter((path) => path.endsWith(files.slice(1))) }, phrases.slice(0, 3).join(', '), from, signal);
  }

  /** Files that may hold an object of a record, or ask for its size; those near `from` first. Their facts tell of what holds its name alone. Rejects only when aborted. */
  async byValue(name: string, from: string, signal?: AbortSignal): Promise<Mentions> {
    return this.factsIn(await this.search.passing(name, OBJECTS, from, signal), name, from, signal, [name]);
  }

  /** .c files that may define the static key or static call of this name; those near `from` first. Rejects only when aborted. */
  async definingKey(name: string, from: string, signal?: AbortSignal): Promise<Mentions> {
    const found = await this.search.holding([name], C_FILES, from, signal);
    const isDefined = new RegExp(`^\\w+\\s*\\([^;{}]*\\b${name}\\b|STATIC_\\w+\\s*\\([^;{}]*\\b${name}\\b|\\bstatic_key\\w*\\s+${name}\\b`, 'm');
    return this.factsIn({ ...found, files: await this.search.filesWhose(found.files.filter((path) => path.endsWith('.c')), (text) => isDefined.test(text), signal) }, name, from, signal);
  }

  /** Forgets what may be different now that these files changed; everything without them. */
  invalidate(paths?: readonly string[]): void {
    this.search.invalidate(paths);
    this.files.invalidate(paths);
  }

  private async factsIn(found: Found, what: string, from: string, signal: AbortSignal | undefined, about?: readonly string[]): Promise<Mentions> {
    const { read, incomplete } = await this.files.factsOfAll(nearestFirst(found.files, from), what, signal, about);
    const reasons = [found.incomplete, incomplete].filter((reason) => reason !== undefined);
    return { files: read, ...(reasons.length > 0 ? { incomplete: reasons.join('; ') } : {}) };
  }
}

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
