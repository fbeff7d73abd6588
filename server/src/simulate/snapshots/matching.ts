/** Which stack entries are functions of a patch. */
import type { AskedFunction, Frame, Snapshot } from './types';

/**
 * By the source's name: `do_pselect` is on the stack as `do_pselect.constprop.0`. A name that has a suffix is a symbol, and
 * matches only that. Modules have to agree where both are told; `-` and `_` are the same in their names.
 *
 * @param tellsModules an entry without a module is vmlinux's
 */
export function frameMatches(frame: Frame, { name, object }: AskedFunction, tellsModules: boolean): boolean {
  if (frame.symbol !== name && (name.includes('.') || frame.name !== name)) return false;
  if (object === undefined) return true;
  if (frame.module === undefined) return !tellsModules || object === 'vmlinux';
  return frame.module.replaceAll('-', '_') === object.replaceAll('-', '_');
}

/**
 * What an entry is called on a task's stack in the simulator, which compares names alone: a patched function by the name it
 * was asked for, a function of another object that only shares that name with its module behind it.
 */
export function stackNames(asked: readonly AskedFunction[], tellsModules: boolean): (frame: Frame) => string {
  const names = new Map<Frame, string>();
  const taken = new Set(asked.map(({ name }) => name));
  return (frame) => {
    let name = names.get(frame);
    if (name === undefined) {
      name = asked.find((each) => frameMatches(frame, each, tellsModules))?.name ?? (taken.has(frame.symbol) ? `${frame.symbol} [${frame.module ?? 'vmlinux'}]` : frame.symbol);
      names.set(frame, name);
    }
    return name;
  };
}

/** The module that has the function on some stack; `vmlinux` where none has. */
export function objectOf({ tasks }: Snapshot, name: string): string {
  for (const { frames } of tasks) {
    const frame = frames.find((each) => frameMatches(each, { name }, true));
    if (frame !== undefined) return frame.module ?? 'vmlinux';
  }
  return 'vmlinux';
}
