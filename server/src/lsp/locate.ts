/** Where a function is defined, by the name that a kernel prints: in the edit, else in the tree, by the index or by searching for the word. */
import type { Definition } from '../kernel/index/uses';
import { isKernelCode } from '../kernel/architecture';
import type { Analysis } from '../result';
import { Space } from '../syntax/scan/names';
import { asked, complete } from './asked';
import { rangeIn, type Naming } from './convert';
import type { LocateResult } from './protocol';
import type { FolderSession } from './session';

/** What SYSCALL_DEFINE of x86-64 makes of a system call's name (arch/x86/include/asm/syscall_wrapper.h); its body is in the last one. */
const SYSCALL_WRAPPER = /^__(?:x64|ia32|ia32_compat|x64_compat|se|do)_(?:compat_)?sys_/;

/** @returns null when it is not known; rejects only when aborted */
export async function locate(session: FolderSession, analysis: Analysis | undefined, symbol: string, naming: Naming, signal: AbortSignal): Promise<LocateResult> {
  // A compiler's copy stands behind a dot: do_select.constprop.0.
  const [name = ''] = symbol.split('.');
  const edited = analysis?.functions.find(({ planned }) => planned.name === name && planned.change !== 'removed')?.planned;
  if (analysis !== undefined && edited !== undefined) return { uri: naming.uriOf(edited.path), range: rangeIn(analysis, edited.path, edited.fact.nameRange) };
  const { uses } = session;
  if (uses === undefined || !/^\w+$/.test(name)) return null;
  const tree = asked(session, uses, '', signal, () => undefined);
  for (const one of [name, ...(SYSCALL_WRAPPER.test(name) ? [name.replace(SYSCALL_WRAPPER, '__do_sys_')] : [])]) {
    const best = likeliest(await complete(tree, uses.definitionsOf(one, Space.ordinary, signal)));
    if (best !== undefined) return { uri: tree.uriOf(best.path), range: (await tree.texts.read(best.path)).nameOn(best.line, best.name) };
  }
  return null;
}

/** Of functions of one name: the kernel's before the tools', what is for all or for x86 before other architectures', a source's before a header's, which may be a stub; then the longest. */
function likeliest(definitions: readonly Definition[]): Definition | undefined {
  const rank = ({ path }: Definition): number => Number(!isKernelCode(path, undefined)) * 4 + Number(/^arch\/(?!x86\/)/.test(path)) * 2 + Number(path.endsWith('.h'));
  return definitions.filter(({ kind }) => kind === 'function').sort((a, b) => rank(a) - rank(b) || b.lines - a.lines)[0];
}
