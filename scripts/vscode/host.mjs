import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hostPaths } from './install-host.mjs';

/** What every window starts with: quiet, nothing over the editor, and nothing saved that nobody asked to save. */
export const DEFAULT_SETTINGS = {
  'chat.commandCenter.enabled': false,
  'chat.disableAIFeatures': true,
  'editor.minimap.enabled': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'files.autoSave': 'off', // VS Code in a browser saves by itself otherwise
  'git.openRepositoryInParentFolders': 'never',
  'workbench.colorTheme': 'Visual Studio Light',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
};

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 5_000;

/**
 * Starts an installed VS Code server on 127.0.0.1 and returns once it answers. Types: host.d.mts.
 * It ends with this process at the latest.
 *
 * @throws Error, one line with the server's last words, when the VSIX or the server is not accepted
 */
export async function startHost(options) {
  const { version, vsix, settings = {}, port = 0, token, workspaceTrust = false } = options;
  const { server, nodeHome } = hostPaths(version);
  const node = join(nodeHome, 'bin/node');
  const stateDir = resolve(options.stateDir);
  const logFile = join(stateDir, 'server.log');
  const settingsFile = join(stateDir, 'data/User/settings.json');
  const dirs = ['--server-data-dir', stateDir, '--user-data-dir', join(stateDir, 'data'), '--extensions-dir', join(stateDir, 'ext')];
  mkdirSync(join(stateDir, 'data/User'), { recursive: true });
  if (!existsSync(settingsFile)) {
    writeFileSync(settingsFile, `${JSON.stringify({ ...DEFAULT_SETTINGS, ...settings }, null, 2)}\n`);
  }
  const log = openSync(logFile, 'w');
  const launch = (args) =>
    // A group of its own, so that stop() reaches extension hosts and language servers too.
    spawn(node, [server, '--accept-server-license-terms', ...dirs, ...args], { detached: true, stdio: ['ignore', log, log] });
  try {
    if (vsix !== undefined) {
      const install = launch(['--install-extension', resolve(vsix), '--force']);
      const status = await exited(install);
      if (status !== 0) throw new Error(`VS Code ${version} did not install ${basename(vsix)}: ${lastLine(logFile)} (more in ${logFile})`);
    }
    const child = launch([
      ...['--host', '127.0.0.1', '--port', String(port), '--telemetry-level', 'off'],
      ...(token === undefined ? ['--without-connection-token'] : ['--connection-token', token]),
      ...(workspaceTrust ? [] : ['--disable-workspace-trust']),
    ]);
    const ended = exited(child);
    const atExit = () => signalGroup(child.pid, 'SIGKILL');
    process.once('exit', atExit);
    const stop = async () => {
      process.off('exit', atExit);
      await stopGroup(child.pid);
    };
    try {
      const bound = await listening(ended, logFile, version);
      const address = `127.0.0.1:${bound}`;
      return {
        version,
        pid: child.pid,
        port: bound,
        stateDir,
        logFile,
        url: (folder, file, line) => windowUrl(address, token, folder, file, line),
        output: (channel) => readOutput(stateDir, channel),
        ended: ended.then(() => undefined),
        stop,
      };
    } catch (error) {
      await stop();
      throw error;
    }
  } finally {
    closeSync(log);
  }
}

/** The address that opens a folder and, above it, a file at a line (counted from 1). */
function windowUrl(address, token, folder, file, line) {
  const query = [['folder', folder]];
  if (token !== undefined) query.push(['tkn', token]);
  if (file !== undefined) {
    const uri = `vscode-remote://${address}${encodeURI(resolve(folder, file))}`;
    const payload = line === undefined ? [['openFile', uri]] : [['gotoLineMode', 'true'], ['openFile', `${uri}:${line}`]];
    query.push(['payload', JSON.stringify(payload)]);
  }
  return `http://${address}/?${query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`;
}

/** Waits for the server's own word which port it took (it picks when given 0 or a range), then for an answer there. */
async function listening(ended, logFile, version) {
  let gone = false;
  void ended.then(() => (gone = true));
  for (const deadline = Date.now() + START_TIMEOUT_MS; Date.now() < deadline; await sleep(50)) {
    if (gone) throw new Error(`VS Code ${version} ended while starting: ${lastLine(logFile)}`);
    const said = readFileSync(logFile, 'utf8');
    const port = /Extension host agent listening on (\d+)/.exec(said)?.[1];
    // The server says so and stays, without a port.
    if (said.includes('EADDRINUSE')) throw new Error(`VS Code ${version} did not start: its port is taken`);
    if (port === undefined) continue;
    const answer = await fetch(`http://127.0.0.1:${port}/version`).catch(() => undefined);
    if (answer?.ok) return Number(port);
  }
  throw new Error(`VS Code ${version} does not answer after ${START_TIMEOUT_MS / 1000} s; its log is ${logFile}`);
}

/** An output channel's text, read from the server's log files: the panel shows only the lines in sight. */
function readOutput(stateDir, channel) {
  const logs = join(stateDir, 'data/logs');
  if (!existsSync(logs)) return '';
  return readdirSync(logs, { recursive: true })
    .filter((name) => basename(name).replace(/^\d+-/, '') === `${channel}.log`)
    .sort()
    .map((name) => readFileSync(join(logs, name), 'utf8'))
    .join('');
}

function exited(child) {
  return new Promise((done, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => done(code));
  });
}

/** @returns false when no process of the group is left */
function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

async function stopGroup(pid) {
  signalGroup(pid, 'SIGTERM');
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  while (signalGroup(pid, 0)) {
    if (Date.now() > deadline) signalGroup(pid, 'SIGKILL');
    await sleep(50);
  }
}

function lastLine(file) {
  return readFileSync(file, 'utf8').trim().split('\n').at(-1) ?? '';
}
