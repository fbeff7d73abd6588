/** Where a tree's index lies, and opening it. */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { NotAnIndexError } from '../kernel/index/file';
import { PagedFile } from '../kernel/index/pagedFile';
import { StoredIndex } from '../kernel/index/storedIndex';
import { codeOf } from './files';

/** One file for each tree, in the user's cache folder (XDG Base Directory Specification) unless another folder is named. */
export function indexPathOf(tree: string, folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'livepatch-studio')): string {
  return join(folder, `index-${createHash('sha256').update(tree).digest('hex').slice(0, 16)}.lpsx`);
}

export interface OpenIndex {
  readonly index: StoredIndex;
  close(): void;
}

/** The stored index of a tree; undefined when there is none, or what is there is damaged, of another version or of another tree. Throws when it cannot be read. */
export function openIndex(path: string, tree: string): OpenIndex | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
  try {
    const index = new StoredIndex(new PagedFile({ length: fstatSync(file).size, read: (into, offset) => { readExactly(file, into, offset); } }));
    if (index.file.directory.tree === tree) return { index, close: () => { closeSync(file); } };
    closeSync(file);
    return undefined;
  } catch (error) {
    closeSync(file);
    if (error instanceof NotAnIndexError || error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

function readExactly(file: number, into: Uint8Array, offset: number): void {
  for (let at = 0; at < into.length;) {
    const read = readSync(file, into, at, into.length - at, offset + at);
    if (read === 0) throw new NotAnIndexError('it ends too early');
    at += read;
  }
}
