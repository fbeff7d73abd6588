// What the server holds after an hour's editing: many files opened, typed into, closed and opened again, its memory read off /proc.
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { Editor } from './editor.mjs';
import { editsOf } from './edits.mjs';

/** Files a person has to do with in an hour, every tenth a header, whose users are looked up in the whole tree. */
const FILES = 30;
const SMALLEST = 20_000;
const LARGEST = 300_000;
/** Edits made in a file before going on to another, and how many of them are not taken back. */
const STAY = 20;
const STAYING = 4;
const SAMPLE_EVERY = 100;
/** Edits between two changes of the baseline, which is read anew then. */
const BASELINE_EVERY = 500;
/** A server whose memory grows by less over the second half of the edits is flat: what it has is what it needs. */
const FLAT = 0.1;

/**
 * @param {{ count: number, seed: number, log: (line: string) => void }} options
 * @returns {Promise<{ files: string[], samples: { edits: number, mb: number }[], finalMB: number, peakMB: number, growth: number, flat: boolean }>}
 *   resident memory (VmRSS, VmHWM: proc(5)); growth is that of the line through the second half of the samples, as a share of their mean
 */
export async function memory(server, tree, { count, seed, storage, log }) {
  const generator = xoroshiro128plus(seed);
  const pick = (n) => uniformInt(generator, 0, n - 1);
  const files = filesOf(tree, pick);
  const read = (file) => readFileSync(join(tree, file), 'utf8');
  const editor = await Editor.start(server, tree, storage);
  try {
    const open = new Map();
    const samples = [];
    for (let done = 0; done < count;) {
      const file = files[pick(files.length)];
      if (!open.has(file)) open.set(file, await editor.open(file, read(file)));
      for (const edit of visit(open.get(file), seed + done)) {
        await editor.edit(open.get(file), edit);
        done += 1;
        if (done % BASELINE_EVERY === 0) await editor.setBaseline(done % (2 * BASELINE_EVERY) === 0 ? 'HEAD' : 'HEAD^{commit}');
        if (done % SAMPLE_EVERY === 0) samples.push({ edits: done, mb: megabytes(editor.pid, 'VmRSS') });
      }
      // What is closed without being saved is the disk's again.
      if (pick(3) === 0) await leave(files[pick(files.length)]);
    }
    const peakMB = megabytes(editor.pid, 'VmHWM');
    await editor.stop();
    const growth = growthOf(samples.slice(samples.length / 2).map(({ mb }) => mb));
    const finalMB = samples.at(-1).mb;
    log(`  ${samples.map(({ mb }) => mb).join(' ')} MB, sampled every ${SAMPLE_EVERY} edits`);
    log(`  ${finalMB} MB at the end, ${peakMB} MB at the most; ${(growth * 100).toFixed(1)} % of growth in the second half: ${growth < FLAT ? 'flat' : 'not flat'}`);
    return { files, samples, finalMB, peakMB, growth: Math.round(growth * 1000) / 1000, flat: growth < FLAT };

    async function leave(other) {
      if (!open.has(other)) return;
      await editor.close(open.get(other));
      open.delete(other);
    }
  } finally {
    editor.kill();
  }
}

/** One visit's edits: most are taken back, as `editsOf` does it; the last fifth are words that stay. */
function* visit(document, seed) {
  yield* editsOf(document.getText(), STAY - STAYING, seed);
  for (let stayed = 0; stayed < STAYING; stayed += 1) yield editsOf(document.getText(), 2, seed + stayed)[0];
}

/** Files chosen by the seed: each tenth a header many include, the others .c files of different folders. */
function filesOf(tree, pick) {
  const listed = (...specs) => execFileSync('git', ['ls-files', '--', ...specs], { cwd: tree, encoding: 'utf8', maxBuffer: 2 ** 26 }).split('\n').filter((path) => path !== '');
  const chosen = new Map();
  const choose = (paths, count, placeOf) => {
    while (chosen.size < count) {
      const path = paths[pick(paths.length)];
      const { size } = statSync(join(tree, path));
      if (size >= SMALLEST && size <= LARGEST && !chosen.has(placeOf(path))) chosen.set(placeOf(path), path);
    }
  };
  choose(listed(':(glob)include/linux/*.h', ':(glob)include/net/*.h'), FILES / 10, (path) => path);
  choose(listed('*.c'), FILES, (path) => path.slice(0, path.lastIndexOf('/')));
  return [...chosen.values()].sort();
}

function megabytes(pid, key) {
  const kilobytes = new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kilobytes) / 1024);
}

/** Growth over all values along the line that fits them best (least squares), as a share of their mean. */
function growthOf(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const middle = (values.length - 1) / 2;
  const slope = values.reduce((sum, value, at) => sum + (at - middle) * (value - mean), 0) / values.reduce((sum, _value, at) => sum + (at - middle) ** 2, 0);
  return (slope * (values.length - 1)) / mean;
}
