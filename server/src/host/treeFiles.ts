/** All C files of a tree, for a thread that may block: 50,000 files through promises take three times as long. */
import { closeSync, fstatSync, openSync, readSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isKernelCode } from '../kernel/architecture';
import { PADDING } from '../syntax/scan/byteLexer';

/** Larger files than this hold no code a person wrote. */
const LARGEST = 64 << 20;

/** Paths of the kernel's .c and .h files, relative to `root`, in order. Links are not followed; a folder that cannot be read has none. */
export function sourcePaths(root: string): string[] {
  const paths: string[] = [];
  const visit = (folder: string): void => {
    let entries;
    try {
      entries = readdirSync(join(root, folder), { withFileTypes: true });
    } catch {
      return;
    }
    for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!entry.name.startsWith('.') && isKernelCode(`${path}/`, undefined)) visit(path);
      } else if (entry.isFile() && /\.[ch]$/.test(entry.name) && isKernelCode(path, undefined)) paths.push(path);
    }
  };
  visit('');
  return paths;
}

/** Reads one file after the other into the same bytes, as the scanner wants them: zeros behind the text. */
export class FileBytes {
  bytes: Uint8Array = new Uint8Array(1 << 20);
  length = 0;
  /** In milliseconds since 1970. */
  modified = 0;

  /** False when there is no such regular file, it cannot be read, or it is larger than 64 MB. */
  read(path: string): boolean {
    let file: number;
    try {
      file = openSync(path, 'r');
    } catch {
      return false;
    }
    try {
      const stat = fstatSync(file);
      if (!stat.isFile() || stat.size > LARGEST) return false;
      if (stat.size + PADDING > this.bytes.length) this.bytes = new Uint8Array((stat.size + PADDING) * 2);
      this.length = 0;
      while (this.length < stat.size) {
        const read = readSync(file, this.bytes, this.length, stat.size - this.length, null);
        if (read === 0) break;
        this.length += read;
      }
      this.bytes.fill(0, this.length, this.length + PADDING);
      this.modified = stat.mtimeMs;
      return true;
    } catch {
      return false;
    } finally {
      closeSync(file);
    }
  }
}
