import { linkSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Edit } from '../../server/src/host/edit';
import { editByPatches, editSinceCommit, editSinceFolder, mostChangedFiles } from '../../server/src/host/edit';
import { nodeGit } from '../../server/src/host/git';
import type { Files } from './repository';
import { Folder, Repository } from './repository';

const made: Folder[] = [];
afterEach(() => { for (const folder of made.splice(0)) folder.remove(); });
function folder(files: Files = {}): Folder {
  const it = new Folder(files);
  made.push(it);
  return it;
}
function repository(files: Files = {}): Repository {
  const it = new Repository(files);
  made.push(it);
  return it;
}

/** What the three ways have to agree on: the same edit, once in git, once in two folders, once as a patch. */
const before: Files = {
  'fs/x.c': 'int x;\n', 'fs/same.c': 'int same;\n', 'Makefile': 'VERSION = 6\n', 'fs/gone.c': 'int gone;\n',
  'fs/crlf.c': 'int a;\r\n', 'fs/latin.c': new Uint8Array([0x2f, 0x2f, 0xe9, 10]), 'fs/bom.c': '\ufeffint b;\n', 'logo.png': new Uint8Array([0, 1]), 'fs/empty.c': '',
};
const after: Files = {
  'fs/x.c': 'int y;\n', 'fs/same.c': 'int same;\n', 'Makefile': 'VERSION = 7\n', 'fs/new.c': 'int fresh;\n',
  'fs/crlf.c': 'int c;\r\n', 'fs/latin.c': new Uint8Array([0x2f, 0x2f, 0xe8, 10]), 'fs/bom.c': '\ufeffint d;\n', 'fs/empty.c': 'int e;\n',
};
const expected = [
  { path: 'Makefile', before: 'VERSION = 6\n', after: 'VERSION = 7\n' },
  { path: 'fs/bom.c', before: 'int b;\n', after: 'int d;\n' },
  { path: 'fs/crlf.c', before: 'int a;\r\n', after: 'int c;\r\n' },
  { path: 'fs/empty.c', before: '', after: 'int e;\n' },
  { path: 'fs/gone.c', before: 'int gone;\n' },
  { path: 'fs/latin.c', before: '//\u00e9\n', after: '//\u00e8\n' },
  { path: 'fs/new.c', after: 'int fresh;\n' },
  { path: 'fs/x.c', before: 'int x;\n', after: 'int y;\n' },
];
const logo = { path: 'logo.png', unreadable: 'holds NUL bytes: a binary file, or text in UTF-16 (in the baseline)' };
const notes = ['fs/latin.c is not UTF-8: read as Latin-1'];

/** A repository whose HEAD is `before` and whose work tree is `after`. */
function editedRepository(): Repository {
  const repo = repository(before);
  for (const name of Object.keys(before)) if (!(name in after)) repo.delete(name);
  repo.write(after);
  return repo;
}

const plain = (edit: Edit): Pick<Edit, 'files' | 'notes'> => ({ files: edit.files, notes: edit.notes });

describe('one edit, named in three ways', () => {
  it('against a commit', async () => {
    expect(plain(await editSinceCommit(nodeGit, editedRepository().path, 'HEAD'))).toEqual({ files: [...expected, logo], notes });
  });

  it('against a folder', async () => {
    expect(plain(await editSinceFolder(folder(after).path, folder(before).path))).toEqual({ files: [...expected, logo], notes });
  });

  it('as a patch', async () => {
    const repo = editedRepository();
    repo.git('add', '-A');
    // A binary file is what a patch cannot say.
    repo.git('reset', '-q', '--', 'logo.png');
    const patch = folder({ 'x.patch': repo.gitBytes('diff', '--cached', '--no-renames') });
    const edit = await editByPatches(folder(before).path, [join(patch.path, 'x.patch')]);
    expect(plain(edit)).toEqual({ files: expected, notes });
    expect(edit.overlay?.get('fs/x.c')).toBe('int y;\n');
    expect(edit.overlay?.has('fs/gone.c')).toBe(true);
    expect(edit.overlay?.get('fs/gone.c')).toBeUndefined();
  });
});

describe('against a commit', () => {
  it('looks at a part of a tree', async () => {
    const repo = repository({ 'fs/x.c': '1', 'mm/y.c': '1' });
    repo.write({ 'fs/x.c': '2', 'mm/y.c': '2' });
    expect((await editSinceCommit(nodeGit, join(repo.path, 'fs'), 'HEAD')).files).toEqual([{ path: 'x.c', before: '1', after: '2' }]);
  });

  it('says what to give without git, and in a folder git does not hold', async () => {
    const outside = folder({ 'x.c': '1' });
    await expect(editSinceCommit(nodeGit, outside.path, 'HEAD')).rejects.toThrow(/is not in a git repository: give --base-dir DIR or --patch FILE/);
    const repo = repository({ 'x.c': '1', '.gitignore': 'linux/\n' });
    repo.write({ 'linux/y.c': '1' });
    await expect(editSinceCommit(nodeGit, join(repo.path, 'linux'), 'HEAD')).rejects.toThrow(/the folder linux is not in commit [0-9a-f]{12}: git has no baseline for it/);
  });

  it('does not follow a link out of the tree', async () => {
    const repo = repository({ 'x.c': '1', 'fs/y.c': '1' });
    repo.delete('x.c');
    symlinkSync('/etc/hostname', join(repo.path, 'x.c'));
    expect((await editSinceCommit(nodeGit, repo.path, 'HEAD')).files).toEqual([{ path: 'x.c', unreadable: 'is a symbolic link' }]);
  });

  it('refuses a baseline that is another kernel', async () => {
    const repo = repository({ 'x.c': '1' });
    repo.write(Object.fromEntries(Array.from({ length: mostChangedFiles + 1 }, (_, index) => [`n/${index}.c`, ''])));
    await expect(editSinceCommit(nodeGit, repo.path, 'HEAD')).rejects.toThrow(`${mostChangedFiles + 1} files differ from the baseline, at most ${mostChangedFiles} are judged at once`);
  });
});

describe('against a folder', () => {
  it('leaves out what a build makes, and what is shared by hard links', async () => {
    const base = folder({ 'fs/x.c': '1', 'fs/shared.c': 's', '.git/HEAD': 'a', 'vmlinux': 'a' });
    const tree = folder({ 'fs/x.c': '2', 'fs/x.o': '1', 'fs/.x.o.cmd': '1', 'fs/ext4.ko': '1', 'fs/x.mod.c': '1', '.config': 'y', 'Module.symvers': '1', 'include/generated/autoconf.h': '1', 'include/config/auto.conf': '1', 'arch/x86/include/generated/asm/x.h': '1', '.git/HEAD': 'b' });
    linkSync(join(base.path, 'fs/shared.c'), join(tree.path, 'fs/shared.c'));
    expect((await editSinceFolder(tree.path, base.path)).files.map((file) => file.path)).toEqual(['fs/x.c']);
  });

  it('sees a difference in one byte of a large file, and a link where a file was', async () => {
    const large = new Uint8Array(700_000).fill(65);
    const other = large.slice();
    other[600_000] = 66;
    const base = folder({ 'large.c': large, 'link.c': '1' });
    const tree = folder({ 'large.c': other });
    symlinkSync('large.c', join(tree.path, 'link.c'));
    expect((await editSinceFolder(tree.path, base.path)).files.map((file) => file.path)).toEqual(['large.c', 'link.c']);
  });

  it('says which folder cannot be read', async () => {
    await expect(editSinceFolder(folder({ 'x.c': '' }).path, '/nowhere/at/all')).rejects.toThrow('/nowhere/at/all could not be read: there is no such file');
  });
});

describe('as patches', () => {
  const patchOf = (path: string): string => `--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-1\n+2\n`;

  it('refuses to patch through a link', async () => {
    const outside = folder({ 'x.c': '1\n' });
    const tree = folder({ 'a.patch': patchOf('link/x.c'), 'b.patch': patchOf('file.c'), 'y.c': '' });
    symlinkSync(outside.path, join(tree.path, 'link'));
    symlinkSync(join(outside.path, 'x.c'), join(tree.path, 'file.c'));
    await expect(editByPatches(tree.path, [join(tree.path, 'a.patch')])).rejects.toThrow('link/x.c lies behind the symbolic link link: patches follow no links');
    await expect(editByPatches(tree.path, [join(tree.path, 'b.patch')])).rejects.toThrow('file.c is a symbolic link: patches follow no links');
  });

  it('says which patch file is not there', async () => {
    const tree = folder({ 'x.c': '1\n' });
    await expect(editByPatches(tree.path, [join(tree.path, 'none.patch')])).rejects.toThrow(/^the patch .*none\.patch could not be read: there is no such file$/);
    mkdirSync(join(tree.path, 'dir.patch'));
    await expect(editByPatches(tree.path, [join(tree.path, 'dir.patch')])).rejects.toThrow(/dir\.patch is no file/);
  });

  it('writes names that are UTF-8 as such', async () => {
    const tree = folder({ 'fs/é.c': '1\n', 'x.patch': patchOf('fs/é.c') });
    expect((await editByPatches(tree.path, [join(tree.path, 'x.patch')])).files).toEqual([{ path: 'fs/é.c', before: '1\n', after: '2\n' }]);
  });
});
