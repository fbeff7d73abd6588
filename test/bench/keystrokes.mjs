// From a keystroke to its diagnostics, over standard input and output of the bundled server, as an editor does it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { editsOf } from './edits.mjs';
import { summary } from './statistics.mjs';

/**
 * Opens all files, edits one after the other, and waits for each edit's pulled diagnostics. The time runs from sending the change and
 * the request to having the answer: the server's work, and both ways through the pipe; no debounce is in it.
 *
 * @returns {Promise<{ files: Record<string, object>, kinds: Record<string, object>, all: object }>} milliseconds
 */
export async function keystrokes(server, tree, files, { count, seed, log }) {
  const child = spawn(process.execPath, [server, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    connection.onRequest(() => null);
    connection.listen();
    const ready = new Promise((resolve) => connection.onNotification('livepatchStudio/planChanged', resolve));
    const folder = pathToFileURL(tree).href;
    await connection.sendRequest('initialize', {
      processId: process.pid, rootUri: folder, workspaceFolders: [{ uri: folder, name: 'kernel' }],
      capabilities: { textDocument: { diagnostic: {} }, workspace: { diagnostics: { refreshSupport: true } } },
      initializationOptions: { trusted: true, settings: {} },
    });
    await connection.sendNotification('initialized', {});
    await ready;
    const documents = new Map();
    for (const file of files) {
      const document = TextDocument.create(`${folder}/${file}`, 'c', 1, standing(readFileSync(join(tree, file), 'utf8')));
      documents.set(file, document);
      await connection.sendNotification('textDocument/didOpen', { textDocument: { uri: document.uri, languageId: 'c', version: 1, text: document.getText() } });
      await connection.sendRequest('textDocument/diagnostic', { textDocument: { uri: document.uri } });
    }
    await planReady(connection, folder);

    const measured = [];
    for (const [file, document] of documents) {
      for (const { kind, at, remove, insert } of editsOf(document.getText(), count, seed)) {
        const change = { range: { start: document.positionAt(at), end: document.positionAt(at + remove) }, text: insert };
        TextDocument.update(document, [change], document.version + 1);
        const [began, cpuBegan] = [performance.now(), cpuOf(child.pid)];
        // Not awaited: an editor sends both at once.
        void connection.sendNotification('textDocument/didChange', { textDocument: { uri: document.uri, version: document.version }, contentChanges: [change] });
        const { items } = await connection.sendRequest('textDocument/diagnostic', { textDocument: { uri: document.uri } });
        measured.push({ file, kind, ms: performance.now() - began, cpu: cpuOf(child.pid) - cpuBegan, items: items.length });
      }
      log(`  ${file}: ${describe(summaryOf(measured, 'file', file))}`);
    }
    await connection.sendRequest('shutdown');
    await connection.sendNotification('exit');
    await once(child, 'exit');
    const by = (key) => Object.fromEntries([...new Set(measured.map((one) => one[key]))].map((value) => [value, summaryOf(measured, key, value)]));
    return { files: by('file'), kinds: by('kind'), all: summaryOf(measured) };
  } finally {
    child.kill();
  }
}

/** Editing begins when the tree is read: what happens before is measured by nobody's typing. */
async function planReady(connection, folder) {
  for (let tries = 0; tries < 600; tries += 1) {
    const { state, message } = await connection.sendRequest('livepatchStudio/plan', { folder });
    if (state === 'ready') return;
    if (state !== 'analyzing') throw new Error(`the server says: ${message ?? state}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the server was not ready within a minute');
}

/** A text with one edit in its last function that stays: else taking an edit back would leave nothing to judge. */
function standing(text) {
  const at = text.lastIndexOf('\treturn 0;');
  return at === -1 ? `${text}\nint standing_edit;\n` : `${text.slice(0, at)}\treturn 1;${text.slice(at + 10)}`;
}

function summaryOf(measured, key, value) {
  const wanted = measured.filter((one) => key === undefined || one[key] === value);
  const cpu = summary(wanted.map((one) => one.cpu));
  return { ...summary(wanted.map((one) => one.ms)), ...(Number.isNaN(cpu.p50) ? {} : { cpu: { p50: cpu.p50, p95: cpu.p95 } }) };
}

/** Milliseconds that the process's main thread has run (proc(5), /proc/PID/schedstat): what a busy machine adds is not in it. NaN where the kernel does not tell. */
function cpuOf(pid) {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return NaN;
  }
}

export const describe = ({ p50, p95, max, count, cpu }) => `p50 ${p50} ms, p95 ${p95} ms, max ${max} ms over ${count} edits${cpu === undefined ? '' : `; on the CPU p50 ${cpu.p50} ms, p95 ${cpu.p95} ms`}`;
