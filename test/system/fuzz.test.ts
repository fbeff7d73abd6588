/** Every reader on thousands of broken files of the kernel, of every kind; patches are differences between such files and broken ones. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { kernelSource } from '../../scripts/setup.mjs';
import { choose } from '../syntax/accuracy/sample.mjs';
import { fuzz } from '../syntax/fuzz/fuzz';
import { mutantOf } from '../syntax/fuzz/mutants';

const SEED = 20261121;
/** Bytes: with larger files, most of the time goes into few of them. */
const LARGEST = 200_000;

const all = readdirSync(kernelSource, { recursive: true, encoding: 'utf8' }).sort();
const drawn = (pattern: RegExp, wanted: number): Buffer[] =>
  choose(all.filter((path) => pattern.test(path)), wanted, SEED)
    .map((path) => join(kernelSource, path))
    .filter((path) => statSync(path).isFile() && statSync(path).size <= LARGEST)
    .map((path) => readFileSync(path));

const sources = [...drawn(/\.c$/, 150), ...drawn(/\.h$/, 50)];

fuzz(
  {
    c: sources,
    patch: differences(sources.slice(0, 40)),
    makefile: drawn(/(^|\/)(Makefile|Kbuild)$/, 60),
    kconfig: drawn(/(^|\/)Kconfig$/, 60),
    config: drawn(/_defconfig$/, 30),
  },
  ({ name }) => (name === 'facts' ? 800 : 2000),
);

/** What `git diff` says between each file and a mutant of it, mailed as git format-patch would. */
function differences(files: readonly Buffer[]): Buffer[] {
  const folder = mkdtempSync(join(tmpdir(), 'livepatch-studio-fuzz-'));
  const [old, changed] = [join(folder, 'old.c'), join(folder, 'new.c')];
  try {
    return files.map((file) => {
      const [mutant] = fc.sample(mutantOf([file]), { seed: SEED, numRuns: 1 });
      writeFileSync(old, file);
      writeFileSync(changed, mutant ?? '');
      const { stdout } = spawnSync('git', ['diff', '--no-index', '--text', basename(old), basename(changed)], { cwd: folder, maxBuffer: 2 ** 28 });
      return Buffer.concat([Buffer.from('From: A Writer <writer@example.org>\nSubject: [PATCH 1/2] a change\n\nWhy.\n---\n'), stdout, Buffer.from('-- \n2.39.5\n')]);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
