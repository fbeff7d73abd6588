/** What the open tree is compared with: a commit of its repository, or another folder. */
import { realpath, stat } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import type { Host } from '../host/ports';
import { decodeReading, readTreeFile, type Side } from '../host/reading';
import { decodeText } from '../syntax/decode';
import { differingPaths } from '../host/trees';
import type { BaselineChoice } from './protocol';

export interface Baseline {
  readonly choice: BaselineChoice;
  /** For people: `HEAD (1a2b3c4d5e6f)`, a folder's path. */
  readonly label: string;
  /** A file's text, or why it has none that can be read; neither when the baseline has no such file. Path relative to the tree. */
  read(path: string): Promise<Side>;
  /** Paths, relative to the tree, that differ on disk. Rejects when this is no baseline of the tree. */
  changedFiles(): Promise<readonly string[]>;
}

/** There is nothing to compare with until somebody chooses a folder. */
export class NoRepositoryError extends Error {}

/** Rejects with one sentence fit to show when the choice cannot be had. */
export async function openBaseline(choice: BaselineChoice, treeRoot: string, host: Host): Promise<Baseline> {
  return choice.kind === 'git' ? gitBaseline(choice.ref, treeRoot, host) : folderBaseline(choice.path, treeRoot);
}

async function gitBaseline(ref: string, treeRoot: string, host: Host): Promise<Baseline> {
  const { git } = host;
  if (git === undefined) throw new Error('Git is not used in a folder that is not trusted. Trust the workspace, or choose a folder as the baseline.');
  const root = await git.findRoot(treeRoot);
  if (root === undefined) throw new NoRepositoryError('This kernel tree is not in a git repository. Choose a folder with the unpatched tree as the baseline.');
  const commit = await git.resolve(root, ref);
  // A kernel tree may be a folder of a larger repository, and be opened through a link.
  const under = relative(root, await realpath(treeRoot)).split(sep).join('/');
  const prefix = under === '' ? '' : `${under}/`;
  return {
    choice: { kind: 'git', ref },
    label: `${ref} (${commit.slice(0, 12)})`,
    async read(path) {
      const bytes = await git.show(root, commit, prefix + path);
      return bytes === undefined ? {} : decodeText(bytes);
    },
    async changedFiles() {
      const changed = await git.changedFiles(root, commit, under === '' ? undefined : under);
      return changed.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
    },
  };
}

async function folderBaseline(folder: string, treeRoot: string): Promise<Baseline> {
  const isFolder = await stat(folder).then((found) => found.isDirectory(), () => false);
  if (!isFolder) throw new Error(`There is no folder ${folder}.`);
  return {
    choice: { kind: 'folder', path: folder },
    label: folder,
    read: async (path) => decodeReading(await readTreeFile(folder, path)),
    changedFiles: () => differingPaths(folder, treeRoot),
  };
}
