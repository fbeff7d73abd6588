/** What `npm start` opens, and that it throws away nobody's work. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { busiestFile, makeSample } from '../../scripts/vscode/sample.mjs';
import { git } from '../../scripts/vscode/workspace.mjs';

const TREE = fileURLToPath(new URL('../sample/kernel', import.meta.url));
const PATCH = fileURLToPath(new URL('../sample/edits/waiting.patch', import.meta.url));

let temp: string;
let folder: string;

beforeEach(() => {
  temp = mkdtempSync(join(tmpdir(), 'livepatch-sample-'));
  folder = join(temp, 'sample');
  expect(makeSample(TREE, PATCH, folder)).toBe(true);
});

afterEach(() => {
  rmSync(temp, { recursive: true });
});

test('the baseline is at HEAD with .config, and the waiting edit is on top', () => {
  expect(git(folder, 'ls-files', '.config').trim()).toBe('.config');
  const files = [...readFileSync(PATCH, 'utf8').matchAll(/^\+\+\+ b\/(.*)$/gm)].map((match) => ` M ${match[1] ?? ''}\n`);
  expect(git(folder, 'status', '--porcelain')).toBe(files.sort().join(''));
  const { file = '', line = 0 } = busiestFile(folder);
  expect(file).toMatch(/\.c$/);
  expect(readFileSync(join(folder, file), 'utf8').split('\n').length).toBeGreaterThan(line);
});

test('an untouched folder is made anew', () => {
  expect(makeSample(TREE, PATCH, folder)).toBe(true);
});

test.each<[string, (path: string) => unknown]>([
  ['a changed file', (path) => { writeFileSync(join(path, 'Kbuild'), '# mine\n'); }],
  ['a new file', (path) => { writeFileSync(join(path, 'mine.c'), ''); }],
  ['a taken-back edit', (path) => git(path, 'checkout', '-q', 'HEAD', '.')],
  ['a commit', (path) => git(path, 'commit', '-q', '-a', '-m', 'mine')],
  ['a stash', (path) => git(path, 'stash', '-q')],
  ['a repository that something else made', (path) => { rmSync(join(path, '.git/made-by-npm-start')); }],
])('%s keeps the folder as it is', (_name, change) => {
  change(folder);
  const before = git(folder, 'log', '--all', '--format=%H') + git(folder, 'status', '--porcelain');
  expect(makeSample(TREE, PATCH, folder)).toBe(false);
  expect(git(folder, 'log', '--all', '--format=%H') + git(folder, 'status', '--porcelain')).toBe(before);
});
