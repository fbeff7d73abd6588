// What a rehearsal on a real kernel is made of, each fetched once: Debian's kernel and a static busybox (unpacked, not installed), QEMU and the kernel's headers (installed).
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cache } from './setup.mjs';
import { aptGet, ensureCommands, installPackages } from './vscode/apt.mjs';

/** @throws Error with one line that says what is missing */
export function rehearsalParts(log = () => undefined) {
  ensureCommands({ 'qemu-system-x86_64': 'qemu-system-x86', gcc: 'gcc', make: 'make' }, log);
  const image = kernelImage(log);
  const headers = `/usr/src/linux-headers-${image.release}`;
  // libc6-dev has the static library that the guest's programs are linked with.
  if (!existsSync(headers)) installPackages([`linux-headers-${image.release}`, 'libc6-dev'], headers, log);
  return { ...image, headers, busybox: join(unpacked('busybox-static', log), 'bin/busybox') };
}

/** Debian's kernel of today. @throws Error with one line that says what is missing */
export function kernelImage(log = () => undefined) {
  const image = dependency('linux-image-amd64', log);
  const release = image.replace(/^linux-image-/, '');
  const boot = join(unpacked(image, log), 'boot');
  return { release, kernel: join(boot, `vmlinuz-${release}`), config: join(boot, `config-${release}`) };
}

/** The package of today's kernel that a package without a version depends on. */
function dependency(name, log) {
  const named = () => /^ *Depends: (linux-image-\d\S*)$/m.exec(spawnSync('apt-cache', ['depends', name], { encoding: 'utf8' }).stdout ?? '')?.[1];
  let found = named();
  if (found === undefined) {
    log('apt-get update');
    aptGet('update');
    found = named();
  }
  if (found === undefined) throw new Error(`apt-cache knows no ${name}: a rehearsal takes Debian's kernel`);
  return found;
}

/** The folder with a package's files: downloaded and unpacked beside, then renamed, so that there is never half of it. */
function unpacked(name, log) {
  const folder = join(cache, 'packages', name);
  if (existsSync(folder)) return folder;
  log(`fetching ${name} …`);
  mkdirSync(join(cache, 'packages'), { recursive: true });
  const beside = mkdtempSync(`${folder}.`);
  try {
    const { status, stderr } = spawnSync('apt-get', ['download', '-qq', name], { cwd: beside, encoding: 'utf8' });
    const [file] = readdirSync(beside).filter((each) => each.endsWith('.deb'));
    if (status !== 0 || file === undefined) throw new Error(`apt-get download ${name} failed: ${stderr.trim().split('\n').at(-1)}`);
    execFileSync('dpkg-deb', ['-x', file, 'files'], { cwd: beside });
    renameSync(join(beside, 'files'), folder);
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
  return folder;
}
