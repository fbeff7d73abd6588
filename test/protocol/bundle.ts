/** The bundled server that the tests run: as shipped, and built anew when a source is newer. */
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const SERVER = join(ROOT, 'dist/server.js');

export const MANUAL = join(ROOT, 'dist/manual');

let checked = false;

/** Path of dist/server.js. Builds once, where needed; throws with the build's own words when that fails. */
export function builtServer(): string {
  if (!checked && newest(['server/src', 'docs/rules', 'scripts/build.mjs', 'package-lock.json']) > changedAt(SERVER)) {
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  checked = true;
  return SERVER;
}

function newest(paths: readonly string[]): number {
  return Math.max(...paths.flatMap((path) => [join(ROOT, path), ...(path.includes('.') ? [] : readdirSync(join(ROOT, path), { recursive: true, encoding: 'utf8' }).map((name) => join(ROOT, path, name)))]).map(changedAt));
}

function changedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
