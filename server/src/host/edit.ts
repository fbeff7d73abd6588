/**
 * Where an edit comes from: the work tree against a git commit, against a folder, or patches applied to the tree in
 * memory. Each gives the changed files with both texts. Nothing is written, and nothing outside the tree is read
 * through a link or a patch's path.
 */
import { open, realpath } from 'node:fs/promises';
import { basename, relative, sep } from 'node:path';
import { applyPatches } from '../change/patch';
import type { EditedFile } from '../result';
import { reasonOf } from './files';
import type { Git } from './ports';
import type { Reading } from './reading';
import { decodeReading, readBytes, readTreeFile, sideBySide } from './reading';
import { differingPaths } from './trees';

export interface Edit {
  readonly files: readonly EditedFile[];
  /** What was assumed in reading them, a sentence each. */
  readonly notes: readonly string[];
  /** The edit's text of files whose text is not the tree's: set for patches. Undefined for a file the edit deletes. */
  readonly overlay?: ReadonlyMap<string, string | undefined>;
}

/** A baseline that differs in more files than this is another kernel, not the one that was edited. */
export const mostChangedFiles = 2000;

/** `tree` as it is against the commit that `ref` names. Rejects with a message that says what to give instead where there is no git. */
export async function editSinceCommit(git: Git, tree: string, ref: string): Promise<Edit> {
  const root = await git.findRoot(tree);
  if (root === undefined) throw new Error(`${tree} is not in a git repository: give --base-dir DIR or --patch FILE to name the edit`);
  const commit = await git.resolve(root, ref);
  const under = relative(root, await realpath(tree)).split(sep).join('/');
  const inTree = (path: string): string => (under === '' ? path : path.slice(under.length + 1));
  const paths = await git.changedFiles(root, commit, under);
  return collect(paths.map(inTree), async (path) => ({
    before: decodeReading(await shownAt(git, root, commit, under === '' ? path : `${under}/${path}`)),
    after: decodeReading(await readTreeFile(tree, path)),
  }));
}

async function shownAt(git: Git, root: string, commit: string, path: string): Promise<Reading> {
  const bytes = await git.show(root, commit, path);
  return bytes === undefined ? { kind: 'none' } : { kind: 'file', bytes };
}

/** `tree` as it is against the kernel in the folder `base`. */
export async function editSinceFolder(tree: string, base: string): Promise<Edit> {
  const paths = await differingPaths(base, tree);
  return collect(paths, async (path) => ({ before: decodeReading(await readTreeFile(base, path)), after: decodeReading(await readTreeFile(tree, path)) }));
}

/** `tree` is the baseline; the edit is what the patch files, applied in order, make of it. */
export async function editByPatches(tree: string, patchFiles: readonly string[]): Promise<Edit> {
  const patches = [];
  for (const file of patchFiles) patches.push({ name: file, text: toByteString(await readPatchFile(file)) });
  const patched = await applyPatches(patches, async (path) => {
    const reading = await readTreeFile(tree, toPath(path));
    if (reading.kind === 'other') throw new Error(`${basename(patchFiles[0] ?? '')}: ${toPath(path)} ${reading.reason}: patches follow no links`);
    return reading.kind === 'file' ? toByteString(reading.bytes) : undefined;
  });
  const readingOf = (text: string | undefined): Reading => (text === undefined ? { kind: 'none' } : { kind: 'file', bytes: Buffer.from(text, 'latin1') });
  const sides = new Map([...patched].map(([path, { before, after }]) => [toPath(path), { before: decodeReading(readingOf(before)), after: decodeReading(readingOf(after)) }]));
  const edit = await collect([...sides.keys()], (path) => Promise.resolve(sides.get(path) ?? { before: {}, after: {} }));
  return { ...edit, overlay: new Map(edit.files.map((file) => [file.path, file.after])) };
}

async function readPatchFile(file: string): Promise<Uint8Array> {
  // `-` is standard input, as for patch and git apply.
  const handle = file === '-' ? undefined : await open(file).catch((error: unknown) => { throw new Error(`the patch ${file} could not be read: ${reasonOf(error)}`); });
  if (handle === undefined) return readBytes(process.stdin);
  try {
    if (!(await handle.stat()).isFile()) throw new Error(`the patch ${file} is no file`);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** One character per byte: how patches and the files they change are compared, whatever their encoding. */
function toByteString(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

function toPath(byteString: string): string {
  return Buffer.from(byteString, 'latin1').toString('utf8');
}

async function collect(paths: readonly string[], read: (path: string) => Promise<Parameters<typeof sideBySide>[1]>): Promise<Edit> {
  if (paths.length > mostChangedFiles) throw new Error(`${paths.length} files differ from the baseline, at most ${mostChangedFiles} are judged at once: is it the right one?`);
  const files: EditedFile[] = [];
  const notes: string[] = [];
  for (const path of [...paths].sort()) {
    const { file, note } = sideBySide(path, await read(path));
    if (file !== undefined) files.push(file);
    if (note !== undefined) notes.push(note);
  }
  return { files, notes };
}
