import type { Uri as VsUri } from 'vscode';
import { Uri, window, workspace } from 'vscode';
import { createHash } from 'node:crypto';
import { basename } from 'node:path';

/** Snapshots are some 100 KB, and only the one that is shown, and those that windows still remember, matter. */
const KEPT = 8;

/** Texts of stacks that were dropped on the preview: files of the extension's own, so that they are still there after a reload. */
export class DroppedSnapshots {
  readonly #folder: VsUri;

  constructor(storage: VsUri) {
    this.#folder = Uri.joinPath(storage, 'snapshots');
  }

  /** The file that now holds the text, under the name it came by. The same text is kept once. */
  async keep(name: string, text: string): Promise<VsUri> {
    const folder = Uri.joinPath(this.#folder, createHash('sha256').update(text).digest('hex').slice(0, 16));
    const file = Uri.joinPath(folder, basename(name.replaceAll('\\', '/')).replace(/^\.*$/, 'stacks.txt'));
    await workspace.fs.createDirectory(folder);
    await workspace.fs.writeFile(file, Buffer.from(text));
    await this.#forgetOld(folder);
    return file;
  }

  /** Whether a path is one of ours, and will not stay. */
  holds(path: string): boolean {
    return path.startsWith(this.#folder.fsPath);
  }

  async #forgetOld(kept: VsUri): Promise<void> {
    const folders = (await workspace.fs.readDirectory(this.#folder)).map(([name]) => Uri.joinPath(this.#folder, name)).filter(({ path }) => path !== kept.path);
    const aged = await Promise.all(folders.map(async (folder) => ({ folder, at: (await workspace.fs.stat(folder)).mtime })));
    for (const { folder } of aged.sort((a, b) => b.at - a.at).slice(KEPT - 1)) await workspace.fs.delete(folder, { recursive: true });
  }
}

/** A file of recorded stacks that the user chooses. */
export async function chooseSnapshot(folder: string | undefined): Promise<VsUri | undefined> {
  const picked = await window.showOpenDialog({
    title: 'Import Snapshot',
    openLabel: 'Import',
    filters: { 'Task Stacks': ['klpsnap', 'txt', 'log'], 'All Files': ['*'] },
    ...(folder !== undefined && { defaultUri: Uri.parse(folder) }),
  });
  return picked?.[0];
}
