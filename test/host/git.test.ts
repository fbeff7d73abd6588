import { chmodSync, existsSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { nodeGit } from '../../server/src/host/git';
import type { Files } from './repository';
import { Folder, Repository } from './repository';

const made: Folder[] = [];
afterEach(() => { for (const folder of made.splice(0)) folder.remove(); });
function repository(files: Files = {}): Repository {
  const repo = new Repository(files);
  made.push(repo);
  return repo;
}

const text = (bytes: Uint8Array | undefined): string | undefined => (bytes === undefined ? undefined : new TextDecoder().decode(bytes));

describe('finding the repository', () => {
  it('gives the work tree that holds a folder', async () => {
    const repo = repository({ 'fs/ext4/super.c': 'x' });
    expect(await nodeGit.findRoot(join(repo.path, 'fs/ext4'))).toBe(repo.path);
  });

  it('gives none outside one', async () => {
    const folder = new Folder({ 'x.c': '' });
    made.push(folder);
    expect(await nodeGit.findRoot(folder.path)).toBeUndefined();
  });

  it('says what git says of a damaged one', async () => {
    const folder = new Folder({ '.git': 'gitdir: /nowhere\n' });
    made.push(folder);
    // git calls this "not a git repository"; other faults come through as messages.
    expect(await nodeGit.findRoot(folder.path)).toBeUndefined();
    const repo = repository({ 'x.c': '' });
    repo.write({ '.git/config': '[core\n' });
    await expect(nodeGit.findRoot(repo.path)).rejects.toThrow(/^git: bad config line 1 in file/);
  });
});

describe('refs', () => {
  it('resolves branches, tags and relations to a commit', async () => {
    const repo = repository({ 'x.c': '1' });
    const first = await nodeGit.resolve(repo.path, 'HEAD');
    repo.git('tag', '-a', '-m', 'first', 'v1');
    repo.write({ 'x.c': '2' }).commit('second');
    expect(first).toMatch(/^[0-9a-f]{40}$/);
    expect(await nodeGit.resolve(repo.path, 'HEAD~1')).toBe(first);
    expect(await nodeGit.resolve(repo.path, 'v1')).toBe(first);
    expect(await nodeGit.resolve(repo.path, 'main')).not.toBe(first);
  });

  it.each([
    ['nowhere', 'git knows no commit named "nowhere"'],
    ['HEAD:x.c', 'git knows no commit named "HEAD:x.c"'],
    ['--output=x', "a git ref cannot begin with '-': \"--output=x\""],
    ['-', "a git ref cannot begin with '-': \"-\""],
    ['', 'not a git ref: ""'],
    ['HEAD\0x', 'not a git ref: "HEAD\\u0000x"'],
    ['HEAD\n', 'not a git ref: "HEAD\\n"'],
  ])('refuses %j', async (ref, message) => {
    const repo = repository({ 'x.c': '1' });
    await expect(nodeGit.resolve(repo.path, ref)).rejects.toThrow(new Error(message));
  });

  it('says when there is no commit yet', async () => {
    await expect(nodeGit.resolve(repository().path, 'HEAD')).rejects.toThrow('the git repository has no commit yet');
  });
});

describe('a file at a commit', () => {
  it('is given byte for byte', async () => {
    const bytes = new Uint8Array([0, 255, 13, 10, 128]);
    const repo = repository({ 'a b/x\ty.c': bytes, '-x.c': 'dash', ':(top)y.c': 'magic', '*.c': 'star', 'empty.c': '' });
    const commit = await nodeGit.resolve(repo.path, 'HEAD');
    expect(await nodeGit.show(repo.path, commit, 'a b/x\ty.c')).toEqual(bytes);
    expect(text(await nodeGit.show(repo.path, commit, '-x.c'))).toBe('dash');
    expect(text(await nodeGit.show(repo.path, commit, ':(top)y.c'))).toBe('magic');
    expect(text(await nodeGit.show(repo.path, commit, '*.c'))).toBe('star');
    expect(text(await nodeGit.show(repo.path, commit, 'empty.c'))).toBe('');
  });

  it('is undefined when there is none, or no text of its own', async () => {
    const repo = repository({ 'fs/x.c': 'x' });
    symlinkSync('/etc/passwd', join(repo.path, 'link.c'));
    repo.commit('link');
    const commit = await nodeGit.resolve(repo.path, 'HEAD');
    expect(await nodeGit.show(repo.path, commit, 'fs/y.c')).toBeUndefined();
    expect(await nodeGit.show(repo.path, commit, 'fs')).toBeUndefined();
    expect(await nodeGit.show(repo.path, commit, 'link.c')).toBeUndefined();
  });
});

describe('changed files', () => {
  it('holds what was edited, staged, added, deleted and renamed, and what no git knows yet', async () => {
    const repo = repository({ 'edited.c': '1', 'staged.c': '1', 'deleted.c': '1', 'old-name.c': 'name\n', 'same.c': '1', 'fs/x.c': '1', '.gitignore': '*.o\n' });
    repo.write({ 'edited.c': '2', 'staged.c': '2', 'new.c': '1', 'fs/untracked.c': '1', 'built.o': '1', 'ü\n.c': '1' });
    repo.git('add', 'staged.c', 'new.c');
    rmSync(join(repo.path, 'deleted.c'));
    renameSync(join(repo.path, 'old-name.c'), join(repo.path, 'new-name.c'));
    // Touched only: a time stamp is no change.
    utimesSync(join(repo.path, 'same.c'), 1, 1);
    const commit = await nodeGit.resolve(repo.path, 'HEAD');
    expect(await nodeGit.changedFiles(repo.path, commit)).toEqual(['deleted.c', 'edited.c', 'fs/untracked.c', 'new-name.c', 'new.c', 'old-name.c', 'staged.c', 'ü\n.c']);
    expect(await nodeGit.changedFiles(repo.path, commit, 'fs')).toEqual(['fs/untracked.c']);
  });

  it('is asked against any commit', async () => {
    const repo = repository({ 'x.c': '1', 'y.c': '1' });
    const first = await nodeGit.resolve(repo.path, 'HEAD');
    repo.write({ 'x.c': '2' }).commit('second');
    expect(await nodeGit.changedFiles(repo.path, first)).toEqual(['x.c']);
    expect(await nodeGit.changedFiles(repo.path, await nodeGit.resolve(repo.path, 'HEAD'))).toEqual([]);
  });
});

describe('searching', () => {
  it('finds files by whole word', async () => {
    const repo = repository({ 'x.c': 'call(seq_puts);', 'y.c': 'seq_puts_more', 'z.txt': 'seq_puts', 'fs/w.h': '#define a seq_puts' });
    expect(await nodeGit.grep(repo.path, ['seq_puts'], ['*.c', '*.h'])).toEqual(['fs/w.h', 'x.c']);
    expect(await nodeGit.grep(repo.path, ['nobody', 'seq_puts'], ['*.c', '*.h'])).toEqual(['fs/w.h', 'x.c']);
    expect(await nodeGit.grep(repo.path, ['-e'], ['*.c'])).toEqual([]);
    expect(await nodeGit.grep(repo.path, ['nobody'], [])).toEqual([]);
    await expect(nodeGit.grep(repo.path, ['a\nb'], [])).rejects.toThrow('cannot search for "a\\nb"');
  });
});

describe('searching where git knows nothing of the files', () => {
  it('finds them in a repository that does not track them, ignores them, and outside of one; below the folder alone', async () => {
    const repo = repository({ 'README': 'x', '.gitignore': 'linux/fs\n' });
    repo.write({ 'linux/fs/x.c': 'call(seq_puts);', 'linux/kernel/y.c': 'seq_puts', 'beside.c': 'seq_puts' });
    expect([...(await nodeGit.grep(join(repo.path, 'linux'), ['seq_puts'], ['*.c']))].sort()).toEqual(['fs/x.c', 'kernel/y.c']);
    expect(await nodeGit.grep(join(repo.path, 'linux'), ['seq_puts'], ['fs/*.c'])).toEqual(['fs/x.c']);
    const folder = new Folder({ 'kernel/y.c': 'seq_puts' });
    made.push(folder);
    expect(await nodeGit.grep(folder.path, ['seq_puts'], ['*.c'])).toEqual(['kernel/y.c']);
  });
});

describe('a repository that wants programs run', () => {
  /** Every port call, on files whose time stamps make git compare their content. */
  async function useAll(repo: Repository): Promise<void> {
    const settled = await Promise.allSettled([
      nodeGit.findRoot(repo.path),
      nodeGit.resolve(repo.path, 'main'),
      nodeGit.grep(repo.path, ['int'], ['*.c']),
      nodeGit.resolve(repo.path, 'HEAD').then(async (commit) => {
        await nodeGit.show(repo.path, commit, 'fs/x.c');
        return nodeGit.changedFiles(repo.path, commit);
      }),
    ]);
    expect(settled.map((each) => each.status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'fulfilled']);
  }

  interface Attack {
    readonly repo: Repository;
    /** A shell command that notes `name` and passes its input on. */
    readonly mark: (name: string) => string;
    /** The notes left so far. */
    readonly marks: () => string[];
  }

  function attack(): Attack {
    const repo = repository({ 'fs/x.c': 'int x;\n', 'fs/y.c': 'int y;\n', '.gitattributes': '*.c filter=evil diff=evil\n' });
    const notes = new Folder();
    made.push(notes);
    const mark = (name: string): string => `touch '${notes.path}/${name}'; cat`;
    for (const hook of ['post-index-change', 'post-checkout', 'pre-auto-gc', 'reference-transaction', 'fsmonitor-watchman', 'query-watchman', 'post-command']) {
      repo.write({ [`.git/hooks/${hook}`]: `#!/bin/sh\n${mark(`hook-${hook}`)}\n` });
      chmodSync(join(repo.path, '.git/hooks', hook), 0o755);
    }
    repo.write({ 'monitor.sh': `#!/bin/sh\n${mark('fsmonitor')}\n`, 'fs/x.c': 'int z;\n' });
    chmodSync(join(repo.path, 'monitor.sh'), 0o755);
    const settings: [string, string][] = [
      ['core.fsmonitor', join(repo.path, 'monitor.sh')],
      ['core.pager', mark('pager')], ['pager.status', mark('pager')], ['pager.grep', mark('pager')],
      ['core.sshCommand', mark('ssh')], ['core.askPass', mark('askpass')], ['core.editor', mark('editor')], ['core.gitProxy', mark('proxy')], ['core.alternateRefsCommand', mark('alternates')],
      ['credential.helper', `!${mark('credential')}`],
      ['diff.external', mark('external-diff')], ['diff.evil.command', mark('diff-command')], ['diff.evil.textconv', mark('textconv')],
      ['filter.evil.clean', mark('clean')], ['filter.evil.smudge', mark('smudge')], ['filter.evil.process', mark('process')], ['filter.evil.required', 'true'],
      ['gpg.program', mark('gpg')], ['log.showSignature', 'true'],
      ['alias.status', `!${mark('alias')}`], ['alias.ls-tree', `!${mark('alias')}`],
      ['trace2.eventTarget', join(notes.path, 'trace2')],
      ['uploadpack.packObjectsHook', mark('pack-objects')],
      // A partial clone that lacks an object fetches it, through whatever program the remote names.
      ['remote.evil.url', `ext::touch ${notes.path}/transport`], ['remote.evil.promisor', 'true'], ['remote.evil.partialclonefilter', 'blob:none'], ['remote.evil.uploadpack', mark('uploadpack')],
      ['protocol.ext.allow', 'always'], ['protocol.allow', 'always'],
      ['extensions.partialClone', 'evil'], ['core.repositoryFormatVersion', '1'],
    ];
    for (const [name, value] of settings) repo.git('-c', 'core.fsmonitor=', 'config', name, value);
    utimesSync(join(repo.path, 'fs/x.c'), 1, 1);
    utimesSync(join(repo.path, 'fs/y.c'), 1, 1);
    return { repo, mark, marks: () => readdirSync(notes.path).sort() };
  }

  it('gets none run', async () => {
    const { repo, marks } = attack();
    await useAll(repo);
    expect(marks()).toEqual([]);
  });

  it('would get them run by a git without our settings', () => {
    const { repo, marks } = attack();
    repo.tryGit('status', '--porcelain');
    // The proof that the traps above are live.
    expect(marks()).toEqual(expect.arrayContaining(['fsmonitor', 'process']));
    repo.git('config', '--unset', 'filter.evil.process');
    utimesSync(join(repo.path, 'fs/y.c'), 2, 2);
    repo.tryGit('status', '--porcelain');
    expect(marks()).toEqual(expect.arrayContaining(['clean', 'hook-post-index-change']));
    repo.tryGit('diff');
    expect(marks()).toEqual(expect.arrayContaining(['diff-command']));
  });

  it('gets no transport run for an object that is missing', async () => {
    const { repo, marks } = attack();
    const commit = await nodeGit.resolve(repo.path, 'HEAD');
    const object = repo.git('-c', 'core.fsmonitor=', 'rev-parse', 'HEAD:fs/x.c').trim();
    rmSync(join(repo.path, '.git/objects', object.slice(0, 2), object.slice(2)), { force: true });
    await expect(nodeGit.show(repo.path, commit, 'fs/x.c')).rejects.toThrow(/^git: /);
    expect(marks()).toEqual([]);
    // And a plain git would have run it.
    repo.tryGit('cat-file', 'blob', object);
    expect(marks()).toContain('transport');
  });

  it('is refused when a filter has a name that cannot be switched off', async () => {
    const { repo, mark, marks } = attack();
    repo.write({ '.gitattributes': '*.c filter=a=b\n' });
    repo.git('-c', 'core.fsmonitor=', 'config', 'filter.a=b.clean', mark('clean'));
    const commit = await nodeGit.resolve(repo.path, 'HEAD');
    await expect(nodeGit.changedFiles(repo.path, commit)).rejects.toThrow('git\'s configuration has a filter named "a=b", which cannot be switched off');
    expect(marks()).toEqual([]);
  });

  it('as a bare repository within the tree is not used', async () => {
    const folder = new Folder();
    made.push(folder);
    const bare = repository({ 'x.c': '1' });
    renameSync(join(bare.path, '.git'), join(folder.path, 'inner'));
    expect(await nodeGit.findRoot(join(folder.path, 'inner'))).toBeUndefined();
  });

  it('has its index left alone', async () => {
    const repo = repository({ 'x.c': 'int x;\n' });
    utimesSync(join(repo.path, 'x.c'), 1, 1);
    const index = join(repo.path, '.git/index');
    const before = statSync(index, { bigint: true });
    expect(await nodeGit.changedFiles(repo.path, await nodeGit.resolve(repo.path, 'HEAD'))).toEqual([]);
    expect(statSync(index, { bigint: true }).mtimeNs).toBe(before.mtimeNs);
    expect(existsSync(`${index}.lock`)).toBe(false);
  });

  it('cannot be swapped by the caller\'s own environment', async () => {
    const repo = repository({ 'x.c': '1' });
    process.env['GIT_DIR'] = '/nowhere';
    process.env['GIT_INDEX_FILE'] = '/nowhere/index';
    try {
      expect(await nodeGit.findRoot(repo.path)).toBe(repo.path);
      expect(await nodeGit.changedFiles(repo.path, await nodeGit.resolve(repo.path, 'HEAD'))).toEqual([]);
    } finally {
      delete process.env['GIT_DIR'];
      delete process.env['GIT_INDEX_FILE'];
    }
  });
});
