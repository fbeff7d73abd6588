/** Which format a text is in, by what only that format holds; the stricter ones are asked first. */
import type { SnapshotFormat } from './types';

/** A log may hold much before its tasks begin; where it does not, its first part is enough. */
const HEAD = 256 * 1024;

export function recognize(text: string): SnapshotFormat | undefined {
  return (text.length > HEAD ? recognizePart(text.slice(0, HEAD)) : undefined) ?? recognizePart(text);
}

function recognizePart(text: string): SnapshotFormat | undefined {
  const lineBegins = (prefix: string): boolean => text.startsWith(prefix) || text.includes(`\n${prefix}`);
  if (lineBegins('task comm="') || lineBegins('machine release=')) return 'collector';
  if (text.includes('COMMAND: "') && /(^|\n) *PID: \d/.test(text)) return 'crash';
  if (/task:[^\n]{1,40} state:[A-Za-z]/.test(text) || /Call [Tt]race:/.test(text) || text.includes('PC stack   pid father')) return 'sysrq';
  if (text.includes('([kernel.kallsyms])') || text.includes(' sched:sched_switch: ') || lineBegins('# captured on')) return 'perf';
  if (/(^|[\n:])\[<[0-9a-f]{1,16}>\] /.test(text) || text.includes('/patch_state') || /(^|[\n ])\/proc\/\d/.test(text)) return 'proc';
  if (/(^|\n)@\w{0,64}\[/.test(text) || lineBegins('Attaching ') || /\n[ \t]{1,40}[\w.]{1,200}\+\d{1,10}\r?\n/.test(text) || /\n {1,40}- {1,40}[^\n]{1,40} \(\d{1,7}\)/.test(text)) return 'bpftrace';
  return undefined;
}
