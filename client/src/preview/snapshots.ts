import type { Uri as VsUri } from 'vscode';
import { FileType, Uri, window, workspace } from 'vscode';
import { createHash } from 'node:crypto';

/** Snapshots are some 100 KB, and only the one that is shown, and those that windows still remember, matter. */
const KEPT = 8;

/** Texts of stacks that were dropped on the preview: files of the extension's own, so that they are still there after a reload. */
export class DroppedSnapshots {
  readonly #folder: VsUri;

  constructor(storage: VsUri) {
    this.#folder = Uri.joinPath(storage, 'snapshots');
  }

  /** The file that now holds the text. The same text is kept once. */
  async keep(text: string): Promise<VsUri> {
    const file = Uri.joinPath(this.#folder, `${createHash('sha256').update(text).digest('hex').slice(0, 16)}.stacks.txt`);
    await workspace.fs.createDirectory(this.#folder);
    await workspace.fs.writeFile(file, Buffer.from(text));
    await this.#forgetOld();
    return file;
  }

  /** Whether a path is one of ours, and will not stay. */
  holds(path: string): boolean {
    return path.startsWith(this.#folder.fsPath);
  }

  async #forgetOld(): Promise<void> {
    const names = (await workspace.fs.readDirectory(this.#folder)).filter(([, type]) => type === FileType.File).map(([name]) => Uri.joinPath(this.#folder, name));
    const aged = await Promise.all(names.map(async (file) => ({ file, at: (await workspace.fs.stat(file)).mtime })));
    for (const { file } of aged.sort((a, b) => b.at - a.at).slice(KEPT)) await workspace.fs.delete(file);
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
