/** The file behind an option that takes one. */
import { resolve } from 'node:path';
import { nodeFiles } from '../host/files';
import { TooLargeError } from '../host/ports';
import { shown } from './options';
import { UsageError, type Terminal } from './terminal';

/**
 * @param path as given: absolute, or from the current folder
 * @param most bytes
 * @throws UsageError when there is no such file, or it is larger
 */
export async function optionFile(option: string, path: string, terminal: Terminal, most?: number): Promise<Uint8Array> {
  const bytes = await nodeFiles.readFile(resolve(terminal.cwd, path), most).catch((error: unknown) => {
    if (most === undefined || !(error instanceof TooLargeError)) throw error;
    throw new UsageError(`--${option} ${shown(path)} is too large: at most ${most / 1024 / 1024} MB are read`);
  });
  if (bytes === undefined) throw new UsageError(`--${option} ${shown(path)}: there is no such file`);
  return bytes;
}
