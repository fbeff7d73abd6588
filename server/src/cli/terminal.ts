/** What a command may touch of the process it runs in: a test gives its own. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** The current folder, absolute. */
  readonly cwd: string;
  /** Whether results are in color. */
  readonly color: boolean;
  /** Width of the terminal that results go to; undefined for files and pipes, whose lines are not broken. */
  readonly columns: number | undefined;
  /** Shows what is being done, on a terminal only; an empty text takes it away. */
  readonly progress: (text: string) => void;
}

/** Exit statuses that scripts rest on. */
export const exit = { patchable: 0, unpatchable: 1, couldNotRun: 2, undecided: 3 } as const;
export type ExitStatus = (typeof exit)[keyof typeof exit];

/** A fault of the command line or its input: shown as one line, exit status 2. */
export class UsageError extends Error {}
