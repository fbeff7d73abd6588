export interface RehearsalParts {
  /** As `uname -r` has it. */
  readonly release: string;
  /** The folder that modules are built against. */
  readonly headers: string;
  readonly kernel: string;
  readonly config: string;
  readonly busybox: string;
}

export function rehearsalParts(log?: (line: string) => void): RehearsalParts;
