/** Files, refs, patches and folders that are not what they should be: one clear message, the right status, nothing written. */
import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { CheckJson } from '../../server/src/report/check';
import type { Files } from '../host/repository';
import { Folder, Repository } from '../host/repository';
import { cli, listing, sample, sampleEdits, type Outcome } from './program';

const made: Folder[] = [];
afterEach(() => { for (const folder of made.splice(0)) folder.remove(); });
function keep<F extends Folder>(folder: F): F {
  made.push(folder);
  return folder;
}

const kernel: Files = {
  'Makefile': 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 192\n', 'Kbuild': 'obj-y += fs/\n', 'fs/Makefile': 'obj-y += x.o\n',
  'fs/x.c': '#include "x.h"\n\nint x_open(int flags)\n{\n\treturn flags + 1;\n}\n', 'fs/x.h': 'struct x { int a; };\n',
};
const opened = '#include "x.h"\n\nint x_open(int flags)\n{\n\treturn flags + 2;\n}\n';

/** Runs in `folder` and holds that nothing in it, git's own folder included, was written. */
function run(folder: Folder, ...args: string[]): Outcome {
  const before = listing(folder.path);
  const outcome = cli(args, { cwd: folder.path });
  expect(listing(folder.path)).toEqual(before);
  return outcome;
}

const refusal = (message: string): Outcome => ({ status: 2, stdout: '', stderr: `livepatch-studio: ${message}\n` });

describe('a file of the edit that is', () => {
  const huge = 'int x;\n'.repeat(3_000_000);
  it.each<[string, string | Uint8Array, Partial<CheckJson>]>([
    ['binary', new Uint8Array([105, 110, 116, 0, 120]), { verdict: 'undecided', reasons: ['fs/x.c: holds NUL bytes: a binary file, or text in UTF-16'] }],
    ['20 MB', huge, { verdict: 'undecided', reasons: [`fs/x.c: is too large: ${(huge.length / 1024 / 1024).toFixed(1)} MB, at most 8 MB are read`] }],
    ['with a byte order mark', `\ufeff${opened}`, { verdict: 'patchable' }],
    ['with CR LF', opened.replaceAll('\n', '\r\n'), { verdict: 'patchable' }],
  ])('%s', (_, content, expected) => {
    const repo = keep(new Repository(kernel)).write({ 'fs/x.c': content });
    const { status, stdout, stderr } = run(repo, 'check', '--format', 'json');
    expect(stderr).toBe('');
    const document = JSON.parse(stdout) as CheckJson;
    expect(document).toMatchObject(expected);
    expect(status).toBe(expected.verdict === 'patchable' ? 0 : 3);
  });

  it('Latin-1: judged, with a note', () => {
    const content = new Uint8Array([...new TextEncoder().encode(`${opened}/* `), 0xe9, ...new TextEncoder().encode(' */\n')]);
    const repo = keep(new Repository(kernel)).write({ 'fs/x.c': content });
    const { status, stdout, stderr } = run(repo, 'check', '--format', 'json');
    expect(stderr).toBe('livepatch-studio: note: fs/x.c is not UTF-8: read as Latin-1\n');
    expect((JSON.parse(stdout) as CheckJson).objects.flatMap((object) => object.functions.map((each) => each.name))).toEqual(['x_open']);
    expect(status).toBe(0);
  });

  it.each<[string, string]>([
    ['empty', ''],
    ['unbalanced', `${opened}int broken(void)\n{\n\tif (1) {\n`],
    ['thousands of parentheses deep', `${opened}int deep = ${'('.repeat(20_000)}1${')'.repeat(20_000)};\n`],
    ['thousands of braces deep', `${opened}void deep(void) ${'{'.repeat(20_000)}${'}'.repeat(20_000)}\n`],
  ])('%s: judged without a crash', (_, content) => {
    const repo = keep(new Repository(kernel)).write({ 'fs/x.c': content });
    const { status, stdout, stderr } = run(repo, 'check', '--format', 'json');
    expect(stderr).toBe('');
    expect((JSON.parse(stdout) as CheckJson).verdict).toMatch(/^(patchable|unpatchable|undecided)$/);
    expect([0, 1, 3]).toContain(status);
  });

  it('unbalanced: what cannot be read is not called patchable', () => {
    const repo = keep(new Repository(kernel)).write({ 'fs/x.c': `${opened}int broken(void)\n{\n\tif (1) {\n` });
    expect(run(repo, 'check').status).toBe(3);
  });

  it('a link that leads out of the tree', () => {
    const repo = keep(new Repository(kernel));
    repo.delete('fs/x.c');
    symlinkSync('/etc/hostname', join(repo.path, 'fs/x.c'));
    const { status, stdout } = run(repo, 'check', '--format', 'json');
    expect(status).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'undecided', reasons: ['fs/x.c: is a symbolic link'] });
  });
});

describe('a baseline that is not there', () => {
  it.each([
    ['--base=v9.9', 'git knows no commit named "v9.9"'],
    ['--base=-p', 'a git ref cannot begin with \'-\': "-p"'],
    ['--base=--output=/tmp/x', 'a git ref cannot begin with \'-\': "--output=/tmp/x"'],
    ['--base=', 'not a git ref: ""'],
    ['--base=HEAD:fs/x.c', 'git knows no commit named "HEAD:fs/x.c"'],
  ])('%s', (option, message) => {
    expect(run(keep(new Repository(kernel)), 'check', option)).toEqual(refusal(message));
  });

  it('no git at all', () => {
    const folder = keep(new Folder(kernel));
    expect(run(folder, 'check')).toEqual(refusal(`${folder.path} is not in a git repository: give --base-dir DIR or --patch FILE to name the edit`));
  });

  it('a repository without a commit', () => {
    const repo = keep(new Repository()).write(kernel);
    expect(run(repo, 'check')).toEqual(refusal('the git repository has no commit yet, so there is no baseline'));
  });

  it('a repository that tracks nothing of the tree: its files are searched all the same', () => {
    const repo = keep(new Repository({ README: 'somebody else\'s' }));
    cpSync(sample, join(repo.path, 'linux'), { recursive: true });
    const patch = join(sampleEdits, 'header-helper.patch');
    const within = cli(['check', 'linux', '--patch', patch, '--format', 'json'], { cwd: repo.path });
    expect(JSON.parse(within.stdout)).toEqual(JSON.parse(cli(['check', sample, '--patch', patch, '--format', 'json']).stdout));
  });

  it('no git installed: a small tree is read instead', () => {
    const patch = join(sampleEdits, 'header-helper.patch');
    const without = cli(['check', sample, '--patch', patch, '--format', 'json'], { env: { PATH: '/nowhere' } });
    expect(JSON.parse(without.stdout)).toEqual(JSON.parse(cli(['check', sample, '--patch', patch, '--format', 'json']).stdout));
  });

  it('no git installed, and git asked for the baseline', () => {
    const repo = keep(new Repository(kernel));
    expect(cli(['check'], { cwd: repo.path, env: { PATH: '/nowhere' } })).toEqual(refusal('git is not installed'));
  });
});

describe('a folder that is no kernel', () => {
  it('empty, or without C', () => {
    for (const files of [{}, { 'README': 'x', 'Makefile': 'all:\n', 'src/x.py': '' }]) {
      const folder = keep(new Folder(files));
      expect(run(folder, 'check')).toEqual(refusal(`${folder.path} is no Linux kernel tree: no Makefile with VERSION and PATCHLEVEL, and no C file in it`));
    }
  });

  it('a part of one is taken', () => {
    const repo = keep(new Repository(kernel)).write({ 'fs/x.c': opened });
    const { stdout } = cli(['check', 'fs', '--format', 'json'], { cwd: repo.path });
    expect((JSON.parse(stdout) as CheckJson).objects.flatMap((object) => object.functions.map(({ name, file }) => ({ name, file })))).toEqual([{ name: 'x_open', file: 'x.c' }]);
  });
});

describe('a patch', () => {
  const header = (path: string): string => `--- a/${path}\n+++ b/${path}\n`;
  const hunk = '@@ -5,1 +5,1 @@ int x_open(int flags)\n-\treturn flags + 1;\n+\treturn flags + 2;\n';

  it.each([
    ['that does not apply', `${header('fs/x.c')}@@ -4,3 +4,3 @@\n {\n-\treturn flags + 7;\n+\treturn 1;\n }\n`, 'x.patch:3: hunk 1 of 1 does not apply to fs/x.c (line 4 there)'],
    ['for a file that is not there', `${header('fs/y.c')}${hunk}`, 'x.patch:1: fs/y.c is not in the tree'],
    ['that climbs', `${header('../../etc/passwd')}${hunk}`, 'x.patch:1: the path "a/../../etc/passwd" leads out of the tree or is none: nothing outside the tree is read'],
    ['with an absolute path', `--- /etc/passwd\n+++ /etc/passwd\n${hunk}`, 'x.patch:1: the path "/etc/passwd" leads out of the tree or is none: nothing outside the tree is read'],
    ['that is binary', 'diff --git a/logo.gif b/logo.gif\nindex 1..2 100644\nGIT binary patch\ndelta 3\nKcmZ\n', 'x.patch:3: b/logo.gif is changed by a binary diff, which cannot be judged'],
    ['that is cut off', `${header('fs/x.c')}@@ -4,3 +4,3 @@\n {\n`, 'x.patch:5: the patch ends within a hunk'],
    ['without a diff', 'Hello.\n', 'x.patch: holds no unified diff that changes anything'],
    ['that is empty', '', 'x.patch: holds no unified diff that changes anything'],
  ])('%s', (_, text, message) => {
    const folder = keep(new Folder({ ...kernel, 'x.patch': text }));
    expect(run(folder, 'check', '--patch', 'x.patch')).toEqual(refusal(message));
  });

  it('through a link', () => {
    const folder = keep(new Folder({ ...kernel, 'x.patch': `${header('link/x.c')}${hunk}` }));
    symlinkSync('fs', join(folder.path, 'link'));
    expect(run(folder, 'check', '--patch', 'x.patch')).toEqual(refusal('x.patch: link/x.c lies behind the symbolic link link: patches follow no links'));
  });

  it('that renames, creates and deletes', () => {
    const text = [
      'diff --git a/fs/x.c b/fs/z.c\nsimilarity index 95%\nrename from fs/x.c\nrename to fs/z.c\n',
      'diff --git a/fs/new.c b/fs/new.c\nnew file mode 100644\n--- /dev/null\n+++ b/fs/new.c\n@@ -0,0 +1,4 @@\n+int fresh(void)\n+{\n+\treturn 0;\n+}\n',
      'diff --git a/fs/x.h b/fs/x.h\ndeleted file mode 100644\n--- a/fs/x.h\n+++ /dev/null\n@@ -1 +0,0 @@\n-struct x { int a; };\n',
    ].join('');
    const folder = keep(new Folder({ ...kernel, 'x.patch': text }));
    const { status, stdout, stderr } = run(folder, 'check', '--patch', 'x.patch', '--format', 'json');
    expect(stderr).toBe('');
    expect([0, 1, 3]).toContain(status);
    const functions = (JSON.parse(stdout) as CheckJson).objects.flatMap((object) => object.functions.map(({ name, file, change }) => `${file} ${name} ${change}`));
    expect(functions).toEqual(expect.arrayContaining(['fs/new.c fresh added', 'fs/x.c x_open removed', 'fs/z.c x_open added']));
  });
});
