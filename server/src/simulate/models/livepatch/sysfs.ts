/** /sys/kernel/livepatch: its files, their modes and what they hold (kernel/livepatch/core.c; Documentation/ABI/testing/sysfs-kernel-livepatch). */
import { ENOENT, errorText } from '../errno';
import { objectsOf } from './callbacks';
import type { Klp, KlpPatch } from './state';

const DIRECTORY = 'drwxr-xr-x';
const READ = '-r--r--r--';
const READ_WRITE = '-rw-r--r--';
const WRITE = '--w-------';

/** @returns mode and contents, `-r--r--r-- 0`; the mode alone for what cannot be read; or what a shell says when it is not there */
export function sysfs(klp: Klp, path: string): string {
  const [name, ...rest] = path.split('/').filter((part) => part !== '');
  const patch = klp.patches.find((each) => each.patch.name === name);
  const entry = patch === undefined ? undefined : entriesOf(klp, patch).get(rest.join('/'));
  return entry ?? errorText(ENOENT);
}

/** Of one patch, by path below its directory. */
function entriesOf(klp: Klp, patch: KlpPatch): ReadonlyMap<string, string> {
  const { features, transition, patches } = klp;
  const flag = (value: boolean): string => (value ? '1' : '0');
  const entries = new Map([['', DIRECTORY], ['enabled', `${READ_WRITE} ${flag(patch.enabled)}`], ['transition', `${READ} ${flag(patch === transition)}`]]);
  if (features.forceFile) entries.set('force', WRITE);
  if (features.signalFile) entries.set('signal', WRITE);
  if (features.replaceFile) entries.set('replace', `${READ} ${flag(patch.patch.replace === true)}`);
  if (features.stackOrderFile) entries.set('stack_order', `${READ} ${patches.indexOf(patch) + 1}`);
  for (const object of objectsOf(patch)) {
    entries.set(object, DIRECTORY);
    if (features.patchedFile) entries.set(`${object}/patched`, `${READ} ${flag(patch.patched.has(object))}`);
  }
  // The number tells functions of one name apart; the simulator knows only one of each.
  for (const fn of patch.functions) entries.set(`${fn.object}/${fn.name},1`, DIRECTORY);
  return entries;
}
