/** The server's process: how it ends, and what it makes of messages that are none. */
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { spawnServer, StrictClient } from './client';
import { Workspace } from './workspace';

const frame = (body: string): string => `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const message = (content: object): string => frame(JSON.stringify({ jsonrpc: '2.0', ...content }));
const initialize = (processId: number | null = null): string => message({ id: 1, method: 'initialize', params: { processId, rootUri: null, capabilities: {} } });

/** A server and the answers it gives, as they come. */
function rawServer(): { readonly say: (text: string) => void; readonly answer: (id: number) => Promise<Answer>; readonly exit: Promise<unknown>; readonly end: () => void } {
  const server = spawnServer();
  const exit = once(server, 'exit').then(([code]) => code as unknown);
  let output = '';
  server.stdout.on('data', (data: Buffer) => (output += data.toString()));
  const said = (id: number): Answer | undefined =>
    output.split(/Content-Length: \d+\r\n\r\n/).filter((body) => body !== '').flatMap((body) => { try { return [JSON.parse(body) as Answer]; } catch { return []; } }).find((one) => one.id === id);
  return {
    say: (text) => server.stdin.write(text),
    exit,
    end: () => server.stdin.end(),
    async answer(id) {
      for (;;) {
        const found = said(id);
        if (found !== undefined) return found;
        await once(server.stdout, 'data');
      }
    },
  };
}

interface Answer {
  readonly id: number | null;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

it('ends with 0 after shutdown, with 1 without, with its input, and with its client', async () => {
  const orderly = rawServer();
  orderly.say(initialize());
  await orderly.answer(1);
  orderly.say(message({ id: 2, method: 'shutdown' }));
  expect(await orderly.answer(2)).toMatchObject({ result: null });
  orderly.say(message({ method: 'exit' }));
  expect(await orderly.exit).toBe(0);

  const abrupt = rawServer();
  abrupt.say(initialize() + message({ method: 'exit' }));
  expect(await abrupt.exit).toBe(1);

  const cut = rawServer();
  cut.say(initialize());
  await cut.answer(1);
  cut.end();
  expect(await cut.exit).toBe(1);

  // No process has this number: the server looks for its client every few seconds.
  const orphan = rawServer();
  orphan.say(initialize(2 ** 22 + 1));
  expect(await orphan.exit).toBe(1);
});

it('refuses what comes before initialize, a second initialize, and what comes after shutdown', async () => {
  const server = rawServer();
  server.say(message({ id: 10, method: 'livepatchStudio/plan', params: {} }));
  expect(await server.answer(10)).toMatchObject({ error: { code: -32002 } });
  server.say(initialize());
  expect(await server.answer(1)).toHaveProperty('result.capabilities');
  server.say(message({ id: 11, method: 'initialize', params: { processId: null, rootUri: null, capabilities: {} } }));
  expect(await server.answer(11)).toMatchObject({ error: { code: -32600 } });
  server.say(message({ id: 12, method: 'livepatchStudio/plan', params: {} }));
  expect(await server.answer(12)).toMatchObject({ error: { code: -32803, message: 'No folder is open.' } });
  server.say(message({ id: 13, method: 'shutdown' }) + message({ id: 14, method: 'textDocument/hover', params: {} }));
  expect(await server.answer(14)).toMatchObject({ error: { code: -32600 } });
  server.say(message({ method: 'exit' }));
  expect(await server.exit).toBe(0);
});

it.each([
  ['a body that is no JSON', frame('{"jsonrpc": "2.0", ')],
  ['an empty body', frame('')],
  ['JSON that is no message', frame('[1, 2]') + frame('"text"') + frame('{}')],
  ['a header that is none', 'Content-Length 20\r\n\r\n'],
  ['a header without a length', 'Content-Type: application/json\r\n\r\n'],
  ['a length that is no number', 'Content-Length: many\r\n\r\n'],
  ['parameters of the wrong kind', message({ method: 'textDocument/didOpen', params: { textDocument: null } }) + message({ method: 'textDocument/didChange' }) + message({ method: '$/cancelRequest', params: {} })],
  ['methods nobody knows', message({ method: '$/unknown' }) + message({ method: 'no/such', params: {} })],
])('goes on after %s', async (_name, junk) => {
  const server = rawServer();
  server.say(initialize());
  await server.answer(1);
  server.say(junk);
  server.say(message({ id: 2, method: 'no/such', params: {} }));
  // After a bad header the library reads on when more input comes: an editor is never silent for long.
  const editor = setInterval(() => { server.say(message({ method: '$/alive' })); }, 20);
  onTestFinished(() => { clearInterval(editor); });
  expect(await server.answer(2)).toMatchObject({ error: { code: -32601 } });
  clearInterval(editor);
  server.say(message({ id: 3, method: 'shutdown' }));
  await server.answer(3);
  server.say(message({ method: 'exit' }));
  expect(await server.exit).toBe(0);
});

it('says nothing after shutdown, whatever it was doing', async () => {
  const folder = Workspace.sample();
  const client = await StrictClient.start([folder]);
  const uri = folder.uriOf('include/linux/parcel.h');
  client.open(uri, folder.read('include/linux/parcel.h').replace('u32 cents = 85;', 'u32 cents = 95;'));
  await client.diagnostics(uri); // leaves questions open, and an announcement to be made
  await client.end(400);
});
