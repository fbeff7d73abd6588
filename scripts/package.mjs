// Builds dist/livepatch-studio.vsix: the production bundles, packed by vsce, and checked for what must be inside.
import { spawnSync } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { dirname, join } from 'node:path';

const root = fileURLToPath(new URL('..', import.meta.url));
const vsix = join(root, 'dist', 'livepatch-studio.vsix');
const vsceFolder = dirname(createRequire(import.meta.url).resolve('@vscode/vsce/package.json'));

/** Runs a Node program and gives what it printed; what it says when it fails is its own, so nothing is added to that. */
function run(...args) {
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
  return stdout;
}

rmSync(vsix, { force: true });
run(join(root, 'scripts', 'build.mjs'), '--production');
run(join(vsceFolder, 'vsce'), 'package', '--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--out', vsix);

const files = run(join(vsceFolder, 'vsce'), 'ls', '--no-dependencies').trim().split('\n');
const platforms = ['darwin', 'linux', 'win32'].flatMap((os) => [`${os}-x64`, `${os}-arm64`]);
const wanted = [
  'dist/extension.js',
  'dist/server.js',
  'dist/indexWorker.js',
  'dist/batchWorker.js',
  'dist/cli.js',
  'dist/livepatch-studio.schema.json',
  'dist/klpsim.schema.json',
  'dist/machine.schema.json',
  'dist/webview/preview.js',
  'dist/webview/preview.css',
  'dist/webview/codicon.css',
  'dist/webview/codicon.ttf',
  'syntaxes/livepatch.injection.tmLanguage.json',
  'syntaxes/task-stacks.tmLanguage.json',
  'media/icon.png',
  'media/view.svg',
  'media/walkthrough/',
  ...['tree-sitter', 'tree-sitter-c'].flatMap((name) => platforms.map((platform) => `dist/node_modules/${name}/prebuilds/${platform}/`)),
];
const missing = wanted.filter((path) => !files.some((file) => file === path || (path.endsWith('/') && file.startsWith(path))));
if (missing.length > 0) {
  console.error(`The package lacks ${missing.join(', ')}.`);
  process.exit(1);
}
console.log(`dist/livepatch-studio.vsix: ${files.length} files, ${(statSync(vsix).size / 1024 / 1024).toFixed(2)} MB`);
