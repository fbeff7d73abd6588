/** What searches of the tree found, and which files changed since. */

/** Some 10 MB: a common word stands in thousands of files. */
const MOST_PATHS = 100_000;
const MOST_WORDS = 5_000;

/** Each is looked at again with every question: some 5 ms for so many, where a search of the tree takes a second. */
const MOST_CHANGED = 200;

export interface Found {
  readonly files: readonly string[];
  /** Why there may be more. */
  readonly incomplete?: string;
}

export class Searched {
  /** Most recently asked for last. */
  readonly #found = new Map<string, Found>();
  /** Paths in it. */
  #paths = 0;
  readonly #changed = new Set<string>();
  #age = 0;

  /** @param isEdited whether a file is as its editor has it, whatever the disk holds */
  constructor(private readonly isEdited: (path: string) => boolean) {}

  /** Files that changed since a search may have: to be looked at on top of what it found. */
  get changed(): ReadonlySet<string> {
    return this.#changed;
  }

  /** How often all was forgotten: what a search found that began at another age is not to be kept. */
  get age(): number {
    return this.#age;
  }

  has(key: string): boolean {
    return this.#found.has(key);
  }

  get(key: string): Found | undefined {
    return this.#found.get(key);
  }

  /** @param age when the search began */
  keep(key: string, found: Found, age: number): void {
    if (age !== this.#age) return;
    this.#paths -= this.#found.get(key)?.files.length ?? 0;
    this.#found.delete(key);
    this.#found.set(key, found);
    this.#paths += found.files.length;
    for (const [oldest, { files }] of this.#found) {
      if (this.#paths <= MOST_PATHS && this.#found.size <= MOST_WORDS) break;
      if (oldest === key) continue;
      this.#found.delete(oldest);
      this.#paths -= files.length;
    }
  }

  /** Files that are no longer as an index has them. */
  differ(paths: Iterable<string>): void {
    for (const path of paths) this.#changed.add(path);
  }

  /** Files that changed; after many, as a checkout changes them, the tree is searched anew. */
  change(paths: readonly string[]): void {
    this.differ(paths);
    if (this.#changed.size <= MOST_CHANGED) return;
    // A search sees the disk: what an editor holds goes on being looked at.
    const edited = [...this.#changed].filter(this.isEdited);
    if (this.#changed.size - edited.length <= MOST_CHANGED) return;
    this.forget();
    this.differ(edited);
  }

  forget(): void {
    this.#age += 1;
    this.#found.clear();
    this.#changed.clear();
    this.#paths = 0;
  }
}
