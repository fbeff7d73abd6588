/** What a tree's own headers teach of its macros: attributes, and macros that make functions and variables. */
import type { IncludeFact } from '../syntax/facts';
import { learn, readHeader, type HeaderText } from '../syntax/learn';
import type { Taught } from '../syntax/taught';
import { folderOf, join } from './paths';
import { Recent } from './recent';
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

/** Of these and of those they include in turn, so many are read: a driver's definers stand in the header that its main header includes, as mlx5's do. */
const MOST = 32;

/** As many files as an edit may have, and their headers, some 20 KB each. */
const MOST_LESSONS = 400;
const MOST_KEPT = 600;

/** A header as it was read last; many files include it. */
interface Header extends HeaderText {
  readonly text: string;
}

interface Lesson {
  readonly headers: readonly Header[];
  readonly taught: Taught;
}

/** Reads headers and learns from them; while they stay as they are, the answer is the same object. */
export class Definers {
  readonly #lessons = new Recent<string, Lesson>(MOST_LESSONS);
  readonly #headers = new Recent<string, Header>(MOST_KEPT);

  constructor(private readonly tree: Tree) {}

  /** What the common headers and `headers` (relative to the tree) teach, with those that these include beside them. Never rejects: a header that cannot be read teaches nothing. */
  async taughtBy(headers: readonly string[]): Promise<Taught> {
    const read: Header[] = [];
    const add = async (path: string): Promise<Header | undefined> => {
      const text = await this.tree.text(path);
      if (text === undefined || text.length > LONGEST) return undefined;
      const header = this.#header(path, text);
      read.push(header);
      return header;
    };
    for (const path of COMMON) await add(path);
    // A set tells what is added to it while it is gone through: those the file names first, then those they name.
    const open = new Set(headers.slice(0, MOST).filter((path) => !COMMON.includes(path)));
    for (const path of open) for (const next of localHeaders(path, (await add(path))?.includes ?? [])) if (open.size < MOST) open.add(next);
    const key = headers.join(' ');
    const known = this.#lessons.get(key);
    if (known?.headers.length === read.length && known.headers.every((header, index) => header === read[index])) return known.taught;
    const taught = learn(read.flatMap(({ macros }) => macros));
    this.#lessons.set(key, { headers: read, taught });
    return taught;
  }

  /** The same object while the text is the same. */
  #header(path: string, text: string): Header {
    const known = this.#headers.get(path);
    if (known?.text === text) return known;
    const header = { text, ...readHeader(text) };
    this.#headers.set(path, header);
    return header;
  }
}
