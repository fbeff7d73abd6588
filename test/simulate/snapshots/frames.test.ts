/** Stack entries in every spelling, and stacks of other architectures. */
import { describe, expect, it } from 'vitest';
import { parseSnapshot } from '../../../server/src/simulate/snapshots';
import { createFrameReader } from '../../../server/src/simulate/snapshots/frames';

const { read } = createFrameReader('offset');

describe('a stack entry', () => {
  it.each([
    ['do_sys_poll+0x3c9/0x5e0', 'do_sys_poll', undefined, true],
    [' schedule+0x5a/0xd0', 'schedule', undefined, true],
    ['? kthread_is_per_cpu+0x30/0x30', 'kthread_is_per_cpu', undefined, false],
    ['[<0>] svc_recv+0x8e/0xa0 [sunrpc]', 'svc_recv', 'sunrpc', true],
    ['[<ffffffff81579620>] ? schedule+0x30/0x80', 'schedule', undefined, false],
    ['[<ffffffff81579620>] schedule', 'schedule', undefined, true],
    ['nfs_file_read+0xa4/0xd0 [nfs 0123456789abcdef0123456789abcdef01234567]', 'nfs_file_read', 'nfs', true],
    ['foo.isra.0.cold+0x1/0x2 [snd-hda-intel]', 'foo.isra.0.cold', 'snd-hda-intel', true],
    ['do_pselect.constprop.0+0x9/0xa', 'do_pselect.constprop.0', undefined, true],
    ['_RNvNtCs123_4core3fmt9Formatter+0x1/0x2', '_RNvNtCs123_4core3fmt9Formatter', undefined, true],
    ['el0_svc+0x28/0x90 (P)', 'el0_svc', undefined, true],
    ['[c0000000fd30f950] [c0000000001e2a0c] __schedule+0x2ac/0x900 (unreliable)', '__schedule', undefined, false],
    ['([<0000000000100e3e>] __schedule+0x2d6/0x8e0)', '__schedule', undefined, false],
    ['0xffffffffc0201000', '0xffffffffc0201000', undefined, true],
    ['do_nanosleep+46', 'do_nanosleep', undefined, true],
  ])('%s', (text, symbol, module, reliable) => {
    expect(read(text)).toMatchObject({ frame: { symbol, name: symbol.split('.')[0], ...(module === undefined ? {} : { module }) }, reliable });
  });

  it('the address that ends a stack in /proc of older kernels', () => {
    expect(read('[<ffffffffffffffff>] 0xffffffffffffffff')).toBe('end');
  });

  it.each(['', '?', 'schedule', 'schedule+', 'schedule+0x', 'schedule+0x1/0x', 'schedule+0x1/0x2 and more', 'schedule+0x1/0x2 [nfs', 'sched[  148.331551] serial8250: too much work', '[<xyz>] f+0x1/0x2', '[f+0x1/0x2]', 'f+0x1/0x2 [a b] (', 'RIP: 0033:0x47b7a0'])('is not: %j', (text) => {
    expect(read(text)).toBeUndefined();
  });
});

/** Written after arch/*'s show_stack(); `flags` is the thread's. */
const stackOf = (version: string, flags: string, lines: readonly string[], ppid = 1): string =>
  ['Linux version ' + version + ' (build@example.org)', `task:worker          state:S stack:0     pid:700   ppid:${ppid}      flags:${flags}`, 'Call Trace:', ...lines.map((line) => ` ${line}`), ''].join('\n');

describe('sysrq-t of other architectures', () => {
  it.each<[string, string, 'user' | 'kthread', boolean | undefined]>([
    ['x86, before the generic flags', stackOf('6.6.13', '0x00002000', ['schedule+0x5a/0xd0', 'do_syscall_64+0x5d/0xc0', 'entry_SYSCALL_64_after_hwframe+0x6e/0xd8']), 'user', true],
    ['x86, another flag', stackOf('6.6.13', '0x00000200', ['schedule+0x5a/0xd0', 'do_syscall_64+0x5d/0xc0', 'entry_SYSCALL_64_after_hwframe+0x6e/0xd8']), 'user', undefined],
    ['x86, with the generic flags', stackOf('6.18.2', '0x00000200', ['schedule+0x5a/0xd0', 'do_syscall_64+0x5d/0xc0', 'entry_SYSCALL_64_after_hwframe+0x6e/0xd8']), 'user', true],
    ['powerpc', stackOf('6.1.55', '0x00000040', ['[c0000000fd30f950] [c0000000001e2a0c] schedule+0x5c/0x120', '[c0000000fd30fe10] [c00000000000c0f8] system_call_vectored_common+0xf8/0x2ec']), 'user', true],
    ['powerpc, a kernel thread', stackOf('6.1.55', '0x00000000', ['[c0000000fd30f950] [c0000000001e2a0c] schedule+0x5c/0x120', '[c0000000fd30fda0] [c00000000018b7a8] kthread+0x138/0x140', '[c0000000fd30fe10] [c00000000000c628] ret_from_kernel_thread+0x5c/0x64']), 'kthread', undefined],
    ['s390', stackOf('6.1.55', '0x00000020', ['[<0000000000b0d9a2>] schedule+0x6a/0xf0', '[<0000000000b0e3a6>] __do_syscall+0x1d6/0x200', '[<0000000000b1b1e2>] system_call+0x82/0xb0']), 'user', true],
    ['arm64', stackOf('6.12.1', '0x00000200', ['__switch_to+0xf0/0x170 (T)', 'schedule+0x5c/0xd0', 'do_el0_svc+0x1c/0x28', 'el0_svc+0x34/0xf0', 'el0t_64_sync_handler+0x100/0x12c', 'el0t_64_sync+0x1a4/0x1a8']), 'user', undefined],
  ])('%s', (_, text, kind, pending) => {
    const snapshot = parseSnapshot(text);
    expect(snapshot?.malformed.count).toBe(0);
    expect(snapshot?.tasks).toMatchObject([{ pid: 700, comm: 'worker', kind }]);
    expect(snapshot?.tasks[0]?.pending).toBe(pending);
  });

  it('does not guess where the version would decide which flag it is', () => {
    const text = 'task:worker          state:S stack:0     pid:700   tgid:700   ppid:1      task_flags:0x400100 flags:0x00002200\nCall Trace:\n schedule+0x5a/0xd0\n entry_SYSCALL_64_after_hwframe+0x6e/0xd8\n';
    expect(parseSnapshot(text)?.tasks[0]?.pending).toBeUndefined();
  });
});
