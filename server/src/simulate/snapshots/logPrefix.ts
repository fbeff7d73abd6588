/** What loggers put before a kernel message: dmesg in its forms, journalctl, syslog, /dev/kmsg and a serial console. */

/**
 * @returns the message as the kernel wrote it, its leading space included. Known prefixes, also one behind the other: `<6>`,
 *   `6,1234,5678,-;`, `kern  :info  : `, `[  148.323708] `, `[Sat Nov 21 18:24:32 2026] `, the caller `[ T1234] `, and everything up to ` kernel: `
 */
export function withoutLogPrefix(line: string): string {
  let at = 0;
  const first = line.charCodeAt(0);
  if (first === 60) at = levelEnd(line);
  else if (first >= 48 && first <= 57) at = kmsgEnd(line);
  else if (line.startsWith('kern')) at = facilityEnd(line);
  at = timesEnd(line, at);
  // syslog and journalctl: date, host, `kernel: `, then perhaps the kernel's own time stamp.
  if (at < line.length && line.charCodeAt(at) !== 32) {
    const kernel = line.indexOf(' kernel: ', at);
    if (kernel > 0 && kernel - at < 120) at = timesEnd(line, kernel + 9);
  }
  return at === 0 ? line : line.slice(at);
}

/** Behind `<6>`. */
function levelEnd(line: string): number {
  const close = line.indexOf('>', 1);
  return close > 1 && close <= 4 && /^<\d+$/.test(line.slice(0, close)) ? close + 1 : 0;
}

/** Behind `6,1234,148323708,-;`, a record of /dev/kmsg. */
function kmsgEnd(line: string): number {
  const end = line.slice(0, 100).indexOf(';');
  return end > 0 && /^\d+,\d+,\d+,[^;]{1,20}$/.test(line.slice(0, end)) ? end + 1 : 0;
}

/** Behind `kern  :info  : `, of dmesg --decode. */
function facilityEnd(line: string): number {
  return /^kern *:[a-z]+ *: /.exec(line.slice(0, 40))?.[0].length ?? 0;
}

/** Behind `[  148.323708] ` or a date in brackets, and `[ T1234] ` or `[ C0] ` (CONFIG_PRINTK_CALLER). */
function timesEnd(line: string, from: number): number {
  let at = from;
  for (let brackets = 0; brackets < 2 && line.charCodeAt(at) === 91; brackets++) {
    const close = line.indexOf(']', at);
    if (close < 0 || close - at > 40) break;
    if (!isSeconds(line, at + 1, close) && !/^\[ *([TC]\d+|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d:]+\d{4}|\d{4}-\d\d-\d\dT[\d:,.+-]+)$/.test(line.slice(at, close))) break;
    at = close + 1;
    if (line.charCodeAt(at) === 32) at++;
  }
  return at;
}

/** `  148.323708`: by far the most frequent. */
function isSeconds(line: string, from: number, to: number): boolean {
  let dots = 0;
  let digits = 0;
  for (let at = from; at < to; at++) {
    const code = line.charCodeAt(at);
    if (code >= 48 && code <= 57) digits++;
    else if (code === 46 && digits > 0) dots++;
    else if (code !== 32 || digits > 0) return false;
  }
  return dots === 1;
}
