/**
 * What the core needs from outside, as interfaces: the same core runs in the editor, the command line, a
 * worker and a test. All paths given to a port are absolute, or relative to `root` where that is said.
 * Implementations reject with an `Error` whose message is fit to show; they never show anything themselves.
 */

export interface FileSystem {
  /** Bytes of a file, or undefined when there is none (or it is no regular file). Rejects on any other fault, and with a `TooLargeError` for a file of more than `most` bytes, which is not read. */
  readFile(path: string, most?: number): Promise<Uint8Array | undefined>;
  /** Entries of a folder, names only, folders with a trailing `/`; undefined when there is no such folder. */
  readDirectory(path: string): Promise<readonly string[] | undefined>;
}

export class TooLargeError extends Error {}

export interface Git {
  /** The work tree's root that holds `folder`, or undefined outside a repository. */
  findRoot(folder: string): Promise<string | undefined>;
  /** The commit a ref names. Rejects with a clear message for an unknown ref or one that begins with `-`. */
  resolve(root: string, ref: string): Promise<string>;
  /** Bytes of `path` (relative to root) at a commit, or undefined when it does not exist there. */
  show(root: string, commit: string, path: string): Promise<Uint8Array | undefined>;
  /** Paths (relative to root) that differ between a commit and the work tree, untracked files included, under `under`. */
  changedFiles(root: string, commit: string, under?: string): Promise<readonly string[]>;
  /** Files under `folder`, tracked or not and in a repository or not, whose text holds one of the words as a whole word (git grep -lw --no-index), relative to it; limited to the given path specs. */
  grep(folder: string, words: readonly string[], pathspecs: readonly string[]): Promise<readonly string[]>;
}

export interface Host {
  readonly files: FileSystem;
  /** Absent when git must not run (untrusted workspace) or is not installed. */
  readonly git?: Git;
}
