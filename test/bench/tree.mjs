// The whole kernel tree under git: what the benchmark's editor has open. Made once and kept.
import { execFileSync } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Files an edit is measured in, from 17 to 11,700 lines. */
export const files = ['fs/proc/cmdline.c', 'fs/proc/meminfo.c', 'kernel/sched/core.c', 'net/core/dev.c', 'fs/ext4/super.c', 'mm/page_alloc.c'];

/** The largest a person edits by hand: a driver of 700 KB, and a header of 3 MB, 26,000 macros. */
export const largeFiles = ['drivers/scsi/lpfc/lpfc_sli.c', 'drivers/gpu/drm/amd/include/asic_reg/gc/gc_9_0_sh_mask.h'];

/**
 * A repository of `source`, beside it. Its work tree is hard links (5 s, no space), so nothing may ever write into it;
 * the objects are stored without compression (50 s instead of minutes).
 *
 * @param {string} source the pristine kernel tree
 * @param {(line: string) => void} log
 * @returns {string} absolute path
 */
export function repositoryOf(source, log) {
  const repository = `${source}-git`;
  if (existsSync(join(repository, '.git/HEAD'))) return repository;
  log('committing the kernel tree to a repository, once …');
  const beside = `${repository}.${process.pid}`;
  try {
    execFileSync('cp', ['-al', source, beside]);
    const git = (...args) => execFileSync('git', ['-c', 'core.looseCompression=0', '-c', 'gc.auto=0', '-c', 'user.name=bench', '-c', 'user.email=bench@example.org', ...args], { cwd: beside, stdio: 'ignore' });
    git('init', '--quiet');
    git('add', '--all', '--force');
    git('commit', '--quiet', '--message=base');
    rmSync(repository, { recursive: true, force: true });
    renameSync(beside, repository);
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
  return repository;
}
