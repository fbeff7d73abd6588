/** Finds the files of a tree that hold a word: through git where it can be asked, else by a bounded walk. */
import type { Git } from '../host/ports';
import { join } from './paths';
import type { Tree } from './tree';

/** Reading a whole kernel through the file system takes minutes; these end the walk within a few seconds. */
export interface WalkLimits {
  readonly files: number;
  /** In characters, summed over the files read. */
  readonly size: number;
}

export const defaultWalkLimits: WalkLimits = { files: 3000, size: 60_000_000 };

/**
 * Tracked files under `root` that hold `word`, relative to `root`. The root may be a folder inside a repository.
 * Rejects as the port does; undefined when the root is in no repository.
 */
export async function grepTree(git: Git, root: string, word: string, pathspecs: readonly string[]): Promise<readonly string[] | undefined> {
  const top = await git.findRoot(root);
  if (top === undefined) return undefined;
  const prefix = root === top ? '' : root.startsWith(`${top}/`) ? root.slice(top.length + 1) : undefined;
  if (prefix === undefined) return undefined;
  const specs = pathspecs.map((spec) => join(prefix, spec));
  const paths = await git.grep(top, word, specs);
  return prefix === '' ? paths : paths.filter((path) => path.startsWith(`${prefix}/`)).map((path) => path.slice(prefix.length + 1));
}

/** Folders that hold no code of the running kernel, or another architecture's. */
const SKIPPED = /^(Documentation|LICENSES|tools|scripts|samples|usr|\.git|rust)\/$|^arch\/(?!x86\/)[^/]+\/$/;

export interface Walked {
  readonly files: readonly string[];
  /** Why there may be more. */
  readonly incomplete?: string;
}

/**
 * Visits C files near `from` first: its folder and those below, then the folders above with what is below them,
 * until the whole tree is seen or a limit is reached. `take` says whether a file counts, from its text.
 */
export async function walk(tree: Tree, from: string, take: (path: string, text: string) => boolean, limits: WalkLimits, signal?: AbortSignal): Promise<Walked> {
  const files: string[] = [];
  const visited = new Set<string>();
  let read = 0;
  let size = 0;
  const visit = async (folder: string): Promise<string | undefined> => {
    if (visited.has(folder)) return undefined;
    visited.add(folder);
    const entries = await tree.entries(folder);
    for (const entry of entries.filter((name) => /\.[ch]$/.test(name))) {
      if (signal?.aborted === true) return 'the search was canceled';
      if (read >= limits.files || size >= limits.size) return `without git only ${read} files near ${from === '' ? 'the top' : from} were searched`;
      const path = join(folder, entry);
      const text = (await tree.text(path)) ?? '';
      read += 1;
      size += text.length;
      if (take(path, text)) files.push(path);
    }
    for (const entry of entries.filter((name) => name.endsWith('/'))) {
      const below = join(folder, entry);
      if (SKIPPED.test(below)) continue;
      const cut = await visit(below.slice(0, -1));
      if (cut !== undefined) return cut;
    }
    return undefined;
  };
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    const cut = await visit(folder);
    if (cut !== undefined) return { files, incomplete: cut };
    if (folder === '') return { files, incomplete: 'without git, other architectures, tools and samples were not searched' };
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
