/** Whether a kernel version such as `6.1.192` is older than major.minor; undefined when it is not known. */
export function isOlderThan(version: string | undefined, major: number, minor: number): boolean | undefined {
  const [, first, second] = /^(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  if (first === undefined || second === undefined) return undefined;
  return Number(first) < major || (Number(first) === major && Number(second) < minor);
}
