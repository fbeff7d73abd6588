// What tests and measurements need beyond npm packages, each made once: Debian packages (as root) and the kernel's source.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ensureCommands } from './vscode/apt.mjs';

const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'livepatch-studio');

/** Where the extracted kernel source is; LIVEPATCH_STUDIO_KERNEL names another tree. */
export const kernelSource = process.env.LIVEPATCH_STUDIO_KERNEL ?? join(cache, 'linux-source-6.1');

const TARBALL = '/usr/src/linux-source-6.1.tar.xz';

/** Commands, and the Debian packages that bring them. */
const COMMANDS = { gcc: 'gcc', objdump: 'binutils', git: 'git', patch: 'patch', xz: 'xz-utils', ctags: 'universal-ctags', chromium: 'chromium fonts-dejavu-core', shellcheck: 'shellcheck', busybox: 'busybox' };

/** @throws Error with one line that says what to install */
export function setUp(log) {
  ensureCommands(COMMANDS, log);
  if (existsSync(join(kernelSource, 'Makefile'))) return;
  if (!existsSync(TARBALL)) {
    if (process.getuid?.() !== 0) throw new Error('linux-source-6.1 is missing: run `apt-get install linux-source-6.1` as root, or name a kernel tree in LIVEPATCH_STUDIO_KERNEL');
    log('installing linux-source-6.1 …');
    execFileSync('apt-get', ['update', '-qq'], { stdio: 'ignore' });
    const result = spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'linux-source-6.1'], { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, encoding: 'utf8' });
    if (result.status !== 0) throw new Error(`linux-source-6.1 could not be installed: ${result.stderr.trim().split('\n').at(-1)}`);
  }
  log('unpacking linux-source-6.1, once …');
  // Beside, then renamed: an unpacking that broke off leaves no half tree.
  const beside = `${kernelSource}.${process.pid}`;
  mkdirSync(beside, { recursive: true });
  execFileSync('tar', ['xJf', TARBALL, '-C', beside, '--strip-components=1']);
  rmSync(kernelSource, { recursive: true, force: true });
  renameSync(beside, kernelSource);
}
