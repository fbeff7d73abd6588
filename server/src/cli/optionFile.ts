/** The file behind an option that takes one. */
import { resolve } from 'node:path';
import { nodeFiles } from '../host/files';
import { shown } from './options';
import { UsageError, type Terminal } from './terminal';

/**
 * @param path as given: absolute, or from the current folder
 * @throws UsageError when there is no such file
 */
export async function optionFile(option: string, path: string, terminal: Terminal): Promise<Uint8Array> {
  const bytes = await nodeFiles.readFile(resolve(terminal.cwd, path));
  if (bytes === undefined) throw new UsageError(`--${option} ${shown(path)}: there is no such file`);
  return bytes;
}
