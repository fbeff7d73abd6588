/** Functions as they are named in a text: `f`, or `module:f` for a function of a module, with commas between them; names as the linker takes them. */
import type { AskedFunction } from './snapshots/types';
import type { PatchedFunction } from './types';

/**
 * Without a module in front: vmlinux's, or wherever a snapshot has it.
 *
 * @returns `problem`: what is wrong with the first part that names no function, to be read behind whatever brought the text (`--functions takes ...`)
 */
export function parseFunctions(text: string): { readonly functions: readonly AskedFunction[] } | { readonly problem: string } {
  const functions: AskedFunction[] = [];
  for (const each of text.split(',')) {
    const [, object, name] = /^(?:([\w-]+):)?([A-Za-z_][\w.$]*)$/.exec(each.trim()) ?? [];
    if (name === undefined) return { problem: `takes function names with commas between them; ${JSON.stringify(each)} is none` };
    functions.push({ name, ...(object === undefined ? {} : { object }) });
  }
  return { functions };
}

/** Where nobody says in which object a function is. */
export const inVmlinux = (asked: readonly AskedFunction[]): PatchedFunction[] => asked.map(({ name, object = 'vmlinux' }) => ({ name, object }));

/** @returns a text that names these functions; undefined when there is none: none is asked for, or a name is no symbol's. What else is told of a function is left out. */
export function functionsText(functions: readonly PatchedFunction[]): string | undefined {
  const text = functions.map(({ name, object }) => (object === 'vmlinux' ? name : `${object}:${name}`)).join(',');
  const parsed = parseFunctions(text);
  const again = 'problem' in parsed ? [] : inVmlinux(parsed.functions);
  return again.length === functions.length && again.every(({ name, object }, at) => name === functions[at]?.name && object === functions[at].object) ? text : undefined;
}
