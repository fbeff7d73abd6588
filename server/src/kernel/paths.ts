/** Paths relative to the tree, with `/` and without a leading `./`; the tree itself is `''`. */

/** Joins and folds `.` and `..`; a path that leaves the tree keeps its leading `..`. A trailing `/` stays. */
export function join(...parts: readonly string[]): string {
  const folded: string[] = [];
  const text = parts.filter((part) => part !== '').join('/');
  for (const step of text.split('/')) {
    if (step === '' || step === '.') continue;
    if (step === '..' && folded.length > 0 && folded.at(-1) !== '..') folded.pop();
    else folded.push(step);
  }
  return folded.join('/') + (text.endsWith('/') && folded.length > 0 ? '/' : '');
}

/** The folder that holds a path; `''` for one at the top. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The folder itself and every one above it, up to the top of the tree (`''`). */
export function ancestorsOf(folder: string): string[] {
  const ancestors = [folder];
  for (let at = folder; at !== ''; at = folderOf(at)) ancestors.push(folderOf(at));
  return ancestors;
}
