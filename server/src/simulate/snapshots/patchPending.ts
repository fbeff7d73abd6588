/** TIF_PATCH_PENDING: where a task's thread flags say that livepatch has yet to switch it. */
import { atLeast, parseVersion } from '../version';
import type { Frame } from './types';

/**
 * The bit by architecture: 13 on x86, 6 on powerpc, 5 on s390 (arch/.../include/asm/thread_info.h, 6.1). x86 went over to
 * include/asm-generic/thread_info_tif.h, where it is 9; the first version with that, 6.18, follows from the commit's date (September 2025).
 *
 * @returns undefined where it cannot be told which bit it is
 */
export function patchPendingBit(frames: readonly Frame[], release: string | undefined, printsTaskFlags: boolean): number | undefined {
  const entry = frames.at(-1)?.name ?? '';
  const version = release === undefined ? undefined : parseVersion(release);
  if (/^(entry_SYSCALL|entry_INT80|asm_|ret_from_fork(_asm)?$)/.test(entry)) {
    // What prints task flags is 6.15 or later: on either side of the change.
    if (version === undefined) return printsTaskFlags ? undefined : 13;
    return atLeast(version, 6, 18) ? 9 : 13;
  }
  // s390 went over later; with which version is not known here.
  if (entry === 'system_call') return version !== undefined && atLeast(version, 6, 18) ? undefined : 5;
  if (/^(system_call_common|system_call_vectored_common|ret_from_kernel_)/.test(entry)) return 6;
  return undefined;
}
