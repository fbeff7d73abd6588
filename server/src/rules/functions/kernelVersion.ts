/** Whether `version` (`6.1.192`) is known to be older than `major.minor`; false when it is unknown. */
export function isBefore(version: string | undefined, major: number, minor: number): boolean {
  const [, own, ownMinor] = /^(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  return own !== undefined && (Number(own) < major || (Number(own) === major && Number(ownMinor) < minor));
}
