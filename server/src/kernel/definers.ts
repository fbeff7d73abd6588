/** What a tree's own headers teach of its macros: attributes, and macros that make functions and variables. */
import type { IncludeFact } from '../syntax/facts';
import { learn, macrosIn } from '../syntax/learn';
import type { Taught } from '../syntax/taught';
import { folderOf, join } from './paths';
import type { Tree } from './tree';

/** Headers that define the attributes and definers every file may use; those a tree does not have teach nothing. */
const COMMON = ['compiler.h', 'compiler_attributes.h', 'compiler_types.h', 'compiler-gcc.h', 'init.h', 'linkage.h', 'cache.h', 'syscalls.h', 'filter.h'].map((name) => `include/linux/${name}`);

/** Longer headers are tables of registers. */
const LONGEST = 500_000;

/** The headers `#include "…"` names, beside the file that does; the compiler also looks elsewhere, but a driver's own are here. */
export function localHeaders(path: string, includes: readonly IncludeFact[]): readonly string[] {
  const found = includes.filter((include) => !include.system && include.path.endsWith('.h')).map((include) => join(folderOf(path), include.path));
  return [...new Set(found)];
}

/** Of these, so many are read. */
const MOST = 32;

interface Lesson {
  readonly texts: readonly string[];
  readonly taught: Taught;
}

/** Reads headers and learns from them; while they stay as they are, the answer is the same object. */
export class Definers {
  readonly #lessons = new Map<string, Lesson>();

  constructor(private readonly tree: Tree) {}

  /** What the common headers and `headers` (relative to the tree) teach. Never rejects: a header that cannot be read teaches nothing. */
  async taughtBy(headers: readonly string[]): Promise<Taught> {
    const texts: string[] = [];
    for (const path of new Set([...COMMON, ...headers.slice(0, MOST)])) {
      const text = await this.tree.text(path);
      if (text !== undefined && text.length <= LONGEST) texts.push(text);
    }
    const key = headers.join(' ');
    const known = this.#lessons.get(key);
    if (known?.texts.length === texts.length && known.texts.every((text, index) => text === texts[index])) return known.taught;
    const taught = learn(texts.flatMap(macrosIn));
    this.#lessons.set(key, { texts, taught });
    return taught;
  }
}
