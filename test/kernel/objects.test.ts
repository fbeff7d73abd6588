import { describe, expect, test } from 'vitest';
import type { BuildObject } from '../../server/src/kernel/knowledge';
import { objectOf } from '../../server/src/kernel/objects';
import { Options } from '../../server/src/kernel/options';
import { Tree } from '../../server/src/kernel/tree';
import { FakeFiles, FakeGit, ROOT, treeOf, type Files } from './fakes';

const TREE: Files = {
  Kbuild: 'obj-y += kernel/\nobj-y += fs/\nobj-$(CONFIG_NET) += net/\nobj-y += drivers/\nobj-y += arch/$(SRCARCH)/\n',
  Makefile: 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 192\nlibs-y := lib/\n',
  'kernel/Makefile':
    'obj-y = fork.o sched/\nobj-$(CONFIG_SMP) += smp.o\nifdef CONFIG_FUNCTION_TRACER\nCFLAGS_REMOVE_clock.o = $(CC_FLAGS_FTRACE)\nendif\nobj-y += clock.o\n',
  'kernel/Kconfig.smp': 'config SMP\n\tbool "SMP"\n',
  'kernel/sched/Makefile': 'ccflags-remove-$(CONFIG_FUNCTION_TRACER) += $(CC_FLAGS_FTRACE)\nobj-y += build_policy.o\n',
  'kernel/sched/build_policy.c': '#include "rt.c"\n#ifdef CONFIG_SCHED_CORE\n# include "core_sched.c"\n#endif\n',
  'kernel/sched/rt.c': '',
  'kernel/sched/core_sched.c': '',
  'fs/Makefile': 'obj-$(CONFIG_EXT4_FS) += ext4/\nobj-$(CONFIG_XFS_FS) += xfs/\nobj-$(CONFIG_NFS) += nfs/\n',
  'fs/ext4/Makefile': 'obj-$(CONFIG_EXT4_FS) += ext4.o\next4-y := inode.o super.o\next4-$(CONFIG_EXT4_FS_POSIX_ACL) += acl.o\nobj-$(CONFIG_EXT4_KUNIT) += ext4-inode-test.o\next4-inode-test-objs += inode-test.o\n',
  'fs/ext4/Kconfig': 'config EXT4_FS\n\ttristate "ext4"\nconfig EXT4_FS_POSIX_ACL\n\tbool\nconfig EXT4_KUNIT\n\ttristate\n',
  'fs/xfs/Makefile': 'obj-$(CONFIG_XFS_FS) += xfs.o\nxfs-y += $(addprefix libxfs/, xfs_ag.o \\\n\txfs_alloc.o)\nxfs-y += xfs_trace.o\n',
  'fs/nfs/Makefile': 'obj-$(CONFIG_NFS) += nfs.o nfsv3.o\nnfs-y := dir.o common.o\nnfsv3-y := nfs3proc.o common.o\n',
  'lib/Makefile': 'lib-y := string.o\nobj-y += kobject.o\n',
  'net/Makefile': 'obj-y += core.o\nifeq ($(CONFIG_NET_EXTRA),y)\nobj-y += extra.o\nelse\nobj-y += plain.o\nendif\nobj-$(CONFIG_NET_M) += mod-only/\nobj-$(subst m,y,$(CONFIG_HOST)) += host.o\n',
  'net/mod-only/Makefile': 'obj-y += builtin.o\nobj-m += always-mod.o\n',
  'drivers/Makefile': 'obj-y += gpu/ far/\n',
  'drivers/gpu/card/Makefile': 'obj-$(CONFIG_GPU) += card.o\nPATH_OF := ../display\ncard-y := main.o\nifdef CONFIG_GPU_DISPLAY\ninclude $(src)/../display/Makefile\ncard-y += $(DISPLAY_FILES)\nendif\ncard-y += $(LATE)\nLATE := late.o\n',
  'drivers/gpu/display/Makefile': 'DISPLAY_FILES = $(addprefix $(PATH_OF)/,screen.o)\n',
  'drivers/gpu/Makefile': 'obj-$(CONFIG_GPU) += card/\n',
  'drivers/far/Makefile': 'obj-y += $(shell ls) $(UNSET) known.o\nvobjs-y := vdso.o\n',
  'drivers/lost/Makefile': 'obj-y += lost.o\n',
  'arch/x86/Kbuild': 'obj-y += mm/\n',
  'arch/x86/mm/Makefile': 'subdir-ccflags-remove-y := -pg\nobj-y += fault_$(BITS).o pat/\n',
  'arch/x86/mm/pat/Makefile': 'obj-y += set.o\n',
  'arch/arm/Makefile': 'core-y += arch/arm/mm/\n',
  'arch/arm/mm/Makefile': 'obj-y += fault.o\n',
};

const CONFIG = [
  'CONFIG_X86=y', 'CONFIG_NET=y', 'CONFIG_EXT4_FS=m', 'CONFIG_XFS_FS=y', 'CONFIG_NFS=m', 'CONFIG_NET_EXTRA=y', 'CONFIG_NET_M=m', 'CONFIG_HOST=m', 'CONFIG_GPU=m', 'CONFIG_GPU_DISPLAY=y', 'CONFIG_FUNCTION_TRACER=y',
].join('\n');

async function resolve(path: string, configText: string | undefined, files: Files = TREE): Promise<BuildObject> {
  const tree = new Tree(treeOf(files, { configText }));
  return objectOf(tree, new Options(tree), path);
}

/** `name`, `+` before each further object; `module`/`vmlinux` follows from the name; `!` not built, `?` not told. */
function shown(object: BuildObject): string {
  const built = object.isBuilt === true ? '' : object.isBuilt === false ? '!' : '?';
  return `${built}${[object.name ?? '-', ...(object.alsoIn ?? [])].join('+')}${object.isModule ? ' (module)' : ''}`;
}

describe('with a configuration', () => {
  test.each<[string, string]>([
    ['kernel/fork.c', 'vmlinux'],
    ['kernel/smp.c', '!-'],
    ['fs/ext4/inode.c', 'ext4 (module)'],
    ['fs/ext4/acl.c', '!-'],
    ['fs/ext4/inode-test.c', '!-'],
    ['fs/xfs/libxfs/xfs_alloc.c', 'vmlinux'],
    ['fs/nfs/common.c', 'nfs+nfsv3 (module)'],
    ['lib/kobject.c', 'vmlinux'],
    ['lib/string.c', 'vmlinux'],
    ['net/core.c', 'vmlinux'],
    ['net/extra.c', 'vmlinux'],
    ['net/plain.c', '!-'],
    ['net/host.c', 'vmlinux'],
    ['net/mod-only/always-mod.c', 'always_mod (module)'],
    ['net/mod-only/builtin.c', '!-'],
    ['drivers/gpu/card/main.c', 'card (module)'],
    ['drivers/gpu/display/screen.c', 'card (module)'],
    // := expands at once, as make does: LATE is not set yet.
    ['drivers/gpu/card/late.c', '?-'],
    ['drivers/far/known.c', 'vmlinux'],
    ['drivers/far/vdso.c', '?-'],
    ['drivers/far/unheard.c', '?-'],
    ['drivers/lost/lost.c', '?-'],
    ['arch/x86/mm/fault_64.c', 'vmlinux'],
    ['arch/arm/mm/fault.c', '!-'],
    ['kernel/sched/rt.c', 'vmlinux'],
    ['kernel/sched/core_sched.c', '?vmlinux'],
    ['include/linux/list.h', '?-'],
  ])('%s is in %s', async (path, expected) => {
    expect(shown(await resolve(path, CONFIG))).toBe(expected);
  });

  test('the configuration of the tree counts when none is given', async () => {
    expect(shown(await resolve('fs/ext4/inode.c', undefined, { ...TREE, '.config': 'CONFIG_X86=y\nCONFIG_EXT4_FS=y\n' }))).toBe('vmlinux');
    expect(shown(await resolve('fs/ext4/inode.c', undefined, { ...TREE, 'include/config/auto.conf': 'CONFIG_EXT4_FS=m\n' }))).toBe('ext4 (module)');
  });

  test('says which options decide and why a file is left out', async () => {
    expect(await resolve('fs/ext4/acl.c', CONFIG)).toMatchObject({ options: ['CONFIG_EXT4_FS', 'CONFIG_EXT4_FS_POSIX_ACL'], note: 'not built: CONFIG_EXT4_FS_POSIX_ACL is not set' });
    expect((await resolve('net/plain.c', CONFIG)).note).toBe('not built: the conditions of obj-y in net/Makefile:5 do not hold');
    expect((await resolve('arch/arm/mm/fault.c', CONFIG)).note).toBe('not built: CONFIG_ARM is not set');
    expect((await resolve('drivers/lost/lost.c', CONFIG)).note).toBe('no Makefile above lost/ has the build descend into drivers/lost/');
    expect((await resolve('drivers/far/vdso.c', CONFIG)).note).toContain('only in vobjs-y');
    expect((await resolve('kernel/sched/core_sched.c', CONFIG)).note).toBe('not compiled by itself: kernel/sched/build_policy.c includes it inside #if');
  });
});

describe('without a configuration', () => {
  test.each<[string, string, string | undefined]>([
    ['kernel/fork.c', '?vmlinux', undefined],
    ['kernel/smp.c', '?vmlinux', undefined],
    ['fs/ext4/acl.c', '?ext4 (module)', 'no .config: CONFIG_EXT4_FS is tristate, taken as a module'],
    ['fs/ext4/inode-test.c', '?ext4_inode_test (module)', 'no .config: CONFIG_EXT4_KUNIT is tristate, taken as a module'],
    ['fs/xfs/xfs_trace.c', '?-', 'no .config, and no Kconfig file near fs/xfs/Makefile declares CONFIG_XFS_FS'],
    ['lib/string.c', '?vmlinux', 'in a library (lib-y): linked only when something refers to it'],
  ])('%s is in %s', async (path, expected, note) => {
    const object = await resolve(path, undefined);
    expect(shown(object)).toBe(expected);
    expect(object.note).toBe(note);
  });

  test('a type declared far away is found through git', async () => {
    const files = new FakeFiles({ ...TREE, 'security/Kconfig': 'config XFS_FS\n\tbool\n' });
    const tree = new Tree({ root: ROOT, host: { files, git: new FakeGit(files) } });
    expect(shown(await objectOf(tree, new Options(tree), 'fs/xfs/xfs_trace.c'))).toBe('?vmlinux');
  });
});

describe('compiled without ftrace', () => {
  test.each<[string, string | undefined, string | undefined]>([
    ['kernel/clock.c', CONFIG, 'kernel/Makefile:4'],
    ['kernel/clock.c', 'CONFIG_X86=y', undefined],
    ['kernel/clock.c', undefined, 'kernel/Makefile:4'],
    ['kernel/fork.c', CONFIG, undefined],
    ['kernel/sched/rt.c', CONFIG, 'kernel/sched/Makefile:1'],
    ['kernel/sched/build_policy.c', 'CONFIG_X86=y', undefined],
    ['arch/x86/mm/fault_64.c', CONFIG, 'arch/x86/mm/Makefile:1'],
    ['arch/x86/mm/pat/set.c', CONFIG, 'arch/x86/mm/Makefile:1'],
  ])('%s', async (path, config, expected) => {
    const { untraced } = await resolve(path, config);
    expect(untraced === undefined ? undefined : `${untraced.makefile}:${untraced.line}`).toBe(expected);
  });
});

test('a Makefile that cannot be read is the reason of the answer', async () => {
  const files = new FakeFiles(TREE);
  files.broken.set('fs/ext4/Makefile', 'permission denied');
  const tree = new Tree({ root: ROOT, host: { files }, configText: CONFIG });
  const options = new Options(tree);
  expect(await objectOf(tree, options, 'fs/ext4/inode.c')).toMatchObject({ name: undefined, note: 'fs/ext4/Makefile could not be read: permission denied' });
  files.broken.clear();
  tree.invalidate(['fs/ext4/inode.c']);
  expect((await objectOf(tree, options, 'fs/ext4/inode.c')).name).toBe('ext4');
});

test('each Makefile is read once', async () => {
  const files = new FakeFiles(TREE);
  const tree = new Tree({ root: ROOT, host: { files }, configText: CONFIG });
  const options = new Options(tree);
  for (const path of ['fs/ext4/inode.c', 'fs/ext4/super.c', 'fs/nfs/dir.c']) await objectOf(tree, options, path);
  const counts = files.reads.filter((path) => /Makefile|Kbuild/.test(path)).map((path) => files.reads.filter((other) => other === path).length);
  expect(Math.max(...counts)).toBe(1);
});
