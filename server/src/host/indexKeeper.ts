/**
 * Keeps one tree's index while its files change. A stored index is trusted only after it was compared with the tree once; from then on the files
 * that changed are known by name, and are read where they stand until an update takes them in.
 */
import type { CurrentIndex, IndexAccess } from '../kernel/index/treeUses';
import { messageOf } from './files';
import type { IndexSummary } from './indexing';
import { openIndex, type OpenIndex } from './indexFile';
import { EditedSources } from './sourceReader';

export interface KeeperPorts {
  /** Brings the stored index up to date, off this thread. Rejects when that fails or was aborted. */
  update(path: string, signal: AbortSignal): Promise<IndexSummary>;
  /** What editors have open, by the path relative to the tree. */
  readonly editor: { openText(path: string): string | undefined; openPaths(): readonly string[] };
  /** An update ended; with the reason when it failed. */
  ended(failure?: string): void;
}

/** Time without a further event before the tree is compared again, in milliseconds: git writes its index in bursts. */
const SETTLED = 5_000;
/** Changed files that are read anew for each question until they are taken into the index. */
const MOST_CHANGED = 100;

export class IndexKeeper implements IndexAccess {
  readonly files: EditedSources;
  #open: OpenIndex | undefined;
  /** Files that changed since the update before the running one began, and since the running one did. */
  #before = new Set<string>();
  #since = new Set<string>();
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #abort = new AbortController();

  /**
   * @param root absolute path of the tree
   * @param path of the index file
   */
  constructor(
    readonly root: string,
    readonly path: string,
    private readonly ports: KeeperPorts,
  ) {
    this.files = new EditedSources(root, (file) => ports.editor.openText(file));
  }

  current(): CurrentIndex | undefined {
    if (this.#open === undefined) return undefined;
    const changed = new Set([...this.#before, ...this.#since, ...this.ports.editor.openPaths().filter(isIndexed)]);
    return { index: this.#open.index, changed };
  }

  /** Makes the index, or compares it with the tree. Never rejects; resolves when no update is running any more. */
  async update(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#abort.signal.aborted) return;
    await (this.#running ??= this.#update().finally(() => { this.#running = undefined; }));
  }

  /** These files were changed, made or removed. */
  changed(paths: readonly string[]): void {
    for (const path of paths) if (isIndexed(path)) this.#since.add(path);
    if (this.#since.size > MOST_CHANGED) this.suspect();
  }

  /** Something may have changed that no event told: the tree is compared once things have settled. */
  suspect(): void {
    clearTimeout(this.#timer);
    if (!this.#abort.signal.aborted) this.#timer = setTimeout(() => void this.update(), SETTLED);
  }

  damaged(): void {
    this.#close();
    this.suspect();
  }

  dispose(): void {
    this.#abort.abort(new Error('the server ends'));
    clearTimeout(this.#timer);
    this.#close();
  }

  async #update(): Promise<void> {
    for (const path of this.#since) this.#before.add(path);
    this.#since = new Set();
    try {
      await this.ports.update(this.path, this.#abort.signal);
      if (this.#abort.signal.aborted) return;
      const open = openIndex(this.path, this.root);
      this.#close();
      this.#open = open;
      this.#before = new Set();
      this.ports.ended();
    } catch (error) {
      if (!this.#abort.signal.aborted) this.ports.ended(messageOf(error));
    }
  }

  #close(): void {
    this.#open?.close();
    this.#open = undefined;
  }
}

/** For a tree that is to have no index: files are read where they stand, and found by searching. */
export function withoutIndex(root: string, openText: (path: string) => string | undefined): IndexAccess {
  return { current: () => undefined, damaged: () => undefined, files: new EditedSources(root, openText) };
}

const isIndexed = (path: string): boolean => /\.[ch]$/.test(path);
