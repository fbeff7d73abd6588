/** Which definition of a name a file means: pairs as they stand in Linux 6.1. */
import { expect, it } from 'vitest';
import { meantIn } from '../../../server/src/kernel/index/visible';
import { Flag } from '../../../server/src/syntax/scan/block';

type Kind = 'function' | 'macro' | 'record';
const { static: STATIC } = Flag;

it.each<[what: string, kind: Kind, from: string, definitions: readonly (string | [path: string, flags: number])[], meant: readonly string[]]>([
  ['the own static one, before a global one', 'function', 'fs/a.c', [['fs/a.c', STATIC], 'lib/a.c'], ['fs/a.c']],
  ['no static one of another file', 'function', 'fs/a.c', [['drivers/b.c', STATIC]], []],
  ['the global one, where others have static ones', 'function', 'fs/a.c', [['drivers/b.c', STATIC], 'lib/a.c'], ['lib/a.c']],
  ['a function and its stub', 'function', 'fs/a.c', ['lib/a.c', ['include/linux/a.h', STATIC]], ['lib/a.c', 'include/linux/a.h']],
  ['a function and its stub in a header of the folder', 'function', 'fs/x/a.c', ['fs/x/b.c', ['fs/x/x.h', STATIC]], ['fs/x/b.c', 'fs/x/x.h']],
  ['a shared header, before a driver\'s own one', 'function', 'fs/a.c', [['drivers/b/b.h', STATIC], ['include/linux/a.h', STATIC]], ['include/linux/a.h']],
  ['a header of another folder, where there is nothing else', 'record', 'drivers/gpu/drm/amd/display/a.c', ['drivers/gpu/drm/amd/amdgpu/amdgpu.h'], ['drivers/gpu/drm/amd/amdgpu/amdgpu.h']],
  ['the folder\'s record, before a shared one', 'record', 'drivers/b/b.c', ['include/linux/port.h', 'drivers/b/b.h', 'drivers/c/c.h'], ['drivers/b/b.h']],
  ['no record of another file', 'record', 'drivers/b/b.c', ['drivers/c/c.c'], []],
  ['a file of the folder that is included by another one', 'function', 'kernel/sched/deadline.c', [['kernel/sched/rt.c', STATIC]], ['kernel/sched/rt.c']],
  ['the own architecture and what is for all', 'function', 'arch/x86/kernel/a.c', ['arch/arm64/kernel/a.c', 'arch/x86/lib/a.c', 'lib/a.c'], ['arch/x86/lib/a.c', 'lib/a.c']],
  ['any architecture', 'function', 'kernel/a.c', ['arch/arm64/kernel/a.c', 'arch/x86/lib/a.c'], ['arch/arm64/kernel/a.c', 'arch/x86/lib/a.c']],
  ['the weak one and what architectures put in its place', 'function', 'kernel/a.c', ['arch/x86/kernel/a.c', 'kernel/b.c'], ['arch/x86/kernel/a.c', 'kernel/b.c']],
  ['the copies for tools, from there', 'record', 'tools/perf/a.c', ['include/linux/types.h', 'tools/include/linux/types.h'], ['tools/include/linux/types.h']],
  ['the kernel\'s headers, not the copies for tools', 'record', 'fs/a.c', ['include/linux/types.h', 'tools/include/linux/types.h'], ['include/linux/types.h']],
  ['a macro of a .c file only there', 'macro', 'fs/a.c', ['lib/a.c'], []],
])('%s', (_what, kind, from, definitions, meant) => {
  const all = definitions.map((one) => (typeof one === 'string' ? { path: one, kind, flags: 0 } : { path: one[0], kind, flags: one[1] }));
  expect(meantIn(from, all).map(({ path }) => path)).toEqual(meant);
});
