// From a keystroke to its diagnostics, over standard input and output of the bundled server, as an editor does it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Editor } from './editor.mjs';
import { editsOf } from './edits.mjs';
import { summary } from './statistics.mjs';

/**
 * Opens all files, edits one after the other, and waits for each edit's pulled diagnostics. The time runs from sending the change and
 * the request to having the answer: the server's work, and both ways through the pipe; no debounce is in it.
 *
 * @returns {Promise<{ files: Record<string, object>, kinds: Record<string, object>, all: object }>} milliseconds
 */
export async function keystrokes(server, tree, files, { count, seed, storage, log }) {
  const editor = await Editor.start(server, tree, storage);
  try {
    const documents = new Map();
    for (const file of files) documents.set(file, await editor.open(file, standing(readFileSync(join(tree, file), 'utf8'))));
    await editor.ready();

    const measured = [];
    for (const [file, document] of documents) {
      for (const { kind, ...edit } of editsOf(document.getText(), count, seed)) {
        const cpuBegan = cpuOf(editor.pid);
        const answered = await editor.edit(document, edit);
        measured.push({ file, kind, ...answered, cpu: cpuOf(editor.pid) - cpuBegan });
      }
      log(`  ${file}: ${describe(summaryOf(measured, 'file', file))}`);
    }
    await editor.stop();
    const by = (key) => Object.fromEntries([...new Set(measured.map((one) => one[key]))].map((value) => [value, summaryOf(measured, key, value)]));
    return { files: by('file'), kinds: by('kind'), all: summaryOf(measured) };
  } finally {
    editor.kill();
  }
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
