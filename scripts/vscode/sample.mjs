import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { git, makeWorkspace } from './workspace.mjs';

/**
 * Makes the work folder that `npm start` opens: the tree at git HEAD, the patch on top. An older one is replaced, but
 * only when it is still as it was made: one with anybody's changes, commits, branches or stashes in it stays.
 *
 * @param {string} tree the tree to copy
 * @param {string} patch the waiting edit
 * @param {string} folder the work folder
 * @returns {boolean} false when a folder with changes was kept
 */
export function makeSample(tree, patch, folder) {
  const seal = join(folder, '.git/made-by-npm-start');
  if (existsSync(folder)) {
    if (!existsSync(seal) || readFileSync(seal, 'utf8') !== fingerprint(folder)) return false;
    rmSync(folder, { recursive: true });
  }
  makeWorkspace(tree, folder, [patch]);
  writeFileSync(seal, fingerprint(folder));
  return true;
}

/** The file with most added lines against HEAD, and a line (from 1) amid its changes; nothing without changes. */
export function busiestFile(folder) {
  const [busiest] = git(folder, 'diff', '--numstat', 'HEAD')
    .trimEnd()
    .split('\n')
    .map((row) => row.split('\t'))
    .filter(([added, , file]) => file !== undefined && added !== '-')
    .sort((a, b) => b[0] - a[0]);
  if (busiest === undefined) return {};
  const file = busiest[2];
  const starts = [...git(folder, 'diff', '-U0', 'HEAD', '--', file).matchAll(/^@@ -\S+ \+(\d+)/gm)];
  return { file, line: Math.max(1, Number(starts[Math.floor(starts.length / 2)]?.[1] ?? 1)) };
}

/** Tells two states of a work folder apart; a new file counts by its name alone, which is enough to see that it came. */
function fingerprint(folder) {
  const state = [
    git(folder, 'for-each-ref'),
    git(folder, 'status', '--porcelain', '--untracked-files=all', '--ignored'),
    git(folder, 'diff', '--binary', 'HEAD'),
  ];
  return createHash('sha256').update(state.join('\0')).digest('hex');
}
