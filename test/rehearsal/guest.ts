/** Boots Debian's kernel in QEMU with a zoo of tasks, and live patches functions of it. */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RehearsalParts } from '../../scripts/rehearsal.mjs';

/** What guest/zoo.c keeps. */
export const ANIMALS = ['poll', 'select', 'nanosleep', 'pause', 'epoll', 'futex', 'pipe', 'wait4', 'vfork', 'stopped', 'spin', 'syscalls'] as const;
export type Animal = (typeof ANIMALS)[number];

export interface Plan {
  /** Patches to load one after the other: of each the functions, at most four, all of vmlinux. */
  readonly patches: readonly (readonly string[])[];
  readonly animals: readonly Animal[];
  readonly cpus: number;
  /** How long a transition may take before it is forced, in seconds of the guest's clock. */
  readonly seconds: number;
}

/** The guest's serial ports: the kernel's lines, and what guest/init.sh found. */
export interface Recorded {
  readonly console: string;
  readonly found: string;
}

/** Longest time that is waited for one patch, beside its own seconds: QEMU emulates every instruction, and the machine may be busy. */
const PATIENCE_S = 240;

/**
 * Needs no rights but to run QEMU, and no network. The guest has no disk.
 *
 * @param root the top of this project
 * @throws Error when something cannot be built, or the guest does not come to its end
 */
export async function rehearse(parts: RehearsalParts, plan: Plan, root: string): Promise<Recorded> {
  const sources = join(root, 'test/rehearsal/guest');
  const folder = mkdtempSync(join(tmpdir(), 'livepatch-rehearsal-'));
  try {
    const files = join(folder, 'files');
    for (const each of ['bin', 'boot', 'dev', 'modules']) mkdirSync(join(files, each), { recursive: true });
    modules(parts, plan.patches.length, sources, join(folder, 'modules'), join(files, 'modules'));
    execFileSync('gcc', ['-O1', '-static', '-o', join(files, 'zoo'), join(sources, 'zoo.c')]);
    copyFileSync(parts.busybox, join(files, 'bin/busybox'));
    copyFileSync(parts.config, join(files, `boot/config-${parts.release}`));
    copyFileSync(join(sources, 'init.sh'), join(files, 'init'));
    for (const program of ['init', 'bin/busybox']) chmodSync(join(files, program), 0o755);
    // What `livepatch-studio snapshot` prints.
    copyFileSync(join(root, 'server/src/cli/collect.sh'), join(files, 'collect.sh'));
    writeFileSync(join(files, 'animals'), plan.animals.join(' '));
    writeFileSync(join(files, 'patches'), plan.patches.map((functions, index) => `${index + 1} ${plan.seconds} ${functions.join(' ')}\n`).join(''));
    const archive = join(folder, 'initrd');
    writeFileSync(archive, execFileSync('sh', ['-c', 'find . | "$0" cpio -o -H newc 2>/dev/null', parts.busybox], { cwd: files, maxBuffer: 1 << 28 }));
    return await boot(parts, plan, folder, archive);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A module for each patch: the same one under other names, as a patch that was forced keeps its module. */
function modules(parts: RehearsalParts, count: number, sources: string, build: string, into: string): void {
  mkdirSync(build);
  copyFileSync(join(sources, 'passthrough.c'), join(build, 'passthrough.c'));
  const names = Array.from({ length: count }, (_, index) => `rehearsal_${index + 1}`);
  for (const name of names) writeFileSync(join(build, `${name}.c`), '#include "passthrough.c"\n');
  writeFileSync(join(build, 'Kbuild'), `obj-m := ${names.map((name) => `${name}.o`).join(' ')}\n`);
  execFileSync('make', ['-s', '-C', parts.headers, `M=${build}`, 'modules'], { stdio: ['ignore', 'ignore', 'pipe'] });
  for (const name of names) copyFileSync(join(build, `${name}.ko`), join(into, `${name}.ko`));
}

function boot(parts: RehearsalParts, plan: Plan, folder: string, archive: string): Promise<Recorded> {
  const [console, found] = [join(folder, 'console'), join(folder, 'found')];
  const args = [
    '-accel', 'tcg', '-smp', String(plan.cpus), '-m', '512', '-nodefaults', '-display', 'none', '-no-reboot', '-nic', 'none',
    '-kernel', parts.kernel, '-initrd', archive, '-append', 'console=ttyS0 panic=-1 quiet', '-serial', `file:${console}`, '-serial', `file:${found}`,
  ];
  return new Promise((resolve, reject) => {
    const guest = spawn('qemu-system-x86_64', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let complaint = '';
    guest.stderr.on('data', (data: Buffer) => { complaint += data.toString(); });
    const timer = setTimeout(() => guest.kill('SIGKILL'), plan.patches.length * (plan.seconds + PATIENCE_S) * 1000);
    guest.on('error', reject);
    guest.on('exit', () => {
      clearTimeout(timer);
      const recorded = { console: read(console), found: read(found) };
      if (/^@@ end$/m.test(recorded.found)) resolve(recorded);
      else reject(new Error(`the guest did not come to its end: ${complaint.trim() || (recorded.console.trim().split('\n').at(-1) ?? '')}`));
    });
  });
}

/** A serial line ends with CR LF. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r/g, '');
  } catch {
    return '';
  }
}
