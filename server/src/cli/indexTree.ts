/** `livepatch-studio index`: makes the tree's index, or brings it up to date. */
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { updateIndex } from '../host/indexing';
import { indexPathOf } from '../host/indexFile';
import { findKernelTree } from '../kernel/tree';
import { nodeFiles } from '../host/files';
import { untilInterrupted } from './interrupt';
import { jobsOption, parseCommandLine, shown } from './options';
import { exit, UsageError, type ExitStatus, type Terminal } from './terminal';

export async function indexTree(args: readonly string[], terminal: Terminal): Promise<ExitStatus> {
  const line = parseCommandLine(args, { jobs: { type: 'string' } }, terminal);
  const jobs = jobsOption(line);
  const tree = await findKernelTree(nodeFiles, realpathSync(line.tree));
  if (tree === undefined) throw new UsageError(`${shown(line.tree)} is in no kernel tree`);
  const path = indexPathOf(tree);
  const progress = (done: number, total: number): void => { terminal.progress(`indexing: ${done} of ${total} files`); };
  const { files, scanned, removed } = await untilInterrupted('cancelled; the index is what it was before', (signal) => updateIndex(tree, path, { jobs, worker: join(__dirname, 'indexWorker.js'), signal, progress }));
  terminal.progress('');
  terminal.out(`${files} files in the index: ${scanned} scanned, ${removed} gone\n${path}\n`);
  return exit.patchable;
}
