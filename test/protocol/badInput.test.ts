/** Documents no one should have to read: the server stays up, and what cannot be judged is said at the top of the file. */
import { expect, it } from 'vitest';
import { codesIn, namesIn, StrictClient } from './client';
import { Workspace } from './workspace';

const CORE = 'kernel/parcel/core.c';
const edited = (text: string): string => text.replace('capacity = 256;', 'capacity = 512;');

it.each([
  ['NUL characters', (text: string) => edited(text).replace('retry_limit = 3', 'retry_\0limit = 3'), /NUL/],
  ['20 MB', (text: string) => edited(text) + '/* a long line of nothing */\n'.repeat(750_000), /too large: \d+\.\d MB/],
])('says at the top that a document cannot be read: %s', async (_name, edit, message) => {
  for (const pulls of [true, false]) {
    const folder = Workspace.sample();
    const client = await StrictClient.start([folder], { pulls });
    const uri = folder.uriOf(CORE);
    client.open(uri, edit(folder.read(CORE)));
    const diagnostics = await client.until(async () => { const found = await client.diagnostics(uri); return found.length > 0 ? found : undefined; });
    const top = { line: 0, character: 0 };
    expect(diagnostics).toEqual([{ range: { start: top, end: top }, severity: 3, source: 'Livepatch Studio', code: 'unreadable', message: expect.stringMatching(message) as string }]);
    expect(await client.settled()).toMatchObject({ verdict: 'undecided', reasons: [expect.stringMatching(new RegExp(`^${CORE}: .*${message.source}`))], objects: [] });
    // The same document, mended.
    client.change(uri, { text: edited(folder.read(CORE)) });
    expect(namesIn(await client.settled())).toEqual({ vmlinux: ['depot_init'] });
    await client.end();
  }
});

it('says so of a file on disk that nobody opened, too', async () => {
  const folder = Workspace.sample();
  folder.write({ [CORE]: Buffer.from(edited(folder.read(CORE)), 'utf16le'), 'mm/shelf.c': Buffer.alloc(20 << 20, 'x'), 'net/route.c': Buffer.from(edited(folder.read('net/route.c')).replace('/*', '/* Gr\xfc\xdfe'), 'latin1') });
  const client = await StrictClient.start([folder]);
  expect(await client.settled()).toMatchObject({ verdict: 'undecided', reasons: [expect.stringMatching(`^${CORE}: .*NUL`), expect.stringMatching(/^mm\/shelf\.c: .*too large: 20\.0 MB/)], objects: [] });
  await client.end();
});

it.each([
  ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
  ['lone CR', (text: string) => text.replaceAll('\n', '\r')],
  ['a byte order mark', (text: string) => `\ufeff${text}`],
  ['trailing blanks and comments', (text: string) => text.replaceAll(';\n', ';  /* Größe 𝄞 */ \n')],
])('sees no change in another way to write the same: %s', async (name, rewrite) => {
  const folder = Workspace.sample();
  const client = await StrictClient.start([folder]);
  const uri = folder.uriOf(CORE);
  // With lone CR as line ends, a preprocessor sees one line: only the places are asked for.
  const same = rewrite(folder.read(CORE));
  client.open(uri, same);
  if (name !== 'lone CR') expect([codesIn(await client.diagnostics(uri)), (await client.settled()).objects]).toEqual([[expect.stringMatching(/no-functional-change$/)], []]);
  client.change(uri, { text: edited(same) });
  const diagnostics = await client.diagnostics(uri);
  const [init] = diagnostics.filter(({ code }) => code === 'init-code');
  if (name !== 'lone CR') expect(init?.range.start.line).toBe(196);
  if (init !== undefined) expect(same.split(/\r\n|\r|\n/)[init.range.start.line]?.slice(init.range.start.character, init.range.end.character)).toBe('depot_init');
  await client.end();
});

const DEEP = 20_000;

it.each([
  ['0 bytes', () => ''],
  ['one character', () => '{'],
  ['unbalanced braces', (text: string) => text.replace('{', '').replace('return err;', 'return err; }}}')],
  ['all closing braces gone', (text: string) => text.replaceAll('}', '')],
  ['nested parentheses', (text: string) => edited(text).replace('= 512', `= ${'('.repeat(DEEP)}512${')'.repeat(DEEP)}`)],
  ['nested braces', (text: string) => edited(text).replace('= 512;', `= 512; ${'{'.repeat(DEEP)}${'}'.repeat(DEEP)}`)],
  ['open parentheses', (text: string) => edited(text).replace('= 512', `= ${'('.repeat(DEEP)}512`)],
  ['open braces', (text: string) => text + '{'.repeat(DEEP)],
  ['nested structs', (text: string) => `${text}${'struct { '.repeat(DEEP)}int x;${'} s;'.repeat(DEEP)}`],
  ['nested #if', (text: string) => `${'#if A\n'.repeat(DEEP)}${edited(text)}`],
  ['nested types', (text: string) => `${text}int ${'*('.repeat(DEEP)}x${')'.repeat(DEEP)};`],
  ['a comment that never ends', (text: string) => text.replace('return parcel->attempts', '/* return parcel->attempts')],
  ['a literal that never ends', (text: string) => text.replace('"', '')],
  ['one line of 1 MB', (text: string) => `${edited(text)}int table[] = { ${'0x12345678, '.repeat(90_000)} };`],
  ['lone surrogates', (text: string) => edited(text).replace('/*', '/* \ud800')],
])('stays up, and goes on with the next edit: %s', async (_name, edit) => {
  const folder = Workspace.sample();
  const client = await StrictClient.start([folder]);
  const uri = folder.uriOf(CORE);
  client.open(uri, edit(folder.read(CORE)));
  await client.diagnostics(uri);
  await client.lenses(uri);
  const plan = await client.settled();
  // Something changed that is no plain edit: that it could be patched is not to be said of it.
  expect([plan.state, plan.verdict === 'patchable' && plan.objects.length > 0]).toEqual(['ready', false]);
  client.change(uri, { text: edited(folder.read(CORE)) });
  expect(codesIn(await client.diagnostics(uri))).toEqual(['196 init-code']);
  expect(namesIn(await client.settled())).toEqual({ vmlinux: ['depot_init'] });
  await client.end();
});

it('keeps to the document when all of it was deleted', async () => {
  const folder = Workspace.sample();
  const client = await StrictClient.start([folder]);
  for (const path of ['include/linux/parcel.h', 'kernel/parcel/syscalls.c', 'kernel/parcel/courier.c', 'drivers/scale/main.c']) {
    const uri = folder.uriOf(path);
    client.open(uri, '');
    for (const { range } of await client.diagnostics(uri)) expect(range).toEqual({ start: { line: 0, character: 0 }, end: { line: 0, character: 0 } });
    expect((await client.settled()).verdict).not.toBe('patchable');
    client.close(uri);
  }
  await client.end();
});

it('answers with nothing for documents that are no files of the tree', async () => {
  const folder = Workspace.sample();
  const client = await StrictClient.start([folder]);
  const uris = ['untitled:Untitled-1', `git:${folder.uriOf(CORE).slice(5)}?ref`, 'file://server/share/core.c', 'file:///a%2Fb.c', 'file:///%ff.c', 'file:', 'no uri at all', '', folder.uri, `${folder.uri}/../outside.c`, 'vscode-notebook-cell:/x.c#1'];
  for (const uri of uris) {
    client.open(uri, 'int x;\n');
    client.change(uri, { text: 'int y;\n' });
    expect([uri, await client.diagnostics(uri), await client.lenses(uri), await client.hover(uri, 'int'), await client.baselineText(uri)]).toEqual([uri, [], [], null, { text: null }]);
    client.close(uri);
  }
  expect((await client.settled()).objects).toEqual([]);
  await client.end();
});

it.each(['kernel/parcel/two words.c', 'kernel/parcel/100%.c', 'kernel/parcel/größe-𝄞.c', 'kernel/parcel/a#b?c.c', 'kernel/parcel/[x]{y}.c', 'kernel/..odd.c'])('finds a file by its encoded name: %s', async (path) => {
  const folder = Workspace.sample();
  folder.write({ [path]: folder.read(CORE) });
  folder.git('add', '--all');
  folder.git('commit', '-qm', 'An odd name');
  const client = await StrictClient.start([folder]);
  // As VS Code writes it: more encoded than need be.
  const uri = folder.uri + path.split('/').map((part) => `/${encodeURIComponent(part)}`).join('');
  client.open(uri, edited(folder.read(path)));
  expect(codesIn(await client.diagnostics(uri))).toContain('196 init-code');
  await client.end();
});
