/** `livepatch-studio snapshot`: prints the script that takes a snapshot of a machine's tasks. */
import collect from './collect.sh';
import { UsageError, exit, type ExitStatus, type Terminal } from './terminal';

export function snapshot(args: readonly string[], terminal: Terminal): ExitStatus {
  if (args.length > 0) throw new UsageError(`snapshot takes no arguments: it prints a script, to be run as root on the machine to be patched`);
  terminal.out(collect);
  return exit.patchable;
}
