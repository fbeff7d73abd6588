/** Mechanical ways out: listed by title, made when chosen, and gone from the list once they are in. */
import { expect, it } from 'vitest';
import type { CodeAction, TextDocumentEdit } from 'vscode-languageserver';
import { codesIn, StrictClient } from './client';
import { Workspace } from './workspace';

const CORE = 'kernel/parcel/core.c';

async function actionsAt(client: StrictClient, uri: string, word: string, only?: readonly string[]): Promise<CodeAction[]> {
  const line = client.text(uri).split('\n').findIndex((text) => text.includes(word));
  const range = { start: { line, character: 0 }, end: { line, character: 1 } };
  return client.request('textDocument/codeAction', { textDocument: { uri }, range, context: { diagnostics: [], ...(only === undefined ? {} : { only }) } });
}

it('a changed initializer moves into a callback', async () => {
  const folder = Workspace.sample('variable-initializer');
  const client = await StrictClient.start([folder]);
  const uri = folder.uriOf(CORE);
  client.open(uri, folder.read(CORE));
  await client.settled();
  expect(codesIn(await client.diagnostics(uri))).toEqual(['27 variable-initializer']);

  const listed = await actionsAt(client, uri, 'retry_limit = 5');
  const action = listed.find(({ title }) => title.includes('pre-patch callback'));
  expect(action).toMatchObject({ kind: 'quickfix', diagnostics: [{ code: 'variable-initializer' }] });
  expect(action?.edit, 'edits are made when one is chosen').toBeUndefined();

  const { edit } = await client.request<CodeAction>('codeAction/resolve', action);
  const [change] = (edit?.documentChanges ?? []) as TextDocumentEdit[];
  expect(change?.textDocument).toEqual({ uri, version: 1 });
  // From the end, so that places before stay what they are.
  const edits = [...(change?.edits ?? [])].sort((one, other) => other.range.start.line - one.range.start.line || other.range.start.character - one.range.start.character);
  client.change(uri, ...edits.map((one) => ({ range: one.range, text: 'newText' in one ? one.newText : '' })));
  expect(codesIn(await client.diagnostics(uri)).filter((code) => code.endsWith('variable-initializer'))).toEqual([]);
  expect(client.text(uri)).toMatch(/retry_limit = 3;[^]*WRITE_ONCE\(retry_limit, 5\)/);
  // It was chosen before the text changed: there is nothing left to do.
  expect((await client.request<CodeAction>('codeAction/resolve', action)).edit).toBeUndefined();
  await client.end();
});

it('lists nothing where nothing is wrong, nor kinds nobody asked for', async () => {
  const folder = Workspace.sample('variable-initializer');
  const client = await StrictClient.start([folder]);
  const uri = folder.uriOf(CORE);
  client.open(uri, folder.read(CORE));
  await client.settled();
  expect(await actionsAt(client, uri, '#include')).toEqual([]);
  expect(await actionsAt(client, uri, 'retry_limit = 5', ['refactor'])).toEqual([]);
  // None of these fixes is safe to apply without a look.
  expect(await actionsAt(client, uri, 'retry_limit = 5', ['source.fixAll'])).toEqual([]);
  await client.end();
});
