/** Finds the files of a tree that hold a word: through git where it can be asked, else by a bounded walk. */
import type { Git } from '../host/ports';
import { ancestorsOf, join } from './paths';
import { messageOf, type Tree } from './tree';

/** Where a walk ends: reading a whole kernel would take too long. */
export interface WalkLimits {
  readonly files: number;
  /** In characters, summed over the files read. */
  readonly size: number;
}

/**
 * Files under `root` that hold one of the words, relative to `root`. The root may be a folder inside a repository.
 * Rejects as the port does; undefined when the root is in no repository.
 */
export async function grepTree(git: Git, root: string, words: readonly string[], pathspecs: readonly string[]): Promise<readonly string[] | undefined> {
  return (await git.findRoot(root)) === undefined ? undefined : git.grep(root, words, pathspecs);
}

export interface Walked {
  readonly files: readonly string[];
  /** Why there may be more. */
  readonly incomplete?: string;
}

/**
 * Visits C files, those near the folder `from` first: it and what is below it, then each folder above with what is
 * below that, until the whole tree is seen or a limit is reached. `enters` says which paths are worth a look.
 * Rejects only when aborted.
 */
export async function walk(tree: Tree, words: readonly string[], from: string, enters: (path: string) => boolean, limits: WalkLimits, signal?: AbortSignal): Promise<Walked> {
  const files: string[] = [];
  const visited = new Set<string>();
  let read = 0;
  let size = 0;
  /** False when a limit was reached. */
  const visit = async (folder: string): Promise<boolean> => {
    if (visited.has(folder)) return true;
    visited.add(folder);
    const entries = (await tree.entries(folder)).map((entry) => join(folder, entry)).filter(enters);
    for (const path of entries.filter((entry) => /\.[ch]$/.test(entry))) {
      signal?.throwIfAborted();
      if (read >= limits.files || size >= limits.size) return false;
      const text = (await tree.text(path)) ?? '';
      read += 1;
      size += text.length;
      if (words.some((word) => holdsWord(text, word))) files.push(path);
    }
    for (const entry of entries) if (entry.endsWith('/') && !(await visit(entry.slice(0, -1)))) return false;
    return true;
  };
  for (const folder of ancestorsOf(from)) {
    if (!(await visit(folder))) return { files, incomplete: `${tree.gitFault ?? 'git cannot be asked'}, and only ${read} files${from === '' ? '' : ` around ${from}/`} were searched for ${shown(words)}` };
  }
  return { files };
}

const shown = (words: readonly string[]): string => (words.length === 1 ? (words[0] ?? '') : `${words[0] ?? ''} and ${words.length - 1} more`);

/** As `grepTree`: undefined when git cannot be asked, for whatever reason. */
export async function tryGrep(tree: Tree, word: string, pathspecs: readonly string[]): Promise<readonly string[] | undefined> {
  const { git } = tree.source.host;
  try {
    return git === undefined ? undefined : await grepTree(git, tree.source.root, [word], pathspecs);
  } catch (error) {
    tree.gitFault = messageOf(error);
    return undefined;
  }
}

/** Whether a text holds a word as a whole word. */
export function holdsWord(text: string, word: string): boolean {
  const isWordPart = (character: string): boolean => /\w/.test(character);
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    if (!isWordPart(text.charAt(at - 1)) && !isWordPart(text.charAt(at + word.length))) return true;
  }
  return false;
}
