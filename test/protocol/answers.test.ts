/** What the server says of an edit, to clients that pull and to clients that wait. */
import { expect, it } from 'vitest';
import { codesIn, namesIn, StrictClient } from './client';
import { Workspace } from './workspace';

const CORE = 'kernel/parcel/core.c';
const HEADER = 'include/linux/parcel.h';

it('tells what it can do, and pushes only to clients that do not pull', async () => {
  const folder = Workspace.sample();
  for (const pulls of [true, false]) {
    const client = await StrictClient.start([folder], { pulls });
    expect(client.initialized).toEqual({
      serverInfo: { name: 'livepatch-studio' },
      capabilities: {
        textDocumentSync: { openClose: true, change: 2 },
        codeLensProvider: {},
        codeActionProvider: { codeActionKinds: ['quickfix', 'source.fixAll.livepatchStudio'], resolveProvider: true },
        hoverProvider: true,
        ...(pulls ? { diagnosticProvider: { identifier: 'livepatch-studio', interFileDependencies: true, workspaceDiagnostics: false } } : {}),
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
    });
    await client.end();
  }
});

it.each([true, false])('diagnostics follow an edit that is not saved (pulled: %s)', async (pulls) => {
  const folder = Workspace.sample();
  const client = await StrictClient.start([folder], { pulls });
  const uri = folder.uriOf(CORE);
  client.open(uri, folder.read(CORE));
  // Pulled ones are right at once, pushed ones come in their time.
  const codes = async (expected: string[]): Promise<void> => {
    if (pulls) expect(codesIn(await client.diagnostics(uri))).toEqual(expected);
    else await client.until(async () => (codesIn(await client.diagnostics(uri)).join() === expected.join() ? true : undefined));
  };

  await codes([]);
  client.replace(uri, 'capacity = 256;', 'capacity = 512;');
  await codes(['196 init-code']);
  client.replace(uri, '0, 40, 95, 180', '0, 40, 95, 210');
  await codes(['196 init-code', '24 variable-initializer']);
  client.replace(uri, 'capacity = 512;', 'capacity = 256;');
  client.replace(uri, '0, 40, 95, 210', '0, 40, 95, 180');
  await codes([]);
  await client.end();
});

it('clears what it pushed when the document is closed', async () => {
  const folder = Workspace.sample('init-code');
  const client = await StrictClient.start([folder], { pulls: false });
  const uri = folder.uriOf(CORE);
  client.open(uri, folder.read(CORE));
  await client.until(async () => ((await client.diagnostics(uri)).length > 0 ? true : undefined));
  client.close(uri);
  await client.until(async () => ((await client.diagnostics(uri)).length === 0 ? true : undefined));
  await client.end();
});

it('judges a document opened with text that was never saved, in the first answer', async () => {
  const folder = Workspace.sample();
  const client = await StrictClient.start([folder]);
  const uri = folder.uriOf(CORE);
  client.open(uri, folder.read(CORE).replace('capacity = 256;', 'capacity = 512;'));
  expect(codesIn(await client.diagnostics(uri))).toEqual(['196 init-code']);
  await client.end();
});

it('puts lenses on the changed functions, callers into the hover, all of it into the plan', async () => {
  const folder = Workspace.sample('waiting');
  const client = await StrictClient.start([folder]);
  const uri = folder.uriOf(CORE);
  client.open(uri, folder.read(CORE));
  const plan = await client.settled();

  const nameAt = (line: number): string => /(\w+)\(/.exec(client.text(uri).split('\n')[line] ?? '')?.[1] ?? '';
  const lenses = (await client.lenses(uri)).map(({ range, command }) => `${nameAt(range.start.line)}: ${command?.title ?? ''}`);
  expect(lenses).toEqual([
    'parcel_validate: $(pass)\u00a0Patchable · reaches 1 caller', 'parcel_validate: Simulate Patch',
    'ledger_write: $(pass)\u00a0Patchable · reaches 1 caller', 'ledger_write: Simulate Patch',
    'depot_find: $(pass)\u00a0Patchable', 'depot_find: Simulate Patch',
    'depot_init: $(error)\u00a0Cannot be live patched', 'depot_init: Simulate Patch',
  ]);
  const contentsOf = async (word: string): Promise<string> => JSON.stringify((await client.hover(uri, word))?.contents ?? null);
  expect(await contentsOf('parcel_validate')).toContain('- `depot_accept` (kernel/parcel/core.c)');
  expect(await contentsOf('ledger_entry {')).toMatch(/weight/);
  // Nobody edited the caller: its hover says why it is replaced, as does its row of the plan.
  expect(await contentsOf('depot_accept(')).toContain('**Not edited, but replaced by a live patch:** `parcel_validate` is inlined here (static, called once).');
  expect(plan.objects.flatMap(({ functions }) => functions.flatMap(({ name, why }) => (why === undefined ? [] : [`${name}: ${why}`])))).toEqual([
    'depot_store: ledger_write is inlined here (static, called once)', 'depot_accept: parcel_validate is inlined here (static, called once)',
  ]);
  expect(await contentsOf('parcel_alloc')).toBe('null');

  expect(namesIn(plan)).toEqual({ vmlinux: ['depot_accept ← parcel_validate', 'depot_clock_coarse', 'depot_find', 'depot_init', 'depot_store ← ledger_write', 'depot_wait_space', 'ledger_write', 'parcel_validate'] });
  expect(plan).toMatchObject({ verdict: 'unpatchable', profile: 'klp-build', kernelVersion: '6.1.192', baseline: { choice: { kind: 'git', ref: 'HEAD' } } });
  const found = plan.objects.flatMap(({ functions }) => functions.flatMap(({ name, findings }) => findings.map(({ rule }) => `${name} ${rule}`)));
  expect(found).toEqual(['depot_clock_coarse notrace', 'parcel_validate inlined-callers', 'ledger_write inlined-callers', 'depot_init init-code', 'depot_wait_space always-on-stack']);
  expect(plan.findings.map(({ rule }) => rule)).toEqual(['struct-layout', 'variable-initializer']);
  await client.end();
});

it('finds what a header reaches in files nobody opened, and says when it has', async () => {
  const folder = Workspace.sample();
  const client = await StrictClient.start([folder]);
  const uri = folder.uriOf(HEADER);
  client.open(uri, folder.read(HEADER));
  expect((await client.settled()).objects).toEqual([]);
  const told = client.count('livepatchStudio/planChanged');
  client.replace(uri, 'u32 cents = 85;', 'u32 cents = 95;');
  const plan = await client.settled();
  expect(client.count('livepatchStudio/planChanged')).toBeGreaterThan(told);
  expect(namesIn(plan)).toEqual({
    depotfs: ['inbox_show ← parcel_postage', 'parcel_postage'],
    scale: ['parcel_postage', 'scale_weigh ← parcel_postage'],
    vmlinux: ['parcel_postage', 'parcel_quote ← parcel_postage'],
  });
  expect(plan.verdict).toBe('patchable');
  expect(codesIn(await client.diagnostics(uri))).toEqual(['141 header-fanout', '141 inlined-callers', '141 late-module']);
  await client.end();
});

it('gives the baseline of a file and of a function', async () => {
  const folder = Workspace.sample('clean');
  const client = await StrictClient.start([folder]);
  const { uri, name } = (await client.settled()).objects[0]?.functions[0] ?? { uri: '', name: '' };
  const whole = await client.baselineText(uri);
  const one = await client.baselineText(uri, name);
  expect(whole.text).toBe(folder.git('show', `HEAD:${uri.slice(folder.uri.length + 1)}`));
  expect(one.text).toContain(`${name}(`);
  expect(whole.text).toContain(one.text);
  expect(one.range).toBeDefined();
  expect(await client.baselineText(uri, 'no_such_function')).toEqual({ text: null });
  expect(await client.baselineText(folder.uriOf('no/such.c'))).toEqual({ text: null });
  await client.end();
});

it.each([true, false])('judges anew when the settings change (asked for: %s)', async (pulls) => {
  const folder = Workspace.sample('waiting');
  const client = await StrictClient.start([folder], { pulls, settings: { profile: 'klp-build' } });
  await client.settled();
  client.settings = { profile: 'kpatch', kernelVersion: '5.10.0', codeLens: { enabled: false } };
  client.notify('workspace/didChangeConfiguration', { settings: pulls ? null : { livepatchStudio: client.settings } });
  const plan = await client.until(async () => { const now = await client.settled(); return now.profile === 'kpatch' ? now : undefined; });
  expect(plan.kernelVersion).toBe('5.10.0');
  client.open(folder.uriOf(CORE), folder.read(CORE));
  expect(await client.lenses(folder.uriOf(CORE))).toEqual([]);
  await client.end();
});

it('writes module source for the plan', async () => {
  const folder = Workspace.sample('clean');
  const client = await StrictClient.start([folder]);
  const [object] = (await client.settled()).objects;
  const { source } = await client.request<{ source: string }>('livepatchStudio/moduleSource', {});
  for (const { name } of object?.functions ?? []) expect(source).toContain(`"${name}"`);
  await client.end();
});
