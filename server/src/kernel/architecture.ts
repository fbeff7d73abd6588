/** The architecture a configuration builds for, and the parts of a tree that are never linked into its kernel. */
import type { Config } from './kconfig';

/** Architectures whose option is not the folder's name in capitals. */
const OPTIONS: Readonly<Record<string, string>> = { powerpc: 'CONFIG_PPC', sh: 'CONFIG_SUPERH', um: 'CONFIG_UML' };

/** The option that is set when a kernel is built for `arch/NAME`. */
export function optionOfArchitecture(name: string): string {
  return OPTIONS[name] ?? `CONFIG_${name.toUpperCase()}`;
}

/** Folders of arch/ in Linux 2.6.32 to 6.19. */
const ARCHITECTURES = ['alpha', 'arc', 'arm', 'arm64', 'avr32', 'blackfin', 'c6x', 'cris', 'csky', 'frv', 'h8300', 'hexagon', 'ia64', 'loongarch', 'm32r', 'm68k', 'metag', 'microblaze', 'mips', 'mn10300', 'nds32', 'nios2', 'openrisc', 'parisc', 'powerpc', 'riscv', 's390', 'score', 'sh', 'sparc', 'tile', 'um', 'unicore32', 'x86', 'xtensa'];

/** Those that build files of another: arch/um includes arch/x86/um and its headers, arch/arm64/xen/Makefile names files of arch/arm/xen. */
const BORROWED: Readonly<Record<string, string>> = { um: 'x86', arm64: 'arm' };

/**
 * The architecture the configuration builds for, where a path is of another one whose code and headers it has no use for; undefined where that cannot be told, as without a configuration.
 *
 * @param config a value of 'y' for an option that is set, as of a .config
 */
export function builtInsteadOf(path: string, config: (name: string) => string | undefined): string | undefined {
  // arch/s390/Makefile has the build descend into drivers/s390/, and no other Makefile does.
  const own = path.startsWith('drivers/s390/') ? 's390' : /^arch\/([^/]+)\//.exec(path)?.[1];
  if (own === undefined || !ARCHITECTURES.includes(own) || config(optionOfArchitecture(own)) === 'y') return undefined;
  const built = ARCHITECTURES.filter((name) => config(optionOfArchitecture(name)) === 'y');
  return built.some((name) => BORROWED[name] === own) ? undefined : built[0];
}

/** Programs, documentation and samples beside the kernel, by the first folder of the path. */
const BESIDE = /^(Documentation|LICENSES|tools|scripts|samples|usr|rust|\.git)\//;

/** Whether a path may hold code of the kernel the configuration builds; another architecture's does not, nor what modpost makes (`*.mod.c`, scripts/mod/modpost.c). */
export function isKernelCode(path: string, config: Config | undefined): boolean {
  if (path.endsWith('.mod.c')) return false;
  const architecture = /^arch\/([^/]+)\//.exec(path)?.[1];
  if (architecture === undefined || config === undefined) return !BESIDE.test(path);
  return config(optionOfArchitecture(architecture)) === 'y';
}
