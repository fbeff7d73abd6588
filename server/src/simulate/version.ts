/** Kernel versions as far as the models compare them: by major and minor number. */

export interface KernelVersion {
  readonly major: number;
  readonly minor: number;
}

/** Reads `6.1`, `6.1.192`, `v5.10-rc3`, `4.19.0-21-amd64`; undefined for anything else. */
export function parseVersion(text: string): KernelVersion | undefined {
  const match = /^v?(\d+)\.(\d+)(?:[.\-+~].*)?$/.exec(text.trim());
  return match === null ? undefined : { major: Number(match[1]), minor: Number(match[2]) };
}

export function atLeast(version: KernelVersion, major: number, minor: number): boolean {
  return version.major > major || (version.major === major && version.minor >= minor);
}
