/** Call hierarchy, and who embeds a record: with the index, by git's candidates, and by walking, the answers are the same. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CancellationTokenSource, type CallHierarchyItem } from 'vscode-languageserver-protocol/node';
import { StrictClient, type Options } from './client';
import { hingeTree, show, Walker } from './hierarchy';
import { gitInFront, Workspace } from './workspace';

const GATE = 'include/linux/gate.h';
const HINGE = 'lib/hinge.c';
const CASTLE = 'drivers/castle.c';

async function walker(options: Options & { readonly underGit?: boolean } = {}): Promise<Walker> {
  const folder = hingeTree(options.underGit ?? true);
  return new Walker(folder, await StrictClient.start([folder], { hierarchies: 'static', settings: { index: { enabled: false } }, ...options }));
}

/** A server that has only its index to answer from: git finds nothing any more. */
async function indexed(): Promise<Walker> {
  const { env, path } = gitInFront((mark) => `case "$*" in *grep*) test -e ${mark} && exit 1;; esac\nexec "$REAL_GIT" "$@"`);
  const storage = mkdtempSync(join(tmpdir(), 'livepatch-storage-'));
  onTestFinished(() => { rmSync(storage, { recursive: true, force: true }); });
  const walk = await walker({ env, storage, settings: {} });
  writeFileSync(path, '');
  const [item] = await walk.calls(HINGE, 'turn_hinge');
  while ((await walk.callers(item)).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(readdirSync(storage).filter((name) => name.endsWith('.lpsx'))).toHaveLength(1);
  return walk;
}

const WAYS = { 'the index': indexed, 'git': () => walker(), 'a walk': () => walker({ underGit: false }) } as const;

describe.each(Object.entries(WAYS))('from %s', (_name, start) => {
  it('callers, through macros too, and not those of another function of the name', async () => {
    const walk = await start();
    const [turn, ...others] = await walk.calls(CASTLE, 'turn_hinge(&');
    expect(others).toEqual([]);
    expect(turn).toMatchObject({ name: 'turn_hinge', detail: HINGE, range: { start: { line: 5, character: 0 }, end: { line: 9, character: 1 } } });
    expect(await walk.callers(turn)).toEqual([`open_castle (${CASTLE}) 9:11 at 14:8`, `close_castle (${CASTLE} · through swing → turn) 16:11 at 18:1 19:1`]);
    const [grease] = await walk.calls(HINGE, 'grease');
    expect(await walk.callers(grease)).toEqual([`turn_hinge (${HINGE}) 5:4 at 8:21 8:37`, `oil (${HINGE}) 10:4 at 13:45`]);
    const [other] = await walk.calls(CASTLE, 'grease(castle)');
    expect(await walk.callers(other)).toEqual([`open_castle (${CASTLE}) 9:11 at 14:42`]);
    const [creak] = await walk.calls(CASTLE, 'creak');
    expect(await walk.callers(creak)).toEqual([`grease (${CASTLE}) 5:11 at 7:8`]);
    await walk.client.end();
  });

  it('callees, macros among them, that are defined in the tree', async () => {
    const walk = await start();
    const [open] = await walk.calls(CASTLE, 'open_castle');
    expect(await walk.callees(open)).toEqual([`swing (${GATE} · macro) 19:8 at 13:1`, `turn_hinge (${HINGE}) 5:4 at 14:8`, `grease (${CASTLE}) 5:11 at 14:42`]);
    const [swing] = await walk.calls(CASTLE, 'swing');
    expect(await walk.callees(swing)).toEqual([`turn (${GATE} · macro) 18:8 at 20:6`]);
    expect(await walk.callers(swing)).toEqual([`open_castle (${CASTLE}) 9:11 at 13:1`, `close_castle (${CASTLE}) 16:11 at 18:1 19:1`]);
    const [oil] = await walk.calls(HINGE, 'oil(hinge) +');
    expect(await walk.callees(oil)).toEqual([`oil (${HINGE}) 10:4 at 13:32`, `grease (${HINGE}) 1:11 at 13:45`]);
    await walk.client.end();
  });

  it('who embeds a record, by value, and what it embeds', async () => {
    const walk = await start();
    const [hinge] = await walk.records(HINGE, 'hinge *hinge');
    expect(hinge).toMatchObject({ name: 'hinge', detail: GATE });
    const embedders = await walk.embedders(hinge);
    expect(embedders.map(show)).toEqual([`door_t (${GATE}) 8:2`, `gate (${GATE}) 9:7`]);
    const [door, gate] = embedders;
    expect((await walk.embedders(door)).map(show)).toEqual([`gate (${GATE}) 9:7`]);
    const outer = await walk.embedders(gate);
    expect(outer.map(show)).toEqual([`castle (${CASTLE}) 1:7`, `passage (${GATE}) 14:6`]);
    expect(await walk.embedders(outer[0])).toEqual([]);
    expect((await walk.embedded(gate)).map(show)).toEqual([`hinge (${GATE}) 2:7`, `door_t (${GATE}) 8:2`]);
    const [key] = await walk.records(GATE, 'lock_t');
    expect((await walk.embedders(key)).map(show)).toEqual([`door_t (${GATE}) 8:2`]);
    expect(await walk.embedded(key)).toEqual([]);
    const [own] = await walk.records('drivers/hinge.c', 'hinge hinge');
    expect((await walk.embedders(own)).map(show)).toEqual(['box (drivers/hinge.c) 3:7']);
    await walk.client.end();
  });

  it('text that is not saved counts', async () => {
    const walk = await start();
    const { client, folder } = walk;
    const uri = folder.uriOf(CASTLE);
    client.open(uri, folder.read(CASTLE));
    client.replace(uri, 'static int close_castle', 'static int guard(struct hinge *hinge)\n{\n\treturn oil(hinge);\n}\nstatic int close_castle');
    client.replace(uri, 'swing(&castle->gate);\n\treturn turn', 'return turn');
    client.replace(uri, 'struct gate gate;', 'struct hinge gate;');
    const [oil] = await walk.calls(CASTLE, 'oil(hinge)');
    expect(await walk.callers(oil)).toEqual([`guard (${CASTLE}) 15:11 at 17:8`, `creak (${GATE}) 25:18 at 27:8`, `turn_hinge (${HINGE}) 5:4 at 8:8`, `oil (${HINGE}) 10:4 at 13:32`]);
    const [open] = await walk.calls(CASTLE, 'open_castle');
    expect(await walk.callees(open)).toEqual([`turn_hinge (${HINGE}) 5:4 at 13:8`, `grease (${CASTLE}) 5:11 at 13:42`]);
    const [hinge] = await walk.records(CASTLE, 'hinge gate');
    expect((await walk.embedders(hinge)).map(show)).toEqual([`castle (${CASTLE}) 1:7`, `door_t (${GATE}) 8:2`, `gate (${GATE}) 9:7`]);
    client.close(uri);
    expect(await walk.callers(oil)).toEqual([`creak (${GATE}) 25:18 at 27:8`, `turn_hinge (${HINGE}) 5:4 at 8:8`, `oil (${HINGE}) 10:4 at 13:32`]);
    await client.end();
  });
});

it('a word that is no function and no record has no item: comments, strings, members, parameters, constants', async () => {
  const walk = await walker();
  const where = (calls: readonly { readonly detail?: string }[]): (string | undefined)[] => calls.map(({ detail }) => detail);
  expect(where(await walk.calls(CASTLE, 'turn_hinge()'))).toEqual([]);
  expect(where(await walk.calls(CASTLE, 'oil(%d)'))).toEqual([]);
  expect(where(await walk.calls(CASTLE, 'oil(&castle'))).toEqual([]);
  expect(where(await walk.calls(HINGE, 'angle++'))).toEqual([]);
  expect(where(await walk.calls(HINGE, 'HINGES'))).toEqual([]);
  expect(where(await walk.records(HINGE, 'turn_hinge'))).toEqual([]);
  expect(where(await walk.records(CASTLE, 'castle->gate'))).toEqual([]);
  expect(where(await walk.records(GATE, 'door_t door'))).toEqual([GATE]);
  expect(where(await walk.calls('Makefile', 'VERSION'))).toEqual([]);
  await walk.client.end();
});

it('functions that macros make are found by the name in the source, and by the compiler\'s', async () => {
  const folder = Workspace.sample();
  const walk = new Walker(folder, await StrictClient.start([folder], { hierarchies: 'static' }));
  const [find] = await walk.calls('kernel/parcel/core.c', 'depot_find(');
  expect(await walk.callers(find)).toEqual(['__do_sys_parcel_state (kernel/parcel/syscalls.c) 36:16 at 38:25']);
  const [call] = await walk.calls('kernel/parcel/syscalls.c', 'parcel_state');
  expect(call).toMatchObject({ name: '__do_sys_parcel_state', selectionRange: { start: { line: 36, character: 16 }, end: { line: 36, character: 28 } } });
  expect(await walk.callees(call)).toContain('depot_find (kernel/parcel/core.c) 169:15 at 38:25');
  await walk.client.end();
});

describe('where clangd runs', () => {
  const offered = ({ initialized: { capabilities }, registered }: StrictClient): unknown => [capabilities.callHierarchyProvider, capabilities.typeHierarchyProvider, [...registered.values()].filter((method) => method.includes('Hierarchy')).sort()];
  const BOTH = ['textDocument/prepareCallHierarchy', 'textDocument/prepareTypeHierarchy'];

  it('the hierarchies are offered at initialization only without it', async () => {
    const folder = hingeTree(false);
    for (const [options, expected] of [
      [{ hierarchies: 'static' }, [true, true, []]],
      [{ hierarchies: 'static', clangd: false, pulls: false }, [true, true, []]],
      [{ hierarchies: 'static', clangd: true }, [undefined, undefined, []]],
      [{}, [undefined, undefined, []]],
    ] as const satisfies readonly (readonly [Options, unknown])[]) {
      const client = await StrictClient.start([folder], options);
      await client.settled();
      expect(offered(client)).toEqual(expected);
      await client.end();
    }
  });

  it('they come and go with it', async () => {
    const folder = hingeTree(false);
    const client = await StrictClient.start([folder], { hierarchies: 'dynamic', clangd: true });
    const becomes = (methods: readonly string[]): Promise<unknown> => client.until(() => (JSON.stringify(offered(client)) === JSON.stringify([undefined, undefined, methods]) ? true : undefined));
    await client.settled();
    expect(offered(client)).toEqual([undefined, undefined, []]);
    client.notify('livepatchStudio/clangd', { running: false });
    await becomes(BOTH);
    client.notify('livepatchStudio/clangd', { running: true });
    await becomes([]);
    // In a hurry, too.
    for (const running of [false, true, true, false, false]) client.notify('livepatchStudio/clangd', { running });
    await becomes(BOTH);
    await client.end();
  });

  it('they are there from the beginning where it never ran', async () => {
    const client = await StrictClient.start([hingeTree(false)], { hierarchies: 'dynamic' });
    await client.until(() => (JSON.stringify(offered(client)) === JSON.stringify([undefined, undefined, BOTH]) ? true : undefined));
    await client.end();
  });
});

it('a question that is taken back is answered at once, while git still searches', async () => {
  const { env, path } = gitInFront((mark) => `case "$*" in *grep*oil*) touch ${mark}.asked; until test -e ${mark}; do sleep 0.05; done;; esac\nexec "$REAL_GIT" "$@"`);
  const walk = await walker({ env });
  const { client, folder } = walk;
  const asking = new CancellationTokenSource();
  const item: CallHierarchyItem = { name: 'oil', kind: 12, uri: folder.uriOf(HINGE), range: { start: { line: 10, character: 0 }, end: { line: 14, character: 1 } }, selectionRange: { start: { line: 10, character: 4 }, end: { line: 10, character: 7 } }, data: { line: 10, kind: 'function' } };
  const asked = client.request('callHierarchy/incomingCalls', { item }, asking.token);
  const failed = expect(asked).rejects.toMatchObject({ code: -32800 });
  while (!existsSync(`${path}.asked`)) await new Promise((resolve) => setTimeout(resolve, 20));
  asking.cancel();
  await failed;
  // Others are answered meanwhile.
  expect(await walk.calls(HINGE, 'grease')).toHaveLength(1);
  writeFileSync(path, '');
  expect(await walk.callers(item)).toHaveLength(3);
  await client.end();
});

it('what a client makes up as an item is no fault', async () => {
  const walk = await walker();
  const { client, folder } = walk;
  const [real] = await walk.calls(HINGE, 'grease');
  for (const item of [{ ...real, data: undefined }, { ...real, data: { line: 'x', kind: 3 } }, { ...real, data: { line: 1e9, kind: 'record' } }, { ...real, name: 'no_such' }, { ...real, uri: folder.uriOf('no/such.c') }, { ...real, uri: 'untitled:1' }, { ...real, uri: folder.uriOf('../outside.c') }]) {
    for (const method of ['callHierarchy/incomingCalls', 'callHierarchy/outgoingCalls', 'typeHierarchy/subtypes', 'typeHierarchy/supertypes']) await client.request(method, { item });
  }
  const far = { textDocument: { uri: folder.uriOf(HINGE) }, position: { line: 1e6, character: 1e6 } };
  expect(await client.request('textDocument/prepareCallHierarchy', far)).toEqual([]);
  await client.end();
});

it('what is missing from an answer is told once', async () => {
  const macros = Array.from({ length: 250 }, (_, n) => `#define through_${n}() inner()\n`).join('');
  const folder = Workspace.of({ Makefile: 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 0\n', Kbuild: 'obj-y += lib/\n', 'lib/inner.c': `${macros}int inner(void)\n{\n\treturn 0;\n}\nint outer(void)\n{\n\treturn through_7();\n}\n` });
  const client = await StrictClient.start([folder], { hierarchies: 'static' });
  const walk = new Walker(folder, client);
  const [item] = await walk.calls('lib/inner.c', 'inner(void)');
  for (let time = 0; time < 2; time += 1) expect(await walk.callers(item)).toEqual(['outer (lib/inner.c · through through_7) 254:4 at 256:8']);
  expect(client.received.filter(({ method }) => method === 'window/logMessage').map(({ params }) => params)).toEqual([{ type: 2, message: 'A hierarchy may be incomplete: inner is called through more than 200 macros.' }]);
  await client.end();
});
