/** The collector script: clean by shellcheck, right about a made-up /proc in every awk there is, and about this machine's own. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { ensureCommands } from '../../../scripts/vscode/apt.mjs';
import { parseSnapshot } from '../../../server/src/simulate/snapshots';
import { summary } from './summary';

ensureCommands({ shellcheck: 'shellcheck', busybox: 'busybox' }, () => undefined);
const source = fileURLToPath(new URL('../../../server/src/cli/collect.sh', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'livepatch-collect-'));
// Another user has to be able to read it, wherever this checkout is.
chmodSync(folder, 0o755);
const script = join(folder, 'collect.sh');
copyFileSync(source, script);
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

/** Only busybox's commands, as on a small system. */
const applets = join(folder, 'bin');
mkdirSync(applets);
for (const applet of ['awk', 'cat', 'grep', 'gzip', 'sh', 'uname', 'xargs', 'zcat']) symlinkSync('/bin/busybox', join(applets, applet));
const SHELLS: Readonly<Record<string, { readonly command: readonly string[]; readonly path?: string }>> = {
  sh: { command: ['sh'] },
  bash: { command: ['bash', '--posix'] },
  'busybox and nothing else': { command: ['/bin/busybox', 'sh'], path: applets },
};

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function collect(shell: string, env: NodeJS.ProcessEnv = {}, options: { readonly uid?: number; readonly gid?: number } = {}): Outcome {
  const { command, path } = SHELLS[shell] ?? { command: [shell] };
  const [program = '', ...args] = command;
  const { status, stdout, stderr } = spawnSync(program, [...args, script], { encoding: 'utf8', env: { ...process.env, ...(path === undefined ? {} : { PATH: path }), ...env }, ...options });
  return { status, stdout, stderr };
}

/** PF_KTHREAD, and what else such flags hold. */
const KTHREAD_FLAGS = 2_129_984;
const madeUp = join(folder, 'proc');
function thread(tgid: number, tid: number, stat: string, files: Readonly<Record<string, string>>): void {
  const path = join(madeUp, String(tgid), 'task', String(tid));
  mkdirSync(path, { recursive: true });
  for (const [name, text] of Object.entries({ stat: `${tid} ${stat} 0 0 0 0 0 0 0 0 0 20 0 1 0\n`, ...files })) writeFileSync(join(path, name), text);
}
mkdirSync(madeUp);
writeFileSync(join(madeUp, 'stat'), 'cpu  1 2 3\ncpu0 1 2 3\ncpu1 1 2 3\ncpu2 1 2 3\nintr 5\n');
writeFileSync(join(madeUp, 'version'), 'Linux version 6.1.0 (build@example.org) #1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2\n');
writeFileSync(join(folder, 'config'), 'CONFIG_HZ=300\nCONFIG_HZ_300=y\nCONFIG_PREEMPT_DYNAMIC=y\nCONFIG_UNWINDER_ORC=y\nCONFIG_HAVE_RELIABLE_STACKTRACE=y\nCONFIG_STACKTRACE=y\nCONFIG_LIVEPATCH=y\n# CONFIG_PREEMPT_RT is not set\n');
thread(834, 834, `(nfsd) S 2 0 0 0 -1 ${KTHREAD_FLAGS}`, { stack: '[<0>] svc_recv+0x8e/0xa0 [sunrpc]\n[<0>] nfsd+0x8c/0xe0 [nfsd]\n[<0>] kthread+0xd7/0x100\n[<0>] ret_from_fork+0x1f/0x30\n', patch_state: '1\n' });
thread(900, 900, '(a) b (c"d) R 1 900 900 0 -1 4194304', { stack: '', patch_state: '-1\n' });
thread(900, 901, '(two\nlines) S 1 900 900 0 -1 4194304', { stack: '[<0>] do_sys_poll+0x3c9/0x5e0\n[<0>] __x64_sys_poll+0x37/0x130\n[<0>] do_syscall_64+0x33/0x80\n[<0>] entry_SYSCALL_64_after_hwframe+0x44/0xa9\n', patch_state: '0\n' });
thread(950, 950, '(deep) D 1 950 950 0 -1 4194304', { stack: '[<0>] again+0x1/0x2\n'.repeat(80), patch_state: '0\n' });
mkdirSync(join(madeUp, '960/task/960'), { recursive: true });
mkdirSync(join(madeUp, 'self'));
writeFileSync(join(madeUp, 'self/patch_state'), '-1\n');
const env = { PROC: madeUp, CONFIG: join(folder, 'config') };

it('is clean by shellcheck, as a POSIX script', () => {
  expect(spawnSync('shellcheck', ['--severity=style', '--shell=sh', script], { encoding: 'utf8' })).toMatchObject({ status: 0, stdout: '' });
});

describe.each(Object.keys(SHELLS))('in %s', (shell) => {
  it('tells what a made-up /proc holds', () => {
    const { status, stdout, stderr } = collect(shell, env);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const snapshot = parseSnapshot(stdout.replace(/release="[^"]*" arch="[^"]*"/, 'release="6.1.0" arch="x86_64"'));
    expect(snapshot === undefined ? '' : summary(snapshot)).toBe([
      'format collector',
      'facts {"kernelVersion":"6.1.0","arch":"x86_64","cpus":3,"hz":300,"preemption":"dynamic","unwinder":"orc","reliableStacks":true}',
      'untold 1 task has an incomplete stack',
      'malformed 0',
      '834 of 834 "nfsd" kthread S hidden patch_state 1',
      '    svc_recv[sunrpc] nfsd[nfsd] kthread ret_from_fork',
      '900 of 900 "a) b (c\\"d" user R hidden',
      '901 of 900 "two\\nlines" user S hidden patch_state 0',
      '    do_sys_poll __x64_sys_poll do_syscall_64 entry_SYSCALL_64_after_hwframe',
      '950 of 950 "deep" user D hidden patch_state 0 (/proc shows 64 entries at most)',
      `    ${'again '.repeat(64).trim()}`,
      '',
    ].join('\n'));
  });

  it('stops at as many tasks as it is told, and says how many it left out', () => {
    const { stdout } = collect(shell, { ...env, MAX_TASKS: '2' });
    expect(stdout.match(/^task /gm)).toHaveLength(2);
    expect(stdout).toMatch(/\nend tasks=2 left_out=2\n$/);
  });

  it('tells this machine\'s own tasks; without the rights: one line, status 1, and nothing told', () => {
    const refused = { status: 1, stdout: '', stderr: 'kernel stacks cannot be read: run this as root (CAP_SYS_ADMIN), on a kernel with CONFIG_STACKTRACE\n' };
    if (process.getuid?.() !== 0) {
      expect(collect(shell)).toEqual(refused);
      return;
    }
    expect(collect(shell, {}, { uid: 65_534, gid: 65_534 })).toEqual(refused);
    const { status, stdout, stderr } = collect(shell);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const snapshot = parseSnapshot(stdout);
    expect(snapshot?.format).toBe('collector');
    expect(snapshot?.malformed).toEqual({ count: 0, first: [] });
    expect(snapshot?.untold.join()).not.toContain('breaks off');
    expect(snapshot?.facts.cpus).toBe(Number(execFileSync('nproc', ['--all'], { encoding: 'utf8' })));
    expect(snapshot?.facts.kernelVersion).toBe(execFileSync('uname', ['-r'], { encoding: 'utf8' }).trim());
    // This test is one of them, and it is at work or waits for the script.
    const self = snapshot?.tasks.find(({ pid }) => pid === process.pid);
    expect(self?.comm).toBe(readFileSync('/proc/self/comm', 'utf8').trimEnd());
    expect(self?.kind).toBe('user');
    expect(snapshot?.tasks.some(({ frames }) => frames.some(({ name }) => name === 'entry_SYSCALL_64_after_hwframe' || name === 'el0t_64_sync'))).toBe(true);
  });

  it.each([[{ MAX_TASKS: 'all' }, 'MAX_TASKS is a number, not "all"\n'], [{ PROC: '/nowhere' }, '/nowhere is no /proc\n']])('refuses %j', (bad, stderr) => {
    expect(collect(shell, bad)).toEqual({ status: 2, stdout: '', stderr });
  });
});

it('breaks off where the file does: the tasks behind are known to be missing', () => {
  const { stdout } = collect('sh', env);
  const cut = parseSnapshot(stdout.slice(0, stdout.indexOf('do_syscall_64')));
  expect(cut?.untold.join()).toContain('breaks off');
  expect(cut?.tasks.at(-1)?.incomplete).toBe('the snapshot breaks off in it');
});
