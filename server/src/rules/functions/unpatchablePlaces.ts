/**
 * Parts of the tree whose code no live patch replaces, by path. What the build tools refuse or leave out: scripts/livepatch/klp-build
 * check_unsupported_patches() (6.19), which looks at the files a patch names, and kpatch-build's kpatch-cc, which looks at the
 * objects that are compiled, and at lib/ in verify_patch_files().
 */
import type { Profile, Severity } from '../finding';

export interface UnpatchablePlace {
  /** `lib/`, `the vDSO`: for messages. */
  readonly name: string;
  /** A clause behind the name: why no patch of it takes effect. */
  readonly why: string;
  readonly severity: Severity;
}

interface Row extends UnpatchablePlace {
  /** Where a copy of the code is out of reach, whatever file was edited. */
  readonly code: RegExp;
  /** Files that a patch must not name, where that is more. */
  readonly named?: Partial<Record<Profile, RegExp>>;
  readonly profile?: Profile;
}

const outside = 'which is no part of the running kernel\'s own text';

const rows: readonly Row[] = [
  { name: 'lib/', code: /^lib\//, why: 'which build tools leave out (archives, most of them compiled without ftrace)', severity: 'error' },
  { name: 'the vDSO', code: /^arch\/.*\/vdso(32|64)?\/.*\.c$/, named: { 'klp-build': /\/vdso\//, kpatch: /^arch\/.*\/vdso(32|64)?\// }, why: 'whose image is mapped into every process', severity: 'error' },
  { name: 'real-mode code', code: /^arch\/[^/]+\/realmode\/rm\//, why: outside, severity: 'error' },
  { name: 'arch/x86/realmode/', code: /^arch\/x86\/realmode\/(?!rm\/)/, why: 'which kpatch-build leaves out', severity: 'error', profile: 'kpatch' },
  { name: 'the boot code', code: /^arch\/[^/]+\/boot\//, why: outside, severity: 'error' },
  { name: 'the purgatory', code: /^arch\/[^/]+\/purgatory\//, why: 'which only runs between two kernels', severity: 'error' },
  { name: 'the EFI stub', code: /^drivers\/firmware\/efi\/libstub\//, why: 'which has run before the kernel started', severity: 'error' },
  { name: 'the boot code', code: /^arch\/powerpc\/kernel\/prom_init/, why: 'which has run before the kernel started', severity: 'error' },
  { name: 'programs of the build machine', code: /^arch\/[^/]+\/tools\//, why: 'which are no part of the kernel', severity: 'error' },
  { name: 'a generated object', code: /^(init\/version|kernel\/system_certificates)[^/]*$/, why: 'which kpatch-build leaves out', severity: 'error', profile: 'kpatch' },
  { name: 'an architecture\'s lib/', code: /^arch\/[^/]+\/lib\//, why: 'whose objects go into an archive and may be compiled without ftrace', severity: 'warning' },
];

/**
 * The place a path belongs to, or undefined for the kernel's ordinary text.
 *
 * @param as `named` for a file of the edit, `code` for one that holds a copy of edited code
 */
export function unpatchablePlace(path: string, profile: Profile, as: 'named' | 'code'): UnpatchablePlace | undefined {
  return rows.find((row) => (row.profile === undefined || row.profile === profile) && ((as === 'named' ? row.named?.[profile] : undefined) ?? row.code).test(path));
}
