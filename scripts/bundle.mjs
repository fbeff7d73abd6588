// A TypeScript program of the tests, for plain Node: bundled into a folder within the project, where it finds the native parser.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * @template T
 * @param {string} entry the program's path in the project
 * @param {(script: string, folder: string) => T | Promise<T>} use what to do with the bundle; the folder is for what it makes meanwhile, and goes with the bundle afterwards
 */
export async function withBundle(entry, use) {
  const folder = join(root, 'node_modules', '.cache', 'livepatch-studio', `bundle-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  try {
    const script = join(folder, 'bundle.cjs');
    await build({ entryPoints: [join(root, entry)], outfile: script, bundle: true, platform: 'node', target: 'node20', format: 'cjs', external: ['tree-sitter', 'tree-sitter-c'], logLevel: 'warning' });
    return await use(script, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
