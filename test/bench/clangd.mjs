// The same keystrokes in clangd, which compiles: what exactness costs. It needs a configured and built kernel, as `npm run accuracy` makes one.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { editsOf } from './edits.mjs';
import { summary } from './statistics.mjs';

/** Each takes some tenths of a second. */
const EDITS = 20;
/** gcc's, which clang has not. */
const GCC_ONLY = /^-(mpreferred-stack-boundary|mindirect-branch|mfunction-return|mskip-rax-setup|fconserve-stack|fno-allow-store-data-races|falign-(jumps|loops)|mrecord-mcount|fmin-function-alignment|fno-var-tracking|fzero-call-used|femit-struct|fplugin)/;

/**
 * @param {{ build: string, tree: string, file: string, seed: number, log: (line: string) => void }} options `build` holds the objects of `tree`
 * @returns {Promise<object | string>} milliseconds from the change to its diagnostics and of processor time; a string says why there are none
 */
export async function clangdKeystrokes({ build, tree, file, seed, log }) {
  const command = ['clangd-19', 'clangd'].find((name) => spawnSync(name, ['--version']).error === undefined);
  if (command === undefined) return 'not installed';
  const saved = join(build, dirname(file), `.${basename(file, '.c')}.o.cmd`);
  if (!existsSync(saved)) return `installed, not measured: ${file} was not compiled (npm run accuracy builds objects)`;
  const [, line] = /:= (.*)/.exec(readFileSync(saved, 'utf8').split('\n', 1)[0]);
  const folder = mkdtempSync(join(tmpdir(), 'livepatch-clangd-'));
  const path = join(tree, file);
  writeFileSync(join(folder, 'compile_commands.json'), JSON.stringify([{ directory: build, file: path, arguments: [...line.split(' ').filter((word) => word !== '' && !GCC_ONLY.test(word) && !word.endsWith('.c')), path] }]));
  const child = spawn(command, [`--compile-commands-dir=${folder}`, '--background-index=false', '--clang-tidy=false', '--pch-storage=memory', '-j=2', '--log=error'], { stdio: ['pipe', 'pipe', 'ignore'] });
  try {
    const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    let told = () => undefined;
    connection.onNotification('textDocument/publishDiagnostics', ({ version }) => told(version));
    connection.onRequest(() => null);
    connection.listen();
    await connection.sendRequest('initialize', { processId: process.pid, rootUri: pathToFileURL(tree).href, capabilities: { textDocument: { publishDiagnostics: { versionSupport: true } } } });
    await connection.sendNotification('initialized', {});
    const document = TextDocument.create(pathToFileURL(path).href, 'c', 1, readFileSync(path, 'utf8'));
    const answered = (version) => new Promise((resolve) => { told = (one) => { if (one >= version) resolve(); }; });
    const opened = answered(1);
    await connection.sendNotification('textDocument/didOpen', { textDocument: { uri: document.uri, languageId: 'c', version: 1, text: document.getText() } });
    await opened;
    const measured = [];
    for (const { at, remove, insert } of editsOf(document.getText(), EDITS, seed)) {
      const change = { range: { start: document.positionAt(at), end: document.positionAt(at + remove) }, text: insert };
      TextDocument.update(document, [change], document.version + 1);
      const [began, cpu] = [performance.now(), cpuOf(child.pid)];
      const answer = answered(document.version);
      await connection.sendNotification('textDocument/didChange', { textDocument: { uri: document.uri, version: document.version }, contentChanges: [change] });
      await answer;
      measured.push({ ms: performance.now() - began, cpu: cpuOf(child.pid) - cpu });
    }
    const cost = { ...summary(measured.map((one) => one.ms)), cpu: summary(measured.map((one) => one.cpu)), peakMB: Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024) };
    log(`  ${command}, ${file}: p50 ${cost.p50} ms, p95 ${cost.p95} ms over ${cost.count} edits; on the CPU p50 ${cost.cpu.p50} ms; ${cost.peakMB} MB`);
    return cost;
  } finally {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Milliseconds of processor time of all threads (proc(5), /proc/PID/stat: 100 ticks a second). */
function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
