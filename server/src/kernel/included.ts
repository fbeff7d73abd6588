/** Finds the .c files that include another .c file, as kernel/sched/build_policy.c does with its parts. */
import { ancestorsOf, folderOf, join, nameOf } from './paths';
import { tryGrep } from './search';
import type { Tree } from './tree';

/** Without git only the file's own folder and the one above are looked through, and of those so many files. */
const MAX_FILES = 150;

export interface Includer {
  readonly path: string;
  /** Every such `#include` stands inside an `#if`. */
  readonly isConditional: boolean;
}

export async function includersOf(tree: Tree, path: string): Promise<Includer[]> {
  const candidates = (await tryGrep(tree, nameOf(path), ['*.c'])) ?? (await nearby(tree, path));
  const includers: Includer[] = [];
  for (const candidate of candidates.filter((name) => name !== path)) {
    const depths = includeDepths(candidate, (await tree.text(candidate)) ?? '', path);
    if (depths.length > 0) includers.push({ path: candidate, isConditional: !depths.includes(0) });
  }
  return includers.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function nearby(tree: Tree, path: string): Promise<string[]> {
  const candidates: string[] = [];
  for (const folder of ancestorsOf(folderOf(path)).slice(0, 2)) {
    const entries = await tree.entries(folder);
    candidates.push(...entries.filter((name) => name.endsWith('.c')).map((name) => join(folder, name)));
  }
  return candidates.slice(0, MAX_FILES);
}

/** How many `#if` are open at each `#include` of the path. */
function includeDepths(includer: string, text: string, path: string): number[] {
  const depths: number[] = [];
  let depth = 0;
  for (const match of text.matchAll(/^[ \t]*#[ \t]*(if|endif|include[ \t]*"([^"\n]+\.c)")/gm)) {
    if (match[1] === 'if') depth += 1;
    else if (match[1] === 'endif') depth -= 1;
    else if (join(folderOf(includer), match[2] ?? '') === path || join(match[2] ?? '') === path) depths.push(depth);
  }
  return depths;
}
