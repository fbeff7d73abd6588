/** The kernel's own lines of a run, as dmesg shows them with dynamic debug on for kernel/livepatch. */
import type { Trace } from '../simulate';

/** One line each, `[   12.345678] livepatch: ...`; the time is the machine's uptime. Ends with a newline. */
export function simulationLog(trace: Trace): string {
  return trace.log.map(({ atNs, text }) => `[${timestamp(trace.machine.uptimeMs * 1e6 + atNs)}] ${text}\n`).join('');
}

/** printk's time: seconds in 5 columns, microseconds in 6 digits. */
function timestamp(ns: number): string {
  const micros = Math.floor(ns / 1000);
  return `${String(Math.floor(micros / 1e6)).padStart(5)}.${String(micros % 1e6).padStart(6, '0')}`;
}
