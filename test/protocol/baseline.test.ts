/** What the edit is compared with: chosen, moved on, missing, or not to be touched. */
import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { codesIn, namesIn, StrictClient } from './client';
import { gitInFront, Workspace } from './workspace';

const CORE = 'kernel/parcel/core.c';
const changedFile = 2;

it('compares with HEAD, another ref, or a folder', async () => {
  const folder = Workspace.sample('clean');
  const [changed] = Object.values(namesIn(await settledPlan(folder)));
  folder.git('commit', '-qam', 'The edit');
  const unpatched = Workspace.plain();

  const client = await StrictClient.start([folder, unpatched]);
  expect((await client.settled(folder.uri)).objects).toEqual([]);
  const told = client.count('livepatchStudio/planChanged');
  expect(await client.setBaseline({ kind: 'git', ref: 'HEAD~1' })).toEqual({ choice: { kind: 'git', ref: 'HEAD~1' }, label: expect.stringMatching(/^HEAD~1 \([0-9a-f]{12}\)$/) as string });
  await client.until(() => (client.count('livepatchStudio/planChanged') > told ? true : undefined));
  const plan = await client.settled();
  expect([Object.values(namesIn(plan)), plan.baseline.choice]).toEqual([[changed], { kind: 'git', ref: 'HEAD~1' }]);

  await client.setBaseline({ kind: 'git', ref: 'HEAD' });
  expect((await client.settled()).objects).toEqual([]);
  expect(await client.setBaseline({ kind: 'folder', path: unpatched.path })).toEqual({ choice: { kind: 'folder', path: unpatched.path }, label: unpatched.path });
  expect(Object.values(namesIn(await client.settled()))).toEqual([changed]);
  await client.end();
});

it('ends with the baseline chosen last, however long each takes', async () => {
  const folder = Workspace.sample('clean');
  folder.git('commit', '-qam', 'The edit');
  const unpatched = Workspace.plain();
  const { env, path: mark } = gitInFront((path) => `case "$*" in *HEAD~1*) while [ ! -e '${path}' ]; do sleep 0.02; done;; esac; exec "$REAL_GIT" "$@"`);
  const client = await StrictClient.start([folder], { env });
  await client.settled();
  const chosen = [client.setBaseline({ kind: 'git', ref: 'HEAD~1' }), client.setBaseline({ kind: 'folder', path: unpatched.path }), client.setBaseline({ kind: 'git', ref: 'HEAD' })];
  client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: folder.uriOf('.git/HEAD'), type: changedFile }] });
  // The plan waits for its turn, other requests are answered meanwhile.
  const plan = client.settled();
  expect(await client.diagnostics('untitled:meanwhile')).toEqual([]);
  writeFileSync(mark, '');
  await Promise.all(chosen);
  expect(await plan).toMatchObject({ state: 'ready', objects: [], baseline: { choice: { kind: 'git', ref: 'HEAD' } } });
  await client.end();
});

it('refuses a baseline that is none in one sentence, and keeps the old one', async () => {
  const folder = Workspace.sample('clean');
  const other = Workspace.of(Object.fromEntries(Array.from({ length: 500 }, (_, number) => [`net/file${number}.c`, ''])));
  const client = await StrictClient.start([folder, other]);
  const before = await client.settled();
  const refused = [
    [{ kind: 'git', ref: 'no-such-ref' }, 'git knows no commit named "no-such-ref"'],
    [{ kind: 'git', ref: '--output=/etc/passwd' }, `a git ref cannot begin with '-': "--output=/etc/passwd"`],
    [{ kind: 'git', ref: '' }, 'not a git ref: ""'],
    [{ kind: 'folder', path: '/no/such/folder' }, 'There is no folder /no/such/folder.'],
    [{ kind: 'folder', path: other.path }, expect.stringMatching(/^5\d\d files differ from .*: too many for a live patch\. Choose a closer baseline\.$/) as string],
  ] as const;
  for (const [choice, message] of refused) {
    await expect(client.setBaseline(choice)).rejects.toMatchObject({ code: -32803, message });
    expect(await client.settled()).toEqual(before);
  }
  await client.end();
});

it('says what is missing: a tree, git, a commit, trust', async () => {
  const none = Workspace.of({ 'hello.c': 'int main(void) { return 0; }\n' });
  const plain = Workspace.plain();
  const client = await StrictClient.start([none, plain], { env: { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir() } });
  expect(await client.settled(none.uri)).toMatchObject({ state: 'no-tree', message: expect.stringContaining('no Linux kernel tree') as string, verdict: 'undecided', objects: [] });
  expect(await client.settled(plain.uri)).toMatchObject({ state: 'no-baseline', message: 'This kernel tree is not in a git repository. Choose a folder with the unpatched tree as the baseline.' });
  expect(await client.simulate({ folder: plain.uri })).toEqual({ empty: 'This kernel tree is not in a git repository. Choose a folder with the unpatched tree as the baseline.' });
  await expect(client.plan('file:///elsewhere')).rejects.toMatchObject({ code: -32803, message: 'file:///elsewhere is not an open workspace folder.' });

  client.open(none.uriOf('hello.c'), none.read('hello.c'));
  client.open(plain.uriOf(CORE), plain.read(CORE));
  for (const uri of [none.uriOf('hello.c'), plain.uriOf(CORE)]) expect([await client.diagnostics(uri), await client.lenses(uri), await client.hover(uri, 'int')]).toEqual([[], [], null]);
  await client.end();

  plain.git('init', '-q');
  expect(await settledPlan(plain)).toMatchObject({ state: 'failed', message: 'the git repository has no commit yet, so there is no baseline' });
});

it('runs no git in a workspace that is not trusted', async () => {
  const folder = Workspace.sample('clean');
  const unpatched = Workspace.plain();
  const { env, path: mark } = gitInFront((path) => `touch '${path}'; exit 1`);

  const client = await StrictClient.start([folder, unpatched], { trusted: false, env });
  expect(await client.settled()).toMatchObject({ state: 'untrusted', message: expect.stringContaining('not trusted') as string });
  await expect(client.setBaseline({ kind: 'git', ref: 'HEAD' })).rejects.toMatchObject({ code: -32803, message: expect.stringContaining('not trusted') as string });
  client.open(folder.uriOf(CORE), folder.read(CORE));
  expect(await client.diagnostics(folder.uriOf(CORE))).toEqual([]);
  client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: folder.uriOf('.git/HEAD'), type: changedFile }] });
  expect((await client.settled()).state).toBe('untrusted');
  // A folder needs no git.
  await client.setBaseline({ kind: 'folder', path: unpatched.path });
  client.replace(folder.uriOf(CORE), 'capacity = 256;', 'capacity = 512;');
  expect(codesIn(await client.diagnostics(folder.uriOf(CORE)))).toEqual(['196 init-code']);
  expect((await client.settled()).state).toBe('ready');
  await client.end();
  expect(existsSync(mark)).toBe(false);

  const trusted = await StrictClient.start([folder], { trusted: true, env });
  expect((await trusted.settled()).state).toBe('failed');
  await trusted.end();
  expect(existsSync(mark)).toBe(true);
});

it('follows files that change on disk, and the repository when it moves on', async () => {
  const folder = Workspace.sample();
  const client = await StrictClient.start([folder]);
  expect((await client.settled()).objects).toEqual([]);
  const clean = folder.read(CORE);
  folder.write({ [CORE]: clean.replace('capacity = 256;', 'capacity = 512;') });
  client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: folder.uriOf(CORE), type: changedFile }] });
  expect(namesIn(await client.settled())).toEqual({ vmlinux: ['depot_init'] });

  folder.git('commit', '-qam', 'The edit');
  client.notify('workspace/didChangeWatchedFiles', { changes: ['.git/HEAD', '.git/logs/HEAD'].map((path) => ({ uri: folder.uriOf(path), type: changedFile })) });
  const plan = await client.settled();
  expect(plan).toMatchObject({ objects: [], baseline: { label: `HEAD (${folder.git('rev-parse', '--short=12', 'HEAD').trim()})` } });

  // What an editor holds outranks the disk; when it is closed the disk counts.
  client.open(folder.uriOf(CORE), clean);
  expect(namesIn(await client.settled())).toEqual({ vmlinux: ['depot_init'] });
  client.close(folder.uriOf(CORE));
  expect((await client.settled()).objects).toEqual([]);
  await client.end();
});

it('keeps two trees apart, and knows a tree by the folder inside it that is open', async () => {
  const one = Workspace.sample('init-code');
  const two = Workspace.sample();
  const client = await StrictClient.start([one, two]);
  expect((await client.settled(one.uri)).objects).toHaveLength(1);
  expect((await client.settled(two.uri)).objects).toEqual([]);
  client.open(two.uriOf(CORE), two.read(CORE).replace('0, 40, 95, 180', '0, 40, 95, 210'));
  expect(codesIn(await client.diagnostics(two.uriOf(CORE)))).toEqual(['24 variable-initializer']);
  expect((await client.settled(one.uri)).findings).toEqual([]);

  const inner = { uri: two.uriOf('drivers'), name: 'drivers' };
  client.notify('workspace/didChangeWorkspaceFolders', { event: { added: [inner], removed: [{ uri: one.uri, name: 'one' }] } });
  const plan = await client.until(() => client.settled(inner.uri).catch(() => undefined));
  expect(plan.findings.map(({ rule }) => rule)).toEqual(['variable-initializer']);
  await expect(client.plan(one.uri)).rejects.toMatchObject({ code: -32803 });
  await client.end();
});

it('finds the baseline of a tree in a larger repository, opened through a link', async () => {
  const folder = Workspace.of({});
  const sample = Workspace.plain();
  folder.write({ 'README': 'A repository with a kernel in it.\n' });
  for (const path of ['Makefile', 'Kbuild', 'Kconfig', CORE, 'kernel/parcel/Makefile', 'kernel/Makefile']) folder.write({ [`src/linux/${path}`]: sample.read(path) });
  folder.git('init', '-q');
  folder.git('add', '--all');
  folder.git('commit', '-qm', 'All');
  const link = Workspace.of({});
  symlinkSync(join(folder.path, 'src/linux'), join(link.path, 'tree'));
  link.write({});
  const client = await StrictClient.start([link]);
  client.notify('workspace/didChangeWorkspaceFolders', { event: { added: [{ uri: link.uriOf('tree'), name: 'tree' }], removed: [] } });
  const uri = link.uriOf(`tree/${CORE}`);
  client.open(uri, folder.read(`src/linux/${CORE}`).replace('capacity = 256;', 'capacity = 512;'));
  await client.until(() => client.settled(link.uriOf('tree')).catch(() => undefined));
  expect(codesIn(await client.diagnostics(uri))).toEqual(['196 init-code']);
  await client.end();
});

async function settledPlan(folder: Workspace): Promise<Awaited<ReturnType<StrictClient['settled']>>> {
  const client = await StrictClient.start([folder], { env: { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir() } });
  const plan = await client.settled();
  await client.end();
  return plan;
}
