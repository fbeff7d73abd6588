/** Objects of the kernel compiled with gcc, kept in a folder of their own beside the source: made once. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureCommands } from '../../../scripts/vscode/apt.mjs';

/** Commands and headers a kernel build needs, and the Debian packages that bring them (Documentation/process/changes.rst). */
const NEEDED = { gcc: 'gcc', make: 'make', flex: 'flex', bison: 'bison', bc: 'bc', '/usr/include/libelf.h': 'libelf-dev', '/usr/include/openssl/opensslv.h': 'libssl-dev', nm: 'binutils' };

/** Folder -> the files compiled of it; all are part of x86-64's defconfig. */
const SOURCES = {
  'arch/x86/entry': 'common',
  'arch/x86/events': 'core',
  'arch/x86/kernel': 'alternative ftrace process_64 signal traps',
  'arch/x86/kernel/apic': 'apic',
  'arch/x86/kernel/cpu/mtrr': 'generic',
  'arch/x86/mm': 'fault',
  'arch/x86/mm/pat': 'set_memory',
  'arch/x86/pci': 'irq',
  'block': 'bio blk-core blk-iocost blk-mq genhd mq-deadline',
  'crypto': 'af_alg algapi sha256_generic skcipher',
  'drivers/acpi': 'battery osl',
  'drivers/ata': 'libata-core',
  'drivers/base': 'core platform',
  'drivers/block': 'loop',
  'drivers/char': 'mem random',
  'drivers/cpufreq': 'cpufreq',
  'drivers/dma': 'dmaengine',
  'drivers/firmware': 'dmi_scan',
  'drivers/gpu/drm': 'drm_atomic_helper drm_ioctl',
  'drivers/gpu/drm/i915': 'i915_gem',
  'drivers/hid': 'hid-core',
  'drivers/i2c': 'i2c-core-base',
  'drivers/input': 'evdev',
  'drivers/input/mouse': 'psmouse-base',
  'drivers/iommu': 'iommu',
  'drivers/md': 'dm dm-table',
  'drivers/net/ethernet/intel/e1000': 'e1000_main',
  'drivers/net/ethernet/intel/e1000e': 'netdev',
  'drivers/net/ethernet/realtek': 'r8169_main',
  'drivers/net': 'loopback',
  'drivers/pci': 'pci probe',
  'drivers/rtc': 'interface',
  'drivers/scsi': 'sd scsi_lib',
  'drivers/thermal': 'thermal_core',
  'drivers/tty/serial/8250': '8250_port',
  'drivers/tty': 'tty_io',
  'drivers/usb/core': 'hub',
  'drivers/usb/host': 'xhci-ring',
  'drivers/video/console': 'vgacon',
  'fs': 'dcache exec namei open pipe read_write select xattr',
  'fs/debugfs': 'file',
  'fs/ext4': 'inode super',
  'fs/fat': 'inode',
  'fs/nfs': 'dir',
  'fs/proc': 'base',
  'io_uring': 'io_uring',
  'ipc': 'sem shm',
  'kernel/cgroup': 'cgroup',
  'kernel/events': 'core',
  'kernel': 'exit fork kprobes signal sys workqueue',
  'kernel/futex': 'core',
  'kernel/irq': 'manage',
  'kernel/locking': 'mutex',
  'kernel/module': 'main',
  'kernel/printk': 'printk',
  'kernel/rcu': 'tree',
  'kernel/sched': 'core fair',
  'kernel/time': 'hrtimer',
  'kernel/trace': 'trace',
  'lib': 'iov_iter radix-tree string vsprintf',
  'mm': 'filemap memory mmap page_alloc slub vmscan',
  'net/core': 'dev filter sock',
  'net/ipv4': 'tcp tcp_input',
  'net/ipv6': 'addrconf',
  'net/mac80211': 'mlme',
  'net/netfilter': 'nf_conntrack_core',
  'net/netlink': 'af_netlink',
  'net/packet': 'af_packet',
  'net/sched': 'sch_api',
  'net/sunrpc': 'sched',
  'net/unix': 'af_unix',
  'net/wireless': 'nl80211',
  'security/keys': 'keyctl',
  'security': 'security',
  'security/selinux': 'hooks',
  'sound/core': 'pcm_native',
  'sound/core/seq': 'seq_clientmgr',
  'sound/pci/hda': 'hda_codec',
};

/** Paths without `.c` and `.o`. */
export const objects = Object.entries(SOURCES).flatMap(([folder, names]) => names.split(' ').map((name) => `${folder}/${name}`));

/**
 * Compiles the objects of `tree` that are missing in `build`; the tree stays as it is (kbuild's O=). With line tables alone (-g1), which
 * change no code: they tell which file a function was defined in.
 * @throws Error when the build stops
 */
export function buildObjects(tree, build, log) {
  const missing = objects.filter((object) => !existsSync(join(build, `${object}.o`)));
  if (missing.length === 0) return;
  ensureCommands(Object.fromEntries(Object.entries(NEEDED).filter(([path]) => !path.startsWith('/') || !existsSync(path))), log);
  log(`compiling ${missing.length} objects of the kernel, once …`);
  mkdirSync(build, { recursive: true });
  const steps = [...(existsSync(join(build, '.config')) ? [] : [['defconfig']]), ['prepare'], ['KCFLAGS=-g1', ...missing.map((object) => `${object}.o`)]];
  for (const targets of steps) {
    const { status, stderr } = spawnSync('make', ['-s', '-j2', `O=${build}`, ...targets], { cwd: tree, encoding: 'utf8', maxBuffer: 2 ** 28 });
    if (status !== 0) throw new Error(`make ${targets[0]} failed in ${build}: ${stderr.trim().split('\n').slice(0, 3).join('; ')}`);
  }
}
