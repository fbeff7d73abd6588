import { describe, expect, it } from 'vitest';
import { applyPatches } from '../../server/src/change/patch';

type Tree = Readonly<Record<string, string>>;

const tree: Tree = { 'fs/x.c': 'one\ntwo\nthree\n', 'fs/y.c': 'alpha\nbeta\n' };

async function apply(files: Tree, ...texts: string[]): Promise<Record<string, string | undefined>> {
  const patched = await applyPatches(texts.map((text, index) => ({ name: `${index + 1}.patch`, text })), (path) => Promise.resolve(files[path]));
  return Object.fromEntries([...patched].map(([path, file]) => [path, file.after]));
}

const header = (path: string): string => `--- a/${path}\n+++ b/${path}\n`;
const twoToTwice = '@@ -1,3 +1,3 @@\n one\n-two\n+twice\n three\n';

describe('which patches are read', () => {
  it('a bare unified diff, with a time stamp or another first folder', async () => {
    expect(await apply(tree, header('fs/x.c') + twoToTwice)).toEqual({ 'fs/x.c': 'one\ntwice\nthree\n' });
    expect(await apply(tree, `--- linux.orig/fs/x.c\t2026-01-01 00:00:00\n+++ linux/fs/x.c\t2026-01-02 00:00:00\n${twoToTwice}`)).toEqual({ 'fs/x.c': 'one\ntwice\nthree\n' });
  });

  it('one without prefixes, when only so its paths are in the tree', async () => {
    expect(await apply(tree, `--- fs/x.c\n+++ fs/x.c\n${twoToTwice}`)).toEqual({ 'fs/x.c': 'one\ntwice\nthree\n' });
  });

  it('git format-patch mail: prose, diffstat and signature are no part of it', async () => {
    const mail = `From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001
From: A <a@b.c>
Subject: [PATCH] x: count twice

--- this is prose
+++ and this
 fs/x.c | 2 +-
---
 fs/x.c | 2 +-
 1 file changed, 1 insertion(+), 1 deletion(-)

diff --git a/fs/x.c b/fs/x.c
index 1234567..89abcde 100644
${header('fs/x.c')}${twoToTwice}-- 
2.39.5

`;
    expect(await apply(tree, mail)).toEqual({ 'fs/x.c': 'one\ntwice\nthree\n' });
    // As mbox: several mails, the second on top of the first.
    const second = mail.replace(twoToTwice, '@@ -1,3 +1,3 @@\n one\n-twice\n+thrice\n three\n');
    expect(await apply(tree, mail + second)).toEqual({ 'fs/x.c': 'one\nthrice\nthree\n' });
  });

  it.each([
    ['base64', (body: string) => Buffer.from(body).toString('base64').replace(/.{1,60}/g, '$&\n')],
    ['quoted-printable', (body: string) => body.replaceAll('=', '=3D').replaceAll('tw', 't=\nw').replaceAll('e', '=65')],
  ])('mail in %s', async (encoding, encode) => {
    const head = `From a@b.c Mon Jan  5 10:00:00 2026\nContent-Transfer-Encoding: ${encoding}\n\n`;
    expect(await apply(tree, `${head}${encode(`Text.\n---\n${header('fs/x.c')}${twoToTwice}`)}\n`)).toEqual({ 'fs/x.c': 'one\ntwice\nthree\n' });
  });

  it('several files of patches, in order', async () => {
    expect(await apply(tree, header('fs/x.c') + twoToTwice, header('fs/x.c') + '@@ -1,3 +1,2 @@\n one\n-twice\n three\n', header('fs/y.c') + '@@ -1,2 +1,2 @@\n alpha\n-beta\n+gamma\n')).toEqual({
      'fs/x.c': 'one\nthree\n',
      'fs/y.c': 'alpha\ngamma\n',
    });
  });

  it('one whose lines end in CR LF throughout, for a file with LF', async () => {
    expect(await apply(tree, (header('fs/x.c') + twoToTwice).replaceAll('\n', '\r\n'))).toEqual({ 'fs/x.c': 'one\ntwice\nthree\n' });
  });

  it('one for a file with CR LF', async () => {
    expect(await apply({ 'x.c': 'one\r\ntwo\r\n' }, `${header('x.c')}@@ -1,2 +1,2 @@ f(void)\r\n one\r\n-two\r\n+twice\r\n`)).toEqual({ 'x.c': 'one\r\ntwice\r\n' });
  });

  it('one whose empty context lines lost their space', async () => {
    expect(await apply({ 'x.c': 'one\n\ntwo\n' }, `${header('x.c')}@@ -1,3 +1,3 @@\n one\n\n-two\n+twice\n`)).toEqual({ 'x.c': 'one\n\ntwice\n' });
  });
});

describe('new, deleted, renamed and copied files', () => {
  it('creates', async () => {
    const hunk = '@@ -0,0 +1,2 @@\n+int x;\n+int y;\n';
    expect(await apply(tree, `diff --git a/fs/new.c b/fs/new.c\nnew file mode 100644\n--- /dev/null\n+++ b/fs/new.c\n${hunk}`)).toEqual({ 'fs/new.c': 'int x;\nint y;\n' });
    expect(await apply(tree, `--- a/fs/new.c\t1970-01-01 00:00:00.000000000 +0000\n+++ b/fs/new.c\t2026-01-01 00:00:00\n${hunk}`)).toEqual({ 'fs/new.c': 'int x;\nint y;\n' });
    expect(await apply(tree, 'diff --git a/empty.c b/empty.c\nnew file mode 100644\nindex 000000000..e69de29bb\n')).toEqual({ 'empty.c': '' });
  });

  it('deletes', async () => {
    expect(await apply(tree, `diff --git a/fs/y.c b/fs/y.c\ndeleted file mode 100644\n--- a/fs/y.c\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-alpha\n-beta\n`)).toEqual({ 'fs/y.c': undefined });
  });

  it('renames, with and without a change, and copies', async () => {
    const names = 'diff --git a/fs/y.c b/fs/z.c\nsimilarity index 90%\nrename from fs/y.c\nrename to fs/z.c\n';
    expect(await apply(tree, names)).toEqual({ 'fs/y.c': undefined, 'fs/z.c': 'alpha\nbeta\n' });
    expect(await apply(tree, `${names}--- a/fs/y.c\n+++ b/fs/z.c\n@@ -1,2 +1,2 @@\n alpha\n-beta\n+gamma\n`)).toEqual({ 'fs/y.c': undefined, 'fs/z.c': 'alpha\ngamma\n' });
    expect(await apply(tree, names.replaceAll('rename', 'copy'))).toEqual({ 'fs/z.c': 'alpha\nbeta\n' });
  });

  it('takes no notice of a mode', async () => {
    expect(await apply(tree, `diff --git a/fs/x.c b/fs/x.c\nold mode 100644\nnew mode 100755\n${header('fs/x.c')}${twoToTwice}`)).toEqual({ 'fs/x.c': 'one\ntwice\nthree\n' });
  });

  it('reads the quoted names of git', async () => {
    expect(await apply({ 'a \t"b.c': 'x\n' }, `diff --git "a/a \\t\\"b.c" "b/a \\t\\"b.c"\n--- "a/a \\t\\"b.c"\n+++ "b/a \\t\\"b.c"\n@@ -1 +1 @@\n-x\n+y\n`).catch((error: unknown) => String(error))).toMatch(/leads out of the tree or is none/);
    // Octal escapes are bytes, as everything here: the caller makes UTF-8 of them.
    expect(await apply({ 'caf\xc3\xa9 x.c': 'x\n' }, `--- "a/caf\\303\\251 x.c"\n+++ "b/caf\\303\\251 x.c"\n@@ -1 +1 @@\n-x\n+y\n`)).toEqual({ 'caf\xc3\xa9 x.c': 'y\n' });
  });
});

describe('the end of the file', () => {
  it.each([
    ['a line end gained', 'x\ny', '-y\n\\ No newline at end of file\n+y\n', 'x\ny\n'],
    ['a line end lost', 'x\ny\n', '-y\n+y\n\\ No newline at end of file\n', 'x\ny'],
    ['none on both sides', 'x\ny', '-y\n\\ No newline at end of file\n+z\n\\ No newline at end of file\n', 'x\nz'],
  ])('%s', async (_, before, lines, after) => {
    expect(await apply({ 'x.c': before }, `${header('x.c')}@@ -1,2 +1,2 @@\n x\n${lines}`)).toEqual({ 'x.c': after });
  });
});

describe('refused, with one clear line', () => {
  const refused = async (files: Tree, ...texts: string[]): Promise<string> => {
    const message = await apply(files, ...texts).then((result) => `applied: ${JSON.stringify(result)}`, (error: unknown) => (error as Error).message);
    expect(message).not.toContain('\n');
    return message;
  };

  it('a hunk that does not fit, by file, hunk and line', async () => {
    const moved = `${header('fs/x.c')}@@ -1,1 +1,2 @@\n+zero\n one\n@@ -2,2 +3,2 @@ f()\n-deux\n+twice\n three\n`;
    expect(await refused(tree, moved)).toBe('1.patch:6: hunk 2 of 2 does not apply to fs/x.c (line 2 there)');
  });

  it('a patch that is in the tree already', async () => {
    expect(await refused({ 'fs/x.c': 'zero\none\n' }, `${header('fs/x.c')}@@ -1,1 +1,2 @@\n+zero\n one\n`)).toBe('1.patch:3: hunk 1 of 1 does not apply to fs/x.c (line 1 there)');
  });

  it.each(['../x.c', 'a/../../x.c', '/etc/passwd', 'a//../x.c', 'C:\\x.c', 'a/.git/config', '\\\\host\\x', 'a'])('the path %s', async (path) => {
    expect(await refused(tree, `--- ${path}\n+++ ${path}\n@@ -1 +1 @@\n-x\n+y\n`)).toMatch(/^1\.patch:1: the path ".*" leads out of the tree or is none/);
    expect(await refused(tree, `--- /dev/null\n+++ ${path}\n@@ -0,0 +1 @@\n+y\n`)).toMatch(/^1\.patch:1: the path ".*" leads out of the tree or is none/);
  });

  it('a rename that leaves the tree', async () => {
    expect(await refused(tree, 'diff --git a/fs/y.c b/fs/z.c\nrename from fs/y.c\nrename to ../../z.c\n')).toMatch(/the path "b\/\.\.\/\.\.\/z\.c" leads out/);
  });

  it('binary diffs, symbolic links and submodules', async () => {
    expect(await refused(tree, 'diff --git a/logo.png b/logo.png\nindex 1..2 100644\nGIT binary patch\nliteral 3\nKcmZ\n')).toBe('1.patch:3: b/logo.png is changed by a binary diff, which cannot be judged');
    expect(await refused(tree, 'diff --git a/logo.png b/logo.png\nindex 1..2 100644\nBinary files a/logo.png and b/logo.png differ\n')).toBe('1.patch:3: b/logo.png is changed by a binary diff, which cannot be judged');
    expect(await refused(tree, 'Binary files a/logo.png and b/logo.png differ\n')).toBe('1.patch:1: a file is changed by a binary diff, which cannot be judged');
    expect(await refused(tree, 'diff --git a/link b/link\nnew file mode 120000\n--- /dev/null\n+++ b/link\n@@ -0,0 +1 @@\n+/etc/passwd\n\\ No newline at end of file\n')).toMatch(/b\/link is a symbolic link or a submodule/);
  });

  it('files that are not, or already are, in the tree', async () => {
    expect(await refused(tree, `${header('fs/none.c')}${twoToTwice}`)).toBe('1.patch:1: fs/none.c is not in the tree');
    expect(await refused(tree, 'diff --git a/fs/x.c b/fs/x.c\nnew file mode 100644\n--- /dev/null\n+++ b/fs/x.c\n@@ -0,0 +1 @@\n+x\n')).toBe('1.patch:1: fs/x.c is created by the patch, but is in the tree already');
    expect(await refused(tree, '--- a/fs/y.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-alpha\n')).toMatch(/^1\.patch:(1|3): .*fs\/y\.c/);
  });

  it.each([
    ['', '1.patch: holds no unified diff that changes anything'],
    ['just some words\n', '1.patch: holds no unified diff that changes anything'],
    [`${header('fs/x.c')}@@ -1,3 +1,3 @@\n one\n-two\n`, '1.patch:6: the patch ends within a hunk'],
    [`${header('fs/x.c')}@@ -1,3 +1,3 @@\n one\n*two\n`, '1.patch:5: a line within a hunk that begins with neither space, + nor -'],
    [`${header('fs/x.c')}${twoToTwice}+four\n`, '1.patch:3: a hunk whose line counts do not fit its lines'],
    [`${header('fs/x.c')}@@ -one +two @@\n`, '1.patch:3: a hunk header that cannot be read'],
    ['@@ -1 +1 @@\n-x\n+y\n', '1.patch:1: a hunk without a file header before it'],
  ])('%j', async (text, message) => {
    expect(await refused(tree, text)).toBe(message);
  });

  it('the second of two patches, by its name', async () => {
    const once = header('fs/x.c') + twoToTwice;
    expect(await refused(tree, once, once)).toBe('2.patch:3: hunk 1 of 1 does not apply to fs/x.c (line 1 there)');
  });
});
