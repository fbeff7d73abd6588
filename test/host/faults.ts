/** Ports of which one call fails. */
import type { FileSystem, Git, Host } from '../../server/src/host/ports';

/** What a disk says of its end. */
export const FAULT = 'EIO: i/o error';

/** The same host, whose `failing`-th call (from 1) of all its ports together rejects; `calls` counts them. */
export function faulty(host: Host, failing: number): { readonly host: Host; readonly calls: () => number; readonly failed: () => string } {
  let calls = 0;
  let failed = '';
  const counted = <A extends readonly unknown[], R>(name: string, call: (...args: A) => Promise<R>) => (...args: A): Promise<R> => {
    calls += 1;
    if (calls !== failing) return call(...args);
    failed = `${name}(${args.map(String).join(', ')})`;
    return Promise.reject(new Error(FAULT));
  };
  const filesOf = (files: FileSystem): FileSystem => ({
    readFile: counted('readFile', (path) => files.readFile(path)),
    readDirectory: counted('readDirectory', (path) => files.readDirectory(path)),
  });
  const gitOf = (git: Git): Git => ({
    findRoot: counted('findRoot', (folder) => git.findRoot(folder)),
    resolve: counted('resolve', (root, ref) => git.resolve(root, ref)),
    show: counted('show', (root, commit, path) => git.show(root, commit, path)),
    changedFiles: counted('changedFiles', (root, commit, under) => git.changedFiles(root, commit, under)),
    grep: counted('grep', (root, words, pathspecs) => git.grep(root, words, pathspecs)),
  });
  return { host: { files: filesOf(host.files), ...(host.git === undefined ? {} : { git: gitOf(host.git) }) }, calls: () => calls, failed: () => failed };
}
