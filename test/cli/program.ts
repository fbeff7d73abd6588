/** The command line as a program: bundled as scripts/build.mjs does it, and run as a user would. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { afterAll } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
// Within the project, where the bundle finds the native parser; one per test file, so that none is replaced while it runs.
const folder = join(root, 'node_modules', '.cache', 'livepatch-studio', `cli-${process.pid}`);
export const bundle = join(folder, 'cli.js');
buildSync({
  entryPoints: { cli: join(root, 'server/src/cli/main.ts'), indexWorker: join(root, 'server/src/host/indexWorker.ts'), batchWorker: join(root, 'server/src/host/batchWorker.ts') },
  outdir: folder, bundle: true, platform: 'node', target: 'node20', format: 'cjs', external: ['tree-sitter', 'tree-sitter-c'], loader: { '.sh': 'text' }, logLevel: 'silent',
});
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

export const sample = join(root, 'test/sample/kernel');
export const sampleEdits = join(root, 'test/sample/edits');

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Whatever index this machine's user has is not asked. */
export function cli(args: readonly string[], options: { readonly cwd?: string; readonly input?: string | Uint8Array; readonly env?: NodeJS.ProcessEnv } = {}): Outcome {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null', GIT_CEILING_DIRECTORIES: tmpdir(), XDG_CACHE_HOME: folder, ...options.env };
  const { status, stdout, stderr } = spawnSync(process.execPath, [bundle, ...args], { cwd: options.cwd ?? sample, env, input: options.input ?? '', encoding: 'utf8', timeout: 60_000, maxBuffer: 1 << 28 });
  return { status, stdout, stderr };
}

/** The bundle, for a shell command line. */
export const program = `'${process.execPath}' '${bundle}'`;

/** Every entry below a folder with its kind, time stamp and content: what a command that writes nothing leaves as it was. */
export function listing(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  const walk = (path: string): void => {
    const status = lstatSync(path, { bigint: true });
    const content = status.isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : status.isSymbolicLink() ? readlinkSync(path) : '';
    found[path] = `${status.mode} ${status.mtimeNs} ${content}`;
    if (status.isDirectory()) for (const name of readdirSync(path)) walk(join(path, name));
  };
  walk(folder);
  return found;
}
