/** What a file of the edit is to the build, told by its path. */

export type FileKind =
  | 'c'
  | 'assembly'
  /** Linker scripts, and headers that every object is made with: the whole kernel changes. */
  | 'whole-kernel'
  | 'makefile'
  | 'kconfig'
  /** .config, defconfigs and fragments. */
  | 'config'
  /** Documentation, samples, programs of the build machine. */
  | 'no-code'
  | 'other';

/** scripts/ that make the kernel's own build; the rest of it are tools. */
const BUILD_SCRIPTS = /^scripts\/(Makefile|Kbuild|Kconfig|gcc-plugins\/|link-vmlinux|mod\/|[^/]*\.lds)/;

export function kindOfFile(path: string): FileKind {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/^(Documentation|samples|tools|LICENSES|usr|rust)\//.test(path) || (path.startsWith('scripts/') && !BUILD_SCRIPTS.test(path))) return 'no-code';
  if (/\.lds(\.S|\.h)?$/.test(name) || /^asm-offsets(_\d+)?\.c$/.test(name) || /^include\/linux\/compiler[^/]*\.h$/.test(path) || /^arch\/[^/]+\/include\/asm\/alternative(-macros)?\.h$/.test(path)) return 'whole-kernel';
  if (name.endsWith('.S')) return 'assembly';
  if (/\.[ch]$/.test(name)) return 'c';
  if (name.startsWith("Kconfig")) return 'kconfig';
  if (name === '.config' || /\.config$|_defconfig$/.test(name)) return 'config';
  if (/^(Makefile|Kbuild)/.test(name) || name.endsWith('.mk') || path.startsWith('scripts/')) return 'makefile';
  if (name.startsWith('.') || /\.(rst|txt|md|json|yaml|dts|dtsi|dtso)$/.test(name) || /^(MAINTAINERS|CREDITS|README|COPYING)$/.test(name)) return 'no-code';
  return 'other';
}
