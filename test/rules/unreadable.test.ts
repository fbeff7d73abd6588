/** A file of the edit that is no text is a doubt only where it may become part of the kernel. */
import { expect, test } from 'vitest';
import { analyze } from '../../server/src/analysis';
import { memoryHost } from '../support/memoryHost';

const reason = 'holds NUL bytes: a binary file, or text in UTF-16';

test.each<[string, 'patchable' | 'undecided']>([
  ['kernel/other.c', 'undecided'],
  ['include/linux/other.h', 'undecided'],
  ['arch/x86/kernel/head_64.S', 'undecided'],
  ['kernel/Makefile', 'undecided'],
  ['init/Kconfig', 'undecided'],
  ['.config', 'undecided'],
  ['arch/x86/kernel/vmlinux.lds.S', 'undecided'],
  ['arch/x86/entry/syscalls/syscall_64.tbl', 'undecided'],
  ['drivers/video/logo/logo_linux_clut224.ppm', 'undecided'],
  ['drivers/tty/vt/defkeymap.c_shipped', 'undecided'],
  ['README', 'patchable'],
  ['drivers/net/README.txt', 'patchable'],
  ['Documentation/images/logo.gif', 'patchable'],
  ['firmware/demo.bin', 'patchable'],
  ['drivers/net/demo/demo.fw', 'patchable'],
  ['drivers/net/demo/archive.gz', 'patchable'],
  ['tools/testing/data', 'patchable'],
])('%s', async (path, verdict) => {
  const tree = new Map([['Makefile', 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 192\n'], ['Kbuild', 'obj-y += kernel/\n'], ['kernel/Makefile', 'obj-y += demo.o\n'], ['kernel/demo.c', 'int demo;\n']]);
  const edit = [{ path: 'kernel/demo.c', before: 'int demo(void)\n{\n\treturn 1;\n}\n', after: 'int demo(void)\n{\n\treturn 2;\n}\n' }, { path, unreadable: reason }];
  const judged = await analyze(edit, { root: '/tree', host: memoryHost('/tree', tree) }, { profile: 'klp-build', kernelVersion: '6.1.192' });
  expect(judged.verdict).toBe(verdict);
  expect(judged.reasons).toEqual(verdict === 'patchable' ? [] : [`${path}: ${reason}`]);
});
