/** Which files of the tree hold a word: through git, the stored index or a bounded walk, and what was found before. */
import { isKernelCode } from './architecture';
import { NotAnIndexError } from './index/file';
import { filesWith } from './index/filesWith';
import type { StoredIndex } from './index/storedIndex';
import type { CurrentIndex } from './index/treeUses';
import { letOthersRun } from './letOthersRun';
import { folderOf } from './paths';
import { grepTree, holdsWord, walk, type WalkLimits } from './search';
import { Searched, type Found } from './searched';
import { latin1Of, messageOf, type Tree } from './tree';
import { filesHolding, lookInto } from './wordSearch';

export const C_FILES = ['*.c', '*.h'];
/** Fewer words are asked of git one by one. */
const WORTH_A_SEARCH = 2;

/** A closer look at the files that hold a word. */
export interface Sieve {
  /** The same for the same test. */
  readonly name: string;
  readonly of: (word: string) => (text: string) => boolean;
}

/** A word, and what else the text of its files must hold. */
export interface Wanted {
  readonly word: string;
  readonly sieve?: Sieve;
  /** Its definition is looked for, which an index does not keep: a typedef's, an enum's. */
  readonly isUnkept?: boolean;
}

export class TreeSearch {
  readonly #searched: Searched;

  constructor(
    private readonly tree: Tree,
    private readonly limits: WalkLimits,
  ) {
    this.#searched = new Searched((path) => tree.source.readAfter?.(path) !== undefined);
  }

  /**
   * Searches for many words at once, so that asking for each finds its answer there: a header's hundred changed macros are one search.
   * Rejects only when aborted.
   */
  async ahead(wanted: readonly Wanted[], signal?: AbortSignal): Promise<void> {
    const open = wanted.filter((one) => !this.#searched.has(keyOf([one.word], C_FILES, one.sieve)));
    if (open.length < WORTH_A_SEARCH && (this.tree.source.host.git !== undefined || !open.some(({ isUnkept }) => isUnkept === true))) return;
    const { age } = this.#searched;
    const words = open.map(({ word }) => word);
    const asked = (files: readonly string[]): Promise<void> => this.#keepEach(open, files, age, signal);
    const searched = await this.#throughGit(words, C_FILES);
    if (searched !== undefined) return asked(searched.files);
    const isIndexed = await this.withIndex(async ({ index }) => {
      const unkept = open.filter(({ word, sieve, isUnkept }) => sieve !== undefined || isUnkept === true || filesWith(index, word) === undefined);
      // A typedef is looked for in several ways, each of which would be a search.
      if (unkept.length >= WORTH_A_SEARCH || unkept.some(({ isUnkept }) => isUnkept === true)) await this.#keepEach(unkept, await this.#kernelCode(index), age, signal);
      return true;
    });
    const found = isIndexed === undefined ? await this.#throughGit(words, C_FILES, 'anywhere') : undefined;
    if (found !== undefined) await asked(found.files); // what could not be had is told word by word
  }

  /**
   * Paths of kernel code that holds one of the phrases. Rejects only when aborted.
   *
   * @param pathspecs kinds of files, maybe below a folder: `*.h`, `fs/*.c`
   */
  async holding(phrases: readonly string[], pathspecs: readonly string[], from: string, signal?: AbortSignal): Promise<Found> {
    const config = await this.tree.config();
    const key = keyOf(phrases, pathspecs);
    const { age } = this.#searched;
    const found =
      this.#searched.get(key) ??
      (await this.#throughWords(phrases, pathspecs, signal)) ??
      (await this.#throughGit(phrases, pathspecs)) ??
      (await this.#throughIndex(phrases, pathspecs, signal)) ??
      (await this.#throughGit(phrases, pathspecs, 'anywhere')) ??
      (await walk(this.tree, phrases, folderOf(from), (path) => isKernelCode(path, config), this.limits, signal));
    this.#searched.keep(key, found, age);
    return { ...found, files: (await this.#withChanged(found.files, (text) => phrases.some((phrase) => holdsWord(text, phrase)))).filter((path) => isKernelCode(path, config)) };
  }

  /** Paths of kernel code that holds the word and passes the sieve. An index, which keeps no variables without an initializer, tells which files there are. Rejects only when aborted. */
  async passing(word: string, sieve: Sieve, from: string, signal?: AbortSignal): Promise<Found> {
    const config = await this.tree.config();
    const key = keyOf([word], C_FILES, sieve);
    const test = sieve.of(word);
    const { age } = this.#searched;
    let found = this.#searched.get(key);
    if (found === undefined) {
      const searched = (await this.#throughWords([word], C_FILES, signal)) ?? (await this.#throughGit([word], C_FILES));
      const read = searched === undefined ? await this.withIndex(async ({ index }) => filesHolding([word], await this.#kernelCode(index), (path) => this.tree.bytes(path), signal)) : undefined;
      const { files, ...rest } = searched ?? (read === undefined ? await this.holding([word], C_FILES, from, signal) : { files: read.get(word) ?? [] });
      found = { ...rest, files: await this.filesWhose(files.filter((path) => isKernelCode(path, config)), test, signal) };
    }
    this.#searched.keep(key, found, age);
    return { ...found, files: (await this.#withChanged(found.files, test)).filter((path) => isKernelCode(path, config)) };
  }

  /** The files, as they are now: with those that changed and that the test holds for, and without those it does not. */
  async #withChanged(paths: readonly string[], test: (text: string) => boolean): Promise<string[]> {
    const files = new Set(paths);
    for (const path of this.#searched.changed) {
      if (test((await this.tree.text(path)) ?? '')) files.add(path);
      else files.delete(path);
    }
    return [...files];
  }

  /** Those of the files whose text the test holds for. Rejects only when aborted. */
  async filesWhose(paths: readonly string[], test: (text: string) => boolean, signal?: AbortSignal): Promise<string[]> {
    const found: string[] = [];
    for (const [index, path] of paths.entries()) {
      signal?.throwIfAborted();
      if (test(await this.tree.words(path))) found.push(path);
      if (index % 64 === 0) await letOthersRun();
    }
    return found;
  }

  /** Asks the stored index; undefined where there is none, or it turns out to be damaged. */
  async withIndex<T>(ask: (current: CurrentIndex) => Promise<T>): Promise<T | undefined> {
    const { index } = this.tree.source;
    const current = index?.current();
    if (current === undefined) return undefined;
    this.#searched.differ(current.changed);
    try {
      return await ask(current);
    } catch (error) {
      if (!(error instanceof NotAnIndexError)) throw error;
      index?.damaged();
      return undefined;
    }
  }

  /** Forgets what may be different now that these files changed; everything without them. */
  invalidate(paths?: readonly string[]): void {
    if (paths === undefined) this.#searched.forget();
    else this.#searched.change(paths.filter((path) => /\.[ch]$/.test(path)));
  }

  /** Where all files with a word of each phrase are known, those are read; undefined where they are not. */
  async #throughWords(phrases: readonly string[], pathspecs: readonly string[], signal: AbortSignal | undefined): Promise<Found | undefined> {
    const files = new Set<string>();
    for (const phrase of phrases) {
      const words = phrase.match(/\w+/g) ?? [];
      const known = words.map((word) => this.#searched.get(keyOf([word], C_FILES))).find((found) => found !== undefined && found.incomplete === undefined);
      if (known === undefined) return undefined;
      const meant = known.files.filter((path) => pathspecs.some((spec) => isMeant(path, spec)));
      const holding = words[0] === phrase ? meant : (await filesHolding([phrase], meant, (path) => this.tree.bytes(path), signal)).get(phrase);
      for (const path of holding ?? []) files.add(path);
    }
    return { files: [...files] };
  }

  /** Undefined where git cannot be asked. It searches any folder, but outside of a repository an index, where there is one, is faster. */
  async #throughGit(phrases: readonly string[], pathspecs: readonly string[], where: 'repository' | 'anywhere' = 'repository'): Promise<Found | undefined> {
    const { host: { git }, root } = this.tree.source;
    if (git === undefined) return undefined;
    try {
      const files = await (where === 'anywhere' ? git.grep(root, phrases, pathspecs) : grepTree(git, root, phrases, pathspecs));
      return files === undefined ? undefined : { files };
    } catch (error) {
      this.tree.gitFault = messageOf(error);
      return undefined;
    }
  }

  /** Undefined where there is no index. */
  #throughIndex(phrases: readonly string[], pathspecs: readonly string[], signal: AbortSignal | undefined): Promise<Found | undefined> {
    return this.withIndex(async ({ index }) => {
      const found = phrases.map((phrase) => filesWith(index, phrase));
      if (!found.includes(undefined)) return { files: [...new Set(found.flatMap((files) => files ?? []))] };
      // It does not keep this word, and knows all files: 1 GB is read in some seconds.
      const meant = (await this.#kernelCode(index)).filter((path) => pathspecs.some((spec) => isMeant(path, spec)));
      const read = await filesHolding(phrases, meant, (path) => this.tree.bytes(path), signal);
      return { files: [...new Set([...read.values()].flat())] };
    });
  }

  /** Which of the files hold each word, for whoever asks for it next. */
  async #keepEach(wanted: readonly Wanted[], paths: readonly string[], age: number, signal: AbortSignal | undefined): Promise<void> {
    const each = wanted.map(({ word, sieve }) => ({ word, key: keyOf([word], C_FILES, sieve), passes: sieve?.of(word), files: new Array<string>() }));
    await lookInto(wanted.map(({ word }) => word), paths, (path) => this.tree.bytes(path), (path, held, bytes) => {
      let text: string | undefined;
      for (const { files } of each.filter(({ word, passes }) => held.includes(word) && passes?.((text ??= latin1Of(bytes))) !== false)) files.push(path);
    }, signal);
    for (const { key, files } of each) this.#searched.keep(key, { files }, age);
  }

  /** What an index has of the kernel proper: a search gives nothing else. */
  async #kernelCode({ segments }: StoredIndex): Promise<string[]> {
    const config = await this.tree.config();
    return segments.flatMap((segment) => segment.paths().filter((path, file) => segment.isLive(file) && isKernelCode(path, config)));
  }
}

const keyOf = (phrases: readonly string[], pathspecs: readonly string[], sieve?: Sieve): string => `${phrases.join('\n')}\n${pathspecs.join(' ')}${sieve === undefined ? '' : ` ${sieve.name}`}`;

/** Whether a path is one that `*.h` or `fs/*.h` names. */
function isMeant(path: string, pathspec: string): boolean {
  const star = pathspec.indexOf('*');
  return path.startsWith(pathspec.slice(0, star)) && path.endsWith(pathspec.slice(star + 1));
}
