/** What the open tree is compared with: a commit of its repository, or another folder. */
import { join } from 'node:path';
import { decodeText, type Decoded } from '../host/text';
import type { Host } from '../host/ports';
import type { BaselineChoice } from './protocol';

export interface Baseline {
  readonly choice: BaselineChoice;
  /** For people: `HEAD (1a2b3c4d5e6f)`, a folder's path. */
  readonly label: string;
  /** A file's text, why it has none that can be read, or undefined when the baseline has no such file. Path relative to the tree. */
  read(path: string): Promise<Decoded | undefined>;
  /** Paths, relative to the tree, that differ on disk. */
  changedFiles(): Promise<readonly string[]>;
}

/** Rejects with one sentence fit to show when the choice cannot be had. */
export async function openBaseline(choice: BaselineChoice, treeRoot: string, host: Host): Promise<Baseline> {
  return choice.kind === 'git' ? gitBaseline(choice.ref, treeRoot, host) : folderBaseline(choice.path, treeRoot, host);
}

async function gitBaseline(ref: string, treeRoot: string, host: Host): Promise<Baseline> {
  const { git } = host;
  if (git === undefined) throw new Error('Git is not used in a folder that is not trusted. Trust the workspace, or choose a folder as the baseline.');
  const root = await git.findRoot(treeRoot);
  if (root === undefined) throw new Error('This kernel tree is not in a git repository. Choose a folder with the unpatched tree as the baseline.');
  const commit = await git.resolve(root, ref);
  // A kernel tree may be a folder of a larger repository.
  const prefix = treeRoot === root ? '' : `${treeRoot.slice(root.length).replace(/^\/+/, '')}/`;
  return {
    choice: { kind: 'git', ref },
    label: `${ref} (${commit.slice(0, 12)})`,
    async read(path) {
      const bytes = await git.show(root, commit, prefix + path);
      return bytes === undefined ? undefined : decodeText(bytes);
    },
    async changedFiles() {
      const changed = await git.changedFiles(root, commit, prefix === '' ? undefined : prefix);
      return changed.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
    },
  };
}

async function folderBaseline(folder: string, treeRoot: string, host: Host): Promise<Baseline> {
  const { files } = host;
  if ((await files.readDirectory(folder)) === undefined) throw new Error(`There is no folder ${folder}.`);
  const read = async (path: string): Promise<Decoded | undefined> => {
    const bytes = await files.readFile(join(folder, path));
    return bytes === undefined ? undefined : decodeText(bytes);
  };
  return {
    choice: { kind: 'folder', path: folder },
    label: folder,
    read,
    changedFiles: () => compareFolders(folder, treeRoot, host),
  };
}

/** Kernel sources and build files; what a build leaves behind is no edit. */
const isSource = (name: string): boolean => /\.([chS]|lds|dts|dtsi)$|^(Makefile|Kbuild|Kconfig)/.test(name);

async function compareFolders(before: string, after: string, host: Host): Promise<string[]> {
  const changed: string[] = [];
  const visit = async (path: string): Promise<void> => {
    const [old, now] = await Promise.all([host.files.readDirectory(join(before, path)), host.files.readDirectory(join(after, path))]);
    for (const name of new Set([...(old ?? []), ...(now ?? [])])) {
      if (name.startsWith('.')) continue;
      if (name.endsWith('/')) await visit(`${path}${name}`);
      else if (isSource(name)) {
        const [one, other] = await Promise.all([host.files.readFile(join(before, path, name)), host.files.readFile(join(after, path, name))]);
        if (one === undefined || other === undefined || Buffer.compare(one, other) !== 0) changed.push(`${path}${name}`);
      }
    }
  };
  await visit('');
  return changed;
}
