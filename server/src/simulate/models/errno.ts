/** What a shell says for the errors a kernel returns (strerror()). */
const TEXTS: Readonly<Record<number, string>> = {
  2: 'No such file or directory',
  5: 'Input/output error',
  11: 'Resource temporarily unavailable',
  12: 'Cannot allocate memory',
  16: 'Device or resource busy',
  17: 'File exists',
  19: 'No such device',
  22: 'Invalid argument',
  38: 'Function not implemented',
  95: 'Operation not supported',
};

export const EAGAIN = -11;
export const EBUSY = -16;
export const EINVAL = -22;
export const ENOENT = -2;
export const ENOSYS = -38;
export const EOPNOTSUPP = -95;

/** @param code 0 or a negative errno */
export function errorText(code: number): string {
  return code === 0 ? 'ok' : (TEXTS[-code] ?? `Unknown error ${-code}`);
}
