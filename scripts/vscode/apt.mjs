import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Debian packages (checked on Debian 12) that compile the server's two native modules. */
export const BUILD_TOOLS = { 'g++': 'g++', make: 'make', python3: 'python3' };

/** Debian packages for driving the editor in tests; the font is the one of the golden pictures. */
export const BROWSER = { chromium: 'chromium', '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf': 'fonts-dejavu-core' };

/**
 * Makes sure that commands exist: installs the missing ones' packages when it may, otherwise says what to install.
 *
 * @param {Record<string, string>} commands command, or a file's absolute path -> the Debian packages that bring it, separated by spaces
 * @param {(line: string) => void} log told before anything is installed
 * @throws Error, one line naming the apt-get call that is missing or that failed
 */
export function ensureCommands(commands, log = () => undefined) {
  const missing = Object.keys(commands).filter((command) => !exists(command));
  if (missing.length > 0) installPackages(missing.flatMap((command) => commands[command].split(' ')), missing.join(', '), log);
}

/**
 * @param {readonly string[]} packages of Debian
 * @param {string} what is missing without them, for the messages
 * @param {(line: string) => void} log told before anything is installed
 * @throws Error, one line naming the apt-get call that is missing or that failed
 */
export function installPackages(packages, what, log = () => undefined) {
  const call = `apt-get install ${packages.join(' ')}`;
  if (process.getuid?.() !== 0 || !exists('apt-get')) throw new Error(`${what} not found; install first: ${call}`);
  log(`${what} not found: ${call}`);
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
    const { status, stderr } = aptGet(...args);
    if (status !== 0) throw new Error(`${call} failed: ${stderr.trim().split('\n').at(-1) ?? `exit status ${status}`}`);
  }
}

export function aptGet(...args) {
  return spawnSync('apt-get', args, { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Of a command only ENOENT counts as absent: some tools exit non-zero on --version. */
function exists(command) {
  return command.startsWith('/') ? existsSync(command) : spawnSync(command, ['--version'], { stdio: 'ignore' }).error === undefined;
}
