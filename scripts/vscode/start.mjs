/**
 * npm start: opens the sample kernel tree, with an edit waiting, in a real VS Code in the browser.
 *
 *     npm start [-- [--port N] [--no-serve]]
 *
 * --port N     first port to try, default 3777; the next free one is taken
 * --no-serve   only make everything ready
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureCommands } from './apt.mjs';
import { startHost } from './host.mjs';
import { installHost } from './install-host.mjs';
import { busiestFile, makeSample } from './sample.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const VERSION = '1.139';
const VSIX = join(ROOT, 'dist/livepatch-studio.vsix');
const WORK = join(ROOT, '.work');
const SAMPLE = join(WORK, 'sample');

/** Over the quiet defaults of tests: what suits reading kernel code. */
const SETTINGS = {
  '[c]': { 'editor.tabSize': 8, 'editor.insertSpaces': false, 'editor.detectIndentation': false },
  'security.workspace.trust.enabled': false,
  'window.commandCenter': false,
  'workbench.colorTheme': 'Light Modern',
};

async function main() {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '3777' }, 'no-serve': { type: 'boolean', default: false } } });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new Error(`--port takes a number from 1 to 65535, not ${values.port}`);

  ensureCommands({ git: 'git' }, console.log);
  await installHost(VERSION, console.log);
  packageExtension();
  if (!makeSample(join(ROOT, 'test/sample/kernel'), join(ROOT, 'test/sample/edits/waiting.patch'), SAMPLE)) {
    console.log(`Kept ${relative(ROOT, SAMPLE)}, which has changes of yours; remove it for a fresh one.`);
  }
  if (values['no-serve']) return;

  const host = await startHost({
    version: VERSION,
    vsix: VSIX,
    stateDir: join(WORK, 'vscode'),
    settings: SETTINGS,
    port: `${port}-${Math.min(port + 20, 65535)}`,
    // Without it, whoever reaches the port could run programs as this user.
    token: randomBytes(16).toString('hex'),
  });
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    void host.stop();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const { file, line } = busiestFile(SAMPLE);
  console.log(`\nLivepatch Studio in VS Code ${VERSION}, on this machine only:\n\n  ${host.url(SAMPLE, file, line)}\n\nCtrl-C ends it.`);
  await host.ended;
  if (!stopping) throw new Error(`VS Code ended by itself; its log is ${host.logFile}`);
}

/** Makes the VSIX, unless the one there is younger than everything that goes into it. */
function packageExtension() {
  const lock = join(ROOT, 'package-lock.json');
  const installed = join(ROOT, 'node_modules/.package-lock.json');
  if (newest(installed) < newest(lock)) npm('ci');
  const sources = ['client', 'server', 'syntaxes', 'media', 'docs', 'scripts', 'package.json', 'package-lock.json'];
  if (newest(VSIX) < Math.max(...sources.map((path) => newest(join(ROOT, path))))) npm('run', 'package');
}

function npm(...args) {
  console.log(`npm ${args.join(' ')} …`);
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed:\n${stdout}${stderr}`.trimEnd());
}

/** When a file, or the newest file below a folder, was changed; 0 when there is none. */
function newest(path) {
  if (!existsSync(path)) return 0;
  if (!statSync(path).isDirectory()) return statSync(path).mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 2;
});
