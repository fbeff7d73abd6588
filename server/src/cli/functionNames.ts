/** Functions as they are named on the command line. */
import type { AskedFunction } from '../simulate/snapshots';
import { shown } from './options';
import { UsageError } from './terminal';

/** `f`, or `module:f` for a function of a module, with commas between them; names as the linker takes them. Without a module: vmlinux's, or wherever a snapshot has it. */
export function functionsNamed(option: string, text: string): readonly AskedFunction[] {
  return text.split(',').map((each) => {
    const [, object, name] = /^(?:([\w-]+):)?([A-Za-z_][\w.$]*)$/.exec(each.trim()) ?? [];
    if (name === undefined) throw new UsageError(`${option} takes function names with commas between them; ${shown(each)} is none`);
    return { name, ...(object === undefined ? {} : { object }) };
  });
}
