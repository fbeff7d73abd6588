/**
 * Applies patches to a tree in memory: the tree is read through a function and never written.
 *
 * Hunks have to fit exactly, context included, as for git apply: where the lines moved, the nearest place that fits is
 * taken. Texts are byte strings here (one character is one byte), so that a patch of a file in any encoding fits.
 */
import { applyPatch } from 'diff';
import { decodeMails } from './mail';
import type { FilePatch, Hunk } from './unifiedDiff';
import { noNewline, parseUnifiedDiff, PatchError } from './unifiedDiff';

export interface NamedPatch {
  /** For messages: the patch file as the user named it. */
  readonly name: string;
  readonly text: string;
}

/** A file's text before the first patch and after the last; absent where there is no file. */
export interface PatchedFile {
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** A file of the tree by its path, or undefined when there is none. */
export type ReadFile = (path: string) => Promise<string | undefined>;

/**
 * Applies `patches` one after the other. Gives every file they change, by path relative to the tree. Rejects
 * with a PatchError whose message names patch, file, hunk and line when one is damaged, leaves the tree or does not fit.
 */
export async function applyPatches(patches: readonly NamedPatch[], read: ReadFile): Promise<Map<string, PatchedFile>> {
  const before = new Map<string, string | undefined>();
  const after = new Map<string, string | undefined>();
  const current: ReadFile = async (path) => {
    if (!before.has(path)) {
      const text = await read(path);
      before.set(path, text);
      after.set(path, text);
    }
    return after.get(path);
  };
  for (const patch of patches) {
    try {
      const files = parseUnifiedDiff(decodeMails(patch.text));
      if (files.length === 0) throw new PatchError('holds no unified diff that changes anything');
      const strip = await prefixDepth(files, current);
      for (const file of files) await applyFile(file, strip, current, after);
    } catch (error) {
      if (!(error instanceof PatchError)) throw error;
      throw new PatchError(`${patch.name}${error.line === undefined ? '' : `:${error.line}`}: ${error.message}`, error.line);
    }
  }
  const files = [...before].map(([path, text]): [string, PatchedFile] => [path, { before: text, after: after.get(path) }]);
  return new Map(files.filter(([, file]) => file.before !== file.after));
}

async function applyFile(file: FilePatch, strip: number, current: ReadFile, after: Map<string, string | undefined>): Promise<void> {
  const oldPath = file.oldPath === undefined ? undefined : pathInTree(file.oldPath, strip, file.line);
  const newPath = file.newPath === undefined ? undefined : pathInTree(file.newPath, strip, file.line);
  // Without a rename header the two names are one file's: diff -u fs/x.c.orig fs/x.c names the copy on its left side.
  const source = file.kind === 'modify' ? await existing(newPath, oldPath, current) : oldPath;
  const target = file.kind === 'modify' ? source : newPath;

  const base = source === undefined ? '' : await current(source);
  if (base === undefined) throw new PatchError(`${source ?? ''} is not in the tree`, file.line);
  if (target !== undefined && target !== source && (await current(target)) !== undefined) throw new PatchError(`${target} is created by the patch, but is in the tree already`, file.line);

  const result = applyHunks(base, file.hunks, target ?? source ?? '');
  if (target === undefined && result !== '') throw new PatchError(`${source ?? ''} is deleted by the patch, but the tree's file has more lines than the patch removes`, file.line);
  if (source !== undefined && source !== target && file.kind !== 'copy') after.set(source, undefined);
  if (target !== undefined) after.set(target, result);
}

async function existing(first: string | undefined, second: string | undefined, current: ReadFile): Promise<string | undefined> {
  for (const path of [first, second]) if (path !== undefined && (await current(path)) !== undefined) return path;
  return first ?? second;
}

/** Stand for the file's two ends, as lines of their own. */
const start = '\ufffe<';
const end = '\ufffe>';

function applyHunks(base: string, hunks: readonly Hunk[], path: string): string {
  if (hunks.length === 0) return base;
  const whole = base === '' || base.endsWith('\n') ? base : `${base}${noNewline}\n`;
  const text = `${start}\n${whole}${end}`;
  const anchored = hunks.map(anchoredHunk);
  const apply = (count: number): string | false => applyPatch(text, { oldFileName: path, newFileName: path, oldHeader: '', newHeader: '', hunks: anchored.slice(0, count) }, { autoConvertLineEndings: false });

  const result = apply(hunks.length);
  if (result !== false) {
    const inner = result.slice(start.length + 1, -end.length);
    // A line without its line end can only be the last one: elsewhere the hunk that left it there did not fit.
    const cut = inner.indexOf(noNewline);
    if (cut === -1) return inner;
    if (cut === inner.length - 2) return inner.slice(0, cut);
  }
  const failed = hunks.findIndex((_, index) => apply(index + 1) === false);
  const index = failed === -1 ? hunks.length - 1 : failed;
  const hunk = hunks[index];
  throw new PatchError(`hunk ${index + 1} of ${hunks.length} does not apply to ${path} (line ${hunk?.oldStart ?? 0} there)`, hunk?.line);
}

/**
 * A hunk that begins in line 1 fits nowhere but at the file's beginning, and one without context behind its change
 * only at the end (git's apply.c, apply_one_fragment). So a patch that is in the tree already does not fit again.
 */
function anchoredHunk(hunk: Hunk): Hunk {
  const atStart = hunk.oldStart <= 1;
  const atEnd = !(hunk.lines.at(-1) ?? ' ').startsWith(' ');
  const ends = Number(atStart) + Number(atEnd);
  return {
    ...hunk,
    // The line that stands for the beginning moves all others down by one.
    oldStart: hunk.oldStart + (atStart ? 0 : 1),
    oldLines: hunk.oldLines + ends,
    newLines: hunk.newLines + ends,
    lines: [...(atStart ? [` ${start}`] : []), ...hunk.lines, ...(atEnd ? [` ${end}`] : [])],
  };
}

/**
 * How many leading components the paths have too many: 1 as for git apply and patch -p1, unless the patch was made
 * without prefixes (git diff --no-prefix): then its paths are the tree's as they stand and the shortened ones are not.
 */
async function prefixDepth(files: readonly FilePatch[], current: ReadFile): Promise<0 | 1> {
  const old = files.filter((file) => file.kind === 'modify' || file.kind === 'delete').flatMap((file) => file.oldPath ?? []);
  if (old.length === 0) return 1;
  const allThere = async (strip: number): Promise<boolean> => {
    for (const path of old) {
      const inside = innerPath(path, strip);
      if (inside === undefined || (await current(inside)) === undefined) return false;
    }
    return true;
  };
  return !(await allThere(1)) && (await allThere(0)) ? 0 : 1;
}

function pathInTree(written: string, strip: number, line: number): string {
  const path = innerPath(written, strip);
  if (path === undefined) throw new PatchError(`the path ${JSON.stringify(written)} leads out of the tree or is none: nothing outside the tree is read`, line);
  return path;
}

/** The path without its first `strip` components, or undefined when it is absolute, climbs, or names git's own folder. */
function innerPath(written: string, strip: number): string | undefined {
  // eslint-disable-next-line no-control-regex
  if (/^[/\\]|^[A-Za-z]:|[\0-\x1f]/.test(written)) return undefined;
  const parts = written.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.some((part) => part === '..' || part.toLowerCase() === '.git')) return undefined;
  const rest = parts.slice(strip);
  return rest.length === 0 ? undefined : rest.join('/');
}
