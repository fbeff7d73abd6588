/** The file system port on Node. */
import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { TooLargeError, type FileSystem } from './ports';

/** Faults that mean "there is no such file": none there, a parent that is no folder, a name no file can have. */
const absent = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP']);

export const nodeFiles: FileSystem = {
  async readFile(path, most = Infinity) {
    return orAbsent(path, async () => {
      // O_NONBLOCK: opening a named pipe would otherwise wait for a writer that never comes.
      const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
      try {
        const status = await file.stat();
        if (!status.isFile()) return undefined;
        if (status.size > most) throw new TooLargeError(`${path} is too large`);
        return new Uint8Array(await file.readFile());
      } finally {
        await file.close();
      }
    });
  },

  async readDirectory(path) {
    return orAbsent(path, async () => {
      const entries = await readdir(path, { withFileTypes: true });
      return entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
    });
  },
};

async function orAbsent<T>(path: string, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof TooLargeError) throw error;
    const code = codeOf(error);
    if (code !== undefined && absent.has(code)) return undefined;
    throw new Error(`${path} could not be read: ${reasonOf(error)}`, { cause: error });
  }
}

/** The system's name of a fault, e.g. `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Why something could not be read, for the end of a sentence: without the path, which the system's own text repeats. */
export function reasonOf(error: unknown): string {
  const reasons: Readonly<Record<string, string>> = { ENOENT: 'there is no such file', ENOTDIR: 'there is no such file', EACCES: 'permission denied', EISDIR: 'it is a folder', ELOOP: 'too many symbolic links' };
  return reasons[codeOf(error) ?? ''] ?? messageOf(error);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
