import { spawnSync } from 'node:child_process';

/** Debian packages (checked on Debian 12) that compile the server's two native modules. */
export const BUILD_TOOLS = { 'g++': 'g++', make: 'make', python3: 'python3' };

/** Debian packages for driving the editor in tests; the font keeps text in screenshots from being boxes. */
export const BROWSER = { chromium: 'chromium fonts-dejavu-core' };

/**
 * Makes sure that commands exist: installs the missing ones' packages when it may, otherwise says what to install.
 *
 * @param {Record<string, string>} commands command -> the Debian packages that bring it, separated by spaces
 * @param {(line: string) => void} log told before anything is installed
 * @throws Error, one line naming the apt-get call that is missing or that failed
 */
export function ensureCommands(commands, log = () => undefined) {
  const missing = Object.keys(commands).filter((command) => !exists(command));
  if (missing.length === 0) return;
  const packages = missing.flatMap((command) => commands[command].split(' '));
  const call = `apt-get install ${packages.join(' ')}`;
  if (process.getuid?.() !== 0 || !exists('apt-get')) {
    throw new Error(`${missing.join(', ')} not found; install first: ${call}`);
  }
  log(`${missing.join(', ')} not found: ${call}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
    const { status, stderr } = spawnSync('apt-get', args, { env, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
    if (status !== 0) throw new Error(`${call} failed: ${stderr.trim().split('\n').at(-1) ?? `exit status ${status}`}`);
  }
}

/** Only ENOENT counts as absent: some tools exit non-zero on --version. */
function exists(command) {
  return spawnSync(command, ['--version'], { stdio: 'ignore' }).error === undefined;
}
