/** A tree's stored index where git cannot search the tree. */
import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { nodeGit } from '../host/git';
import { updateIndex } from '../host/indexing';
import { IndexKeeper } from '../host/indexKeeper';
import { indexPathOf } from '../host/indexFile';
import type { Terminal } from './terminal';

/**
 * The index, compared with the tree and brought up to date; undefined where git can be asked, which knows every word, or where nobody has made
 * one (`livepatch-studio index`). What cannot be done is told, and the tree is walked instead.
 *
 * @param overlay texts of the edit that are not on disk, by path
 * @param jobs threads that scan what changed since it was made
 */
export async function storedIndex(tree: string, overlay: ReadonlyMap<string, string | undefined>, jobs: number, terminal: Terminal): Promise<IndexKeeper | undefined> {
  const root = await realpath(tree);
  const path = indexPathOf(root);
  if (!existsSync(path) || (await nodeGit.findRoot(root).catch(() => undefined)) !== undefined) return undefined;
  const keeper = new IndexKeeper(root, path, {
    editor: { openText: (file) => (overlay.has(file) ? (overlay.get(file) ?? '') : undefined), openPaths: () => [...overlay.keys()] },
    update: (file, signal) => updateIndex(root, file, { jobs, worker: join(__dirname, 'indexWorker.js'), signal }),
    ended(failure) {
      if (failure !== undefined) terminal.err(`livepatch-studio: note: the stored index is not used: ${failure}\n`);
    },
  });
  await keeper.update();
  return keeper;
}
