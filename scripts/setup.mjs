// What tests and measurements need beyond npm packages, each made once: Debian packages (as root) and the kernel's source.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { BROWSER, ensureCommands, installPackages } from './vscode/apt.mjs';

/** Where everything that is fetched or unpacked lies. */
export const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'livepatch-studio');

/** Where the extracted kernel source is; LIVEPATCH_STUDIO_KERNEL names another tree. */
export const kernelSource = process.env.LIVEPATCH_STUDIO_KERNEL ?? join(cache, 'linux-source-6.1');

const TARBALL = '/usr/src/linux-source-6.1.tar.xz';

/** Commands, and the Debian packages that bring them. */
const COMMANDS = { gcc: 'gcc', objdump: 'binutils', git: 'git', patch: 'patch', xz: 'xz-utils', ctags: 'universal-ctags', ...BROWSER, shellcheck: 'shellcheck', busybox: 'busybox' };

/** @throws Error with one line that says what to install */
export function setUp(log) {
  ensureCommands(COMMANDS, log);
  if (existsSync(join(kernelSource, 'Makefile'))) return;
  if (!existsSync(TARBALL)) installPackages(['linux-source-6.1'], "the kernel's source (LIVEPATCH_STUDIO_KERNEL may name a tree)", log);
  log('unpacking linux-source-6.1, once …');
  // Beside, then renamed: an unpacking that broke off leaves no half tree.
  const beside = `${kernelSource}.${process.pid}`;
  mkdirSync(beside, { recursive: true });
  execFileSync('tar', ['xJf', TARBALL, '-C', beside, '--strip-components=1']);
  rmSync(kernelSource, { recursive: true, force: true });
  renameSync(beside, kernelSource);
}
