/** What a callback prints and returns, by what it finds. */
import type { Callback, CallbackLine, ModuleState } from '../../types';

/** @param parameters of the patch module, as they stand on the command line; @param written what was written to them later */
export function callbackReturn({ returns = 0 }: Callback, parameters = '', written: ReadonlyMap<string, number> = new Map()): number {
  if (typeof returns === 'number') return returns;
  const given = parameters.split(' ').findLast((each) => each.startsWith(`${returns.parameter}=`));
  return written.get(returns.parameter) ?? Number(given?.slice(returns.parameter.length + 1) ?? 0);
}

/** @param found whether a patch installed before lists the state */
export function callbackText(line: CallbackLine, module: ModuleState, found: (state: number) => boolean): string {
  if (typeof line === 'string') return line;
  if (!('state' in line)) return line[module];
  return found(line.state) ? line.found : line.absent;
}
