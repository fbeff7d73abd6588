import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';

/** Fixed, so that one baseline always gets the same commit hash, on any machine and with any git configuration. */
const GIT_ENV = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'))),
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Livepatch Studio',
  GIT_AUTHOR_EMAIL: 'livepatch-studio@localhost',
  GIT_AUTHOR_DATE: '2024-01-01T00:00:00Z',
  GIT_COMMITTER_NAME: 'Livepatch Studio',
  GIT_COMMITTER_EMAIL: 'livepatch-studio@localhost',
  GIT_COMMITTER_DATE: '2024-01-01T00:00:00Z',
};

/** Runs git in a folder under the fixed identity and no user configuration; returns what it prints. */
export function git(folder, ...args) {
  try {
    return execFileSync('git', args, { cwd: folder, env: GIT_ENV, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 28 });
  } catch (error) {
    throw new Error(`git ${args.join(' ')} in ${folder}: ${(error.stderr || error.message).trim()}`, { cause: error });
  }
}

/**
 * Makes a work folder: a copy of `from`, committed as the baseline (git HEAD), with patches applied on top but not
 * committed. The copy holds every file of the tree, ignored ones too (a kernel tree ignores its .config).
 *
 * @param {string} from the tree to copy
 * @param {string} to a folder that does not exist yet, or is empty
 * @param {string[]} patches unified diffs with a/ and b/ prefixes, applied in order
 * @returns {string} the work folder's absolute path
 * @throws Error when git is missing or a patch does not apply
 */
export function makeWorkspace(from, to, patches = []) {
  const folder = resolve(to);
  mkdirSync(folder, { recursive: true });
  cpSync(from, folder, { recursive: true });
  git(folder, 'init', '-q', '-b', 'main');
  git(folder, 'add', '--all');
  git(folder, 'commit', '-q', '-m', 'Baseline');
  for (const patch of patches) git(folder, 'apply', resolve(patch));
  return folder;
}
