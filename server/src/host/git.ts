/**
 * The git port: asks the installed git, and sees to it that a repository cannot make git run a program.
 *
 * A repository's own configuration and attributes can name programs: hooks, an fsmonitor, external diffs, textconv
 * and clean/smudge filters, a pager, and (where objects are missing in a partial clone) transports. Every one is
 * switched off here on the command line, which outranks all configuration files; test/host/git.test.ts sets each to
 * leave a mark and holds that none does. The index is never written either (GIT_OPTIONAL_LOCKS).
 */
import { parse } from 'node:path';
import type { Git } from './ports';
import type { Ended, Limits } from './process';
import { run } from './process';

/** A status of the whole kernel with cold caches on a slow disk stays well below this. */
const limits: Limits = { timeout: 120_000, output: 256 * 1024 * 1024 };

/** Settings that name a program or start another git. Empty is "none" for fsmonitor in every version of git. */
const harmless = [
  'core.fsmonitor=', 'core.hooksPath=/dev/null', 'core.pager=cat', 'core.sshCommand=false', 'core.askPass=', 'core.alternateRefsCommand=',
  'credential.helper=', 'diff.external=', 'diff.ignoreSubmodules=all', 'submodule.recurse=false', 'status.submoduleSummary=false',
  'log.showSignature=false', 'protocol.allow=never', 'safe.bareRepository=explicit', 'grep.fallbackToNoIndex=false', 'core.quotePath=false',
].flatMap((setting) => ['-c', setting]);

export const nodeGit: Git = {
  async findRoot(folder) {
    const found = await git(folder, ['rev-parse', '--show-toplevel']);
    if (found.status === 0) return found.stdout.toString().replace(/\r?\n$/, '');
    // "must be run in a work tree" is what a bare repository says: there is no edit in one.
    if (/not a git repository|must be run in a work tree|cannot use bare repository/.test(found.stderr)) return undefined;
    throw complaint(found);
  },

  async resolve(root, ref) {
    if (ref.startsWith('-')) throw new Error(`a git ref cannot begin with '-': ${shown(ref)}`);
    if (ref === '' || hasControls(ref)) throw new Error(`not a git ref: ${shown(ref)}`);
    const found = await git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
    const commit = /^[0-9a-f]{40,64}$/m.exec(found.stdout.toString())?.[0];
    if (found.status === 0 && commit !== undefined) return commit;
    if (ref === 'HEAD') throw new Error('the git repository has no commit yet, so there is no baseline');
    throw new Error(`git knows no commit named ${shown(ref)}`);
  },

  async show(root, commit, path) {
    const listed = await successful(root, ['--literal-pathspecs', 'ls-tree', '-z', '--full-tree', '--end-of-options', commit, '--', path]);
    // <mode> blob <object>\t<path>; a symbolic link (mode 120000) or submodule is no file with text of its own.
    const blob = /^100\d{3} blob ([0-9a-f]+)\t/.exec(listed.toString())?.[1];
    return blob === undefined ? undefined : new Uint8Array(await successful(root, ['cat-file', 'blob', blob]));
  },

  async changedFiles(root, commit, under) {
    // Two answers whose union holds every difference: the index against the commit, the work tree against the index.
    const scope = under === undefined || under === '' ? [] : ['--', under];
    if (scope.length > 0 && (await git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}:${under ?? ''}`])).status !== 0) {
      throw new Error(`the folder ${under ?? ''} is not in commit ${commit.slice(0, 12)}: git has no baseline for it`);
    }
    const filters = await switchedOffFilters(root);
    const [indexed, status] = await Promise.all([
      successful(root, ['--literal-pathspecs', 'diff-index', '--cached', '--name-only', '-z', '--no-renames', '--no-ext-diff', '--no-textconv', '--ignore-submodules=all', '--end-of-options', commit, ...scope]),
      successful(root, [...filters, '--literal-pathspecs', 'status', '--porcelain', '-z', '--no-renames', '--untracked-files=all', '--ignore-submodules=all', '--no-ahead-behind', ...scope]),
    ]);
    const paths = new Set([...records(indexed), ...records(status).map((record) => record.slice(3))]);
    // A name that ends in a slash is another repository inside this one.
    return [...paths].filter((path) => !path.endsWith('/')).sort();
  },

  async grep(folder, words, pathspecs) {
    for (const word of words) if (word === '' || hasControls(word)) throw new Error(`cannot search for ${shown(word)}`);
    // What a repository tracks is another question: a kernel may be unpacked in one that knows nothing of it, and a new file calls functions, too.
    const found = await git(folder, ['grep', '--no-index', '-lwzFI', '--no-color', '--no-textconv', ...words.flatMap((word) => ['-e', word]), '--', ...pathspecs]);
    if (found.status > 1) throw complaint(found);
    return records(found.stdout);
  },
};

/**
 * Comparing the work tree with the index runs a file's clean filter when its time stamp changed. Filters are named by
 * any configuration file, so they are asked for first and then emptied one by one.
 */
async function switchedOffFilters(root: string): Promise<string[]> {
  const names = records(await successful(root, ['config', '--list', '--name-only', '-z', '--includes']))
    .flatMap((name) => /^filter\.([\s\S]+)\.(?:clean|smudge|process|required)$/.exec(name)?.[1] ?? []);
  return [...new Set(names)].flatMap((name) => {
    // `git -c` splits at the first `=`: such a name cannot be switched off, and must not run.
    if (name.includes('=')) throw new Error(`git's configuration has a filter named ${shown(name)}, which cannot be switched off: comparing files could run it`);
    return [`filter.${name}.clean=`, `filter.${name}.smudge=`, `filter.${name}.process=`, `filter.${name}.required=false`].flatMap((setting) => ['-c', setting]);
  });
}

async function successful(root: string, args: readonly string[]): Promise<Buffer> {
  const ended = await git(root, args);
  if (ended.status !== 0) throw complaint(ended);
  return ended.stdout;
}

function git(folder: string, args: readonly string[]): Promise<Ended> {
  // From the file system's root, not from the tree: on Windows a program in the current folder would be found first.
  return run('git', ['-C', folder, '--no-pager', ...harmless, ...args], { cwd: parse(folder).root, env: environment(), limits });
}

/** Without the caller's GIT_* variables: inside a hook they would point at another index or repository. */
function environment(): NodeJS.ProcessEnv {
  const kept = new Set(['GIT_CEILING_DIRECTORIES', 'GIT_DISCOVERY_ACROSS_FILESYSTEM', 'GIT_CONFIG_GLOBAL', 'GIT_CONFIG_SYSTEM', 'GIT_CONFIG_NOSYSTEM', 'GIT_EXEC_PATH']);
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_') || kept.has(name));
  return {
    ...Object.fromEntries(inherited),
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    // No transport at all: a partial clone must not fetch what it lacks, through whatever helper its configuration names.
    GIT_ALLOW_PROTOCOL: '',
    GIT_NO_LAZY_FETCH: '1',
    LC_ALL: 'C',
  };
}

function complaint(ended: Ended): Error {
  const [line = ''] = ended.stderr.split('\n', 1);
  return new Error(`git: ${line.replace(/^(fatal|error): /, '') || `ended with status ${ended.status}`}`);
}

/** The parts of a NUL-terminated list. */
function records(output: Buffer): string[] {
  return output.toString().split('\0').filter((record) => record !== '');
}

function hasControls(text: string): boolean {
  // eslint-disable-next-line no-control-regex
  return /[\0-\x1f\x7f]/.test(text);
}

/** For a message of one line. */
function shown(text: string): string {
  return JSON.stringify(text);
}
