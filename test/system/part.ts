/** A part of the kernel tree in a git repository: all of a few folders, and every header. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { kernelSource } from '../../scripts/setup.mjs';

const PARTS = ['Makefile', 'Kbuild', 'Kconfig', 'fs/Makefile', 'fs/proc', 'fs/ext4', 'kernel/Makefile', 'kernel/sched', 'mm', 'net/Makefile', 'net/core', 'include/linux', 'include/net'];

let made: string | undefined;

afterAll(() => {
  if (made !== undefined) rmSync(made, { recursive: true });
});

/** Its folder; made at the first call of a test file, gone after its tests. */
export function partOfKernel(): string {
  made ??= makePart();
  return made;
}

function makePart(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'livepatch-kernel-')));
  for (const path of PARTS) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(kernelSource, path), join(folder, path), { recursive: true });
  }
  const git = (...args: string[]): void => {
    execFileSync('git', ['-c', 'core.looseCompression=0', '-c', 'gc.auto=0', '-c', 'user.name=A', '-c', 'user.email=a@example.org', ...args], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  };
  git('init', '--quiet');
  git('add', '--all', '--force');
  git('commit', '--quiet', '--message=base');
  return folder;
}
