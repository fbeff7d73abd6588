/** From the command line to what the engine takes: the tree, the edit and the configuration. */
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { analyze, type Analysis, type TreeAccess } from '../analysis';
import { editByPatches, editSinceCommit, editSinceFolder, type Edit } from '../host/edit';
import { nodeFiles } from '../host/files';
import { nodeGit } from '../host/git';
import { nodeHost } from '../host/node';
import { decodeText } from '../syntax/decode';
import { versionOfMakefile } from '../kernel/tree';
import { printable } from '../report/style';
import { optionFile } from './optionFile';
import { choice, jobsOption, kernelVersionOption, shown, type CommandLine } from './options';
import { storedIndex } from './storedIndex';
import { UsageError, type Terminal } from './terminal';

export interface Judged {
  readonly analysis: Analysis;
  /** The text a finding in this file points into: the edit's, or the baseline's where the edit deletes it; and of files beside the edit that a fix changes. */
  readonly textOf: (path: string) => string | undefined;
}

/** Reads the edit the command line names and judges it. */
export async function judgeEdit(line: CommandLine, terminal: Terminal): Promise<Judged> {
  const ways = [line.has('base') ? '--base' : '', line.has('base-dir') ? '--base-dir' : '', line.patches.length > 0 ? '--patch' : ''].filter((way) => way !== '');
  if (ways.length > 1) throw new UsageError(`the edit is named twice, by ${ways.join(' and ')}: give one of them`);
  const profile = choice(line, 'profile', ['klp-build', 'kpatch']);
  const givenVersion = kernelVersionOption(line);
  const jobs = jobsOption(line);
  await requireSources(line.tree);
  const configText = await readConfig(line, terminal);

  terminal.progress('reading the edit');
  const edit = await readEdit(line, terminal);
  for (const note of edit.notes) terminal.err(`livepatch-studio: note: ${printable(note)}\n`);

  const { overlay } = edit;
  const index = await storedIndex(line.tree, overlay ?? new Map(), jobs, terminal);
  const tree: TreeAccess = {
    root: line.tree,
    host: nodeHost,
    // A file that the patch deletes reads as empty: what it defined is gone.
    ...(overlay === undefined ? {} : { readAfter: (path: string) => (overlay.has(path) ? (overlay.get(path) ?? '') : undefined) }),
    ...(index === undefined ? {} : { index }),
    ...(configText === undefined ? {} : { configText }),
  };
  terminal.progress(`judging ${edit.files.length} file${edit.files.length === 1 ? '' : 's'}`);
  const analysis = await analyze(edit.files, tree, { profile, kernelVersion: givenVersion ?? (await treeVersion(line.tree)) });
  index?.dispose();
  for (const { path, line: at, message } of analysis.policyProblems) terminal.err(`livepatch-studio: note: ${printable(`${path}:${at}: ${message}`)}\n`);
  terminal.progress('');
  const texts = new Map(edit.files.map((file) => [file.path, file.after ?? file.before]));
  for (const path of changedBeside(analysis, texts)) {
    const bytes = await nodeFiles.readFile(join(line.tree, path));
    const decoded = bytes === undefined ? undefined : decodeText(bytes);
    if (decoded !== undefined && 'text' in decoded) texts.set(path, decoded.text);
  }
  return { analysis, textOf: (path) => texts.get(path) };
}

/** Files that are no part of the edit, and are changed by a way out of one of its findings. */
function changedBeside({ findings }: Analysis, edited: ReadonlyMap<string, unknown>): Set<string> {
  const paths = findings.flatMap(({ remedies }) => remedies.flatMap(({ fix }) => fix?.edits().map(({ path }) => path) ?? []));
  return new Set(paths.filter((path) => !edited.has(path)));
}

function readEdit(line: CommandLine, terminal: Terminal): Promise<Edit> {
  const base = line.value('base-dir');
  if (line.patches.length > 0) return editByPatches(line.tree, line.patches);
  if (base !== undefined) return editSinceFolder(line.tree, resolve(terminal.cwd, base));
  return editSinceCommit(nodeGit, line.tree, line.value('base') ?? 'HEAD');
}

async function readConfig(line: CommandLine, terminal: Terminal): Promise<string | undefined> {
  const given = line.value('config');
  if (given === undefined) return undefined;
  const decoded = decodeText(await optionFile('config', given, terminal));
  if ('unreadable' in decoded) throw new UsageError(`--config ${shown(given)} ${decoded.unreadable}`);
  return decoded.text;
}

/** The version the tree's top Makefile tells; undefined for a part of a tree. */
export async function treeVersion(tree: string): Promise<string | undefined> {
  const bytes = await nodeFiles.readFile(join(tree, 'Makefile'));
  return bytes === undefined ? undefined : versionOfMakefile(Buffer.from(bytes).toString('latin1'));
}

/** Folders looked into before a folder is held to have no C file. */
const mostFolders = 2000;

/** TREE is a kernel tree or a part of one: a Makefile that tells a version, or C files. */
async function requireSources(tree: string): Promise<void> {
  if ((await treeVersion(tree)) !== undefined) return;
  const pending = [tree];
  for (let looked = 0; looked < mostFolders; looked += 1) {
    const folder = pending.shift();
    if (folder === undefined) break;
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    if (entries.some((entry) => entry.isFile() && entry.name.endsWith('.c'))) return;
    pending.push(...entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map((entry) => join(folder, entry.name)));
  }
  throw new UsageError(`${tree} is no Linux kernel tree: no Makefile with VERSION and PATCHLEVEL, and no C file in it`);
}
