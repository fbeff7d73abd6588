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

/** Sources in other languages, and what the build turns into C: system call tables, keymaps, ASN.1, boot logos (scripts/Makefile.lib and the folders' own rules). */
const BUILD_INPUT = /\.(tbl|asn1|map|uni|p[bgp]m|inc|[ly]|awk|pl|py|sh|fuc\d*|seq|reg|tables?|bpf|\w+_shipped)$|^(syscall|tables?|cpufeatures?|mach-types|check-\w+)$/;

/**
 * Whether what such a file says can change the kernel that is built. One of another kind that is no text (firmware, pictures, archives) is
 * data for programs or devices: no code of the kernel comes of it.
 */
export function mayChangeKernel(path: string, isText: boolean): boolean {
  const kind = kindOfFile(path);
  return kind !== 'no-code' && (kind !== 'other' || isText || BUILD_INPUT.test(path.slice(path.lastIndexOf('/') + 1)));
}

/** scripts/ that make the kernel's own build; the rest of it are tools. */
const BUILD_SCRIPTS = /^scripts\/(Makefile|Kbuild|Kconfig|gcc-plugins\/|link-vmlinux|mod\/|[^/]*\.lds)/;

export function kindOfFile(path: string): FileKind {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/^(Documentation|samples|tools|LICENSES|usr|rust|firmware)\//.test(path) || (path.startsWith('scripts/') && !BUILD_SCRIPTS.test(path))) return 'no-code';
  if (/\.lds(\.S|\.h)?$/.test(name) || /^asm-offsets(_\d+)?\.c$/.test(name) || /^include\/linux\/compiler[^/]*\.h$/.test(path) || /^arch\/[^/]+\/include\/asm\/alternative(-macros)?\.h$/.test(path)) return 'whole-kernel';
  if (name.endsWith('.S')) return 'assembly';
  if (/\.[ch]$/.test(name)) return 'c';
  if (name.startsWith("Kconfig")) return 'kconfig';
  if (name === '.config' || /\.config$|_defconfig$/.test(name)) return 'config';
  if (/^(Makefile|Kbuild)/.test(name) || name.endsWith('.mk') || path.startsWith('scripts/')) return 'makefile';
  if (name.startsWith('.') || /\.(rst|txt|md|json|yaml|dts|dtsi|dtso|ihex|fw|bin|png|gif|jpe?g|svg|pdf|cocci)$/.test(name) || /^(MAINTAINERS|CREDITS|README.*|COPYING)$/.test(name)) return 'no-code';
  return 'other';
}
