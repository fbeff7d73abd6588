/** Runs one program to its end, without a shell, with limits on time and output. */
import { spawn } from 'node:child_process';
import { codeOf } from './files';

export interface Limits {
  /** Milliseconds. */
  readonly timeout: number;
  /** Bytes of standard output. */
  readonly output: number;
}

export interface Ended {
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Standard error is only ever shown as a line or two. */
const errorOutput = 64 * 1024;

/**
 * Resolves with the program's exit status and output. Rejects, with a message fit to show, when it is not installed,
 * runs longer or prints more than `limits` allow, or is killed by a signal.
 */
export function run(program: string, args: readonly string[], options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly limits: Limits }): Promise<Ended> {
  const { limits } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: options.cwd, env: options.env, shell: false, windowsHide: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    let size = 0;
    let stderr = '';
    let overrun: string | undefined;
    const stop = (reason: string): void => {
      overrun ??= reason;
      child.kill('SIGKILL');
    };
    const timer = setTimeout(() => { stop(`took longer than ${limits.timeout / 1000} s`); }, limits.timeout);
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limits.output) stop(`printed more than ${limits.output} bytes`);
      else chunks.push(chunk);
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      if (stderr.length < errorOutput) stderr += chunk;
    });
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(new Error(codeOf(error) === 'ENOENT' ? `${program} is not installed` : `${program} could not be run: ${error.message}`, { cause: error }));
    });
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      if (overrun !== undefined) reject(new Error(`${program} ${overrun}`));
      else if (status === null) reject(new Error(`${program} was ended by ${signal ?? 'a signal'}`));
      else resolve({ status, stdout: Buffer.concat(chunks), stderr });
    });
  });
}
