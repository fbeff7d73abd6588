// Bundles the programs (extension, server, command line, their threads, preview) into dist/.
// The native parser stays outside the bundles: its packages are copied to dist/node_modules, without
// their C sources, so that the server and the command line find it in the VSIX as in the checkout.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { build, context } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const production = process.argv.includes('--production');

const shared = { bundle: true, sourcemap: production ? false : 'linked', minify: production, logLevel: 'warning', absWorkingDir: root, legalComments: 'none' };
const node = { ...shared, platform: 'node', target: 'node20', format: 'cjs', external: ['vscode', 'tree-sitter', 'tree-sitter-c'], loader: { '.sh': 'text' } };

const programs = [
  { ...node, entryPoints: ['client/src/extension.ts'], outfile: 'dist/extension.js' },
  { ...node, entryPoints: ['server/src/lsp/main.ts'], outfile: 'dist/server.js' },
  { ...node, entryPoints: ['server/src/host/indexWorker.ts'], outfile: 'dist/indexWorker.js' },
  { ...node, entryPoints: ['server/src/host/batchWorker.ts'], outfile: 'dist/batchWorker.js' },
  { ...node, entryPoints: ['server/src/cli/main.ts'], outfile: 'dist/cli.js', banner: { js: '#!/usr/bin/env node' } },
  { ...shared, platform: 'browser', target: 'es2022', format: 'iife', entryPoints: ['client/webview/main.ts'], outfile: 'dist/webview/preview.js' },
];

/** What `require('tree-sitter')` needs at run time: JavaScript, package.json and the prebuilt addons. */
function copyParser() {
  const wanted = /(^|\/)(package\.json|[^/]+\.js|prebuilds(\/.*)?|bindings(\/node(\/[^/]+\.js)?)?|src|src\/node-types\.json|lib)$|\.node$/;
  for (const name of ['tree-sitter', 'tree-sitter-c', 'node-gyp-build']) {
    const from = join(root, 'node_modules', name);
    const to = join(root, 'dist', 'node_modules', name);
    rmSync(to, { recursive: true, force: true });
    cpSync(from, to, { recursive: true, filter: (source) => source === from || wanted.test(source.slice(from.length)) });
  }
}

/** The icon font, and of its style sheet of 550 icons the rules that client/webview/icon.ts names. */
function copyIcons() {
  const from = join(root, 'node_modules/@vscode/codicons/dist');
  const named = new Set(readFileSync(join(root, 'client/webview/icon.ts'), 'utf8').match(/(?<=')[a-z-]+(?=')/g));
  const isWanted = (rule) => !rule.includes(':before {') || named.has(/^\.codicon-([\w-]+):before/.exec(rule)?.[1]);
  writeFileSync(join(root, 'dist/webview/codicon.css'), readFileSync(join(from, 'codicon.css'), 'utf8').split('\n').filter(isWanted).join('\n'));
  cpSync(join(from, 'codicon.ttf'), join(root, 'dist/webview/codicon.ttf'));
}

mkdirSync(join(root, 'dist/webview'), { recursive: true });
copyParser();
cpSync(join(root, 'client/webview/preview.css'), join(root, 'dist/webview/preview.css'));
copyIcons();
// Diagnostics link to their rule's page: it has to be where the server is.
cpSync(join(root, 'docs/rules'), join(root, 'dist/manual'), { recursive: true });
for (const name of ['livepatch-studio', 'klpsim', 'machine']) cpSync(join(root, `docs/schemas/${name}.schema.json`), join(root, `dist/${name}.schema.json`));
if (process.argv.includes('--watch')) {
  for (const program of programs) await (await context(program)).watch();
} else {
  await Promise.all(programs.map((program) => build(program)));
}
