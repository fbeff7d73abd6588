/**
 * One workspace folder: its kernel tree, its baseline, the files of the edit, and the analysis of the moment.
 * The edit is what open editors hold, saved or not, and beside it what differs on disk.
 */
import { isAbsolute, join, relative, sep } from 'node:path';
import { Analyzer, type Analysis, type EditedFile } from '../analysis';
import { findKernelTree, kernelVersionOf } from '../kernel/tree';
import { decodeText, largestText, type Decoded } from '../host/text';
import type { Host } from '../host/ports';
import { openBaseline, type Baseline } from './baseline';
import type { BaselineChoice } from './protocol';
import type { Settings } from './settings';

export type SessionState =
  | { readonly kind: 'analyzing' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'no-tree' | 'untrusted' | 'failed'; readonly message: string };

/** Above this many files an edit is no live patch: the baseline is wrong. */
const MOST_FILES = 400;

export class FolderSession {
  state: SessionState = { kind: 'analyzing' };
  /** Absolute path of the kernel tree that holds the folder. */
  tree: string | undefined;
  baseline: Baseline | undefined;
  #choice: BaselineChoice;
  #analyzer: Analyzer | undefined;
  #treeVersion: string | undefined;
  #analysis: Analysis | undefined;
  #learning = false;
  /** Counts changes of what an analysis rests on; a slow look-up that comes too late is told by it. */
  #generation = 0;
  readonly #open = new Map<string, string>();
  readonly #before = new Map<string, Decoded | undefined>();
  readonly #disk = new Map<string, EditedFile>();
  readonly #abort = new AbortController();

  constructor(
    readonly folder: string,
    readonly host: Host,
    private settings: Settings,
    private readonly changed: () => void,
  ) {
    this.#choice = { kind: 'git', ref: settings.baseline };
  }

  /** Finds the tree and its baseline. Never rejects: what is wrong becomes the state. */
  async start(): Promise<void> {
    await this.#guarded(async () => {
      this.tree = await findKernelTree(this.host.files, this.folder);
      if (this.tree === undefined) {
        this.state = { kind: 'no-tree', message: 'This folder is no Linux kernel tree: there is no Makefile with VERSION and PATCHLEVEL in it or above it.' };
        return;
      }
      const tree = this.tree;
      this.#treeVersion = await kernelVersionOf(this.host.files, tree);
      this.#analyzer = new Analyzer({ root: tree, host: this.host, readAfter: (path) => this.#open.get(path) });
      if (this.host.git === undefined && this.#choice.kind === 'git') {
        this.state = { kind: 'untrusted', message: 'The workspace is not trusted, so git is not asked for the baseline. Trust it, or choose a folder as the baseline.' };
        return;
      }
      await this.#useBaseline(await openBaseline(this.#choice, tree, this.host));
    });
    this.changed();
  }

  dispose(): void {
    this.#abort.abort();
  }

  /** Rejects with one sentence and keeps the old baseline when the new one cannot be had. */
  async setBaseline(choice: BaselineChoice): Promise<Baseline> {
    if (this.tree === undefined) throw new Error('There is no kernel tree here.');
    const baseline = await openBaseline(choice, this.tree, this.host);
    this.#choice = choice;
    await this.#guarded(() => this.#useBaseline(baseline));
    this.changed();
    return baseline;
  }

  configure(settings: Settings): void {
    const refChanged = settings.baseline !== this.settings.baseline;
    this.settings = settings;
    this.#forget();
    if (refChanged) {
      this.#choice = { kind: 'git', ref: settings.baseline };
      void this.start();
    } else this.changed();
  }

  /** The tree's path of a file, or undefined when the file is not in the tree. */
  pathOf(file: string): string | undefined {
    if (this.tree === undefined) return undefined;
    const path = relative(this.tree, file);
    return path === '' || path.startsWith('..') || isAbsolute(path) ? undefined : path.split(sep).join('/');
  }

  fileOf(path: string): string {
    return join(this.tree ?? this.folder, path);
  }

  /** An editor's text, or undefined when it was closed. */
  setOpen(path: string, text: string | undefined): void {
    if (text === undefined) {
      this.#open.delete(path);
      void this.fileChanged([path]);
    } else this.#open.set(path, text);
    this.#forget();
  }

  isOpen(path: string): boolean {
    return this.#open.has(path);
  }

  /** Files changed on disk, or the repository moved on (`.git/HEAD`). */
  async fileChanged(paths: readonly string[]): Promise<void> {
    if (this.tree === undefined || this.baseline === undefined) return;
    if (paths.some((path) => path.startsWith('.git/'))) {
      await this.start();
      return;
    }
    this.#analyzer?.invalidate(paths);
    await this.#guarded(async () => {
      for (const path of paths) if (isEdit(path)) await this.#readDisk(path);
    });
    this.#forget();
    this.changed();
  }

  /** Waits until the baseline's text of a file is known, so that `current` judges it. */
  async ready(path: string): Promise<void> {
    if (this.baseline !== undefined) await this.#readBaseline(path);
  }

  /** The analysis of the moment; undefined while there is no tree or no baseline. */
  current(): Analysis | undefined {
    if (this.#analyzer === undefined || this.baseline === undefined) return undefined;
    this.#analysis ??= this.#analyzer.judge(this.#edit(), { profile: this.settings.profile, kernelVersion: this.settings.kernelVersion ?? this.#treeVersion });
    if (this.#analysis.questions.length > 0) void this.#learn();
    return this.#analysis;
  }

  /** A file's text in the baseline. */
  async baselineText(path: string): Promise<string | undefined> {
    const before = await this.#readBaseline(path);
    return before !== undefined && 'text' in before ? before.text : undefined;
  }

  /** The edit's text of a file. */
  text(path: string): string | undefined {
    return this.#open.get(path) ?? this.#disk.get(path)?.after;
  }

  #edit(): EditedFile[] {
    const files: EditedFile[] = [];
    for (const [path, file] of this.#disk) if (!this.#open.has(path)) files.push(file);
    for (const [path, after] of this.#open) {
      if (!isEdit(path) || !this.#before.has(path)) continue;
      const file = editedFile(path, this.#before.get(path), decoded(after));
      if (file !== undefined) files.push(file);
    }
    return files;
  }

  /** Looks up what the analysis leaves open, in the background, until nothing is. */
  async #learn(): Promise<void> {
    if (this.#learning || this.#analyzer === undefined) return;
    this.#learning = true;
    try {
      for (let analysis = this.#analysis; analysis !== undefined && analysis.questions.length > 0; analysis = this.current()) {
        const generation = this.#generation;
        await this.#analyzer.learn(analysis, this.#abort.signal);
        if (generation === this.#generation) this.#analysis = undefined;
      }
    } catch {
      return; // disposed
    } finally {
      this.#learning = false;
    }
    this.changed();
  }

  async #useBaseline(baseline: Baseline): Promise<void> {
    this.state = { kind: 'analyzing' };
    this.baseline = baseline;
    this.#before.clear();
    this.#disk.clear();
    this.#forget();
    this.changed();
    const paths = (await baseline.changedFiles()).filter(isEdit);
    if (paths.length > MOST_FILES) throw new Error(`${paths.length} files differ from ${baseline.label}: too many for a live patch. Choose a closer baseline.`);
    for (const path of paths) await this.#readDisk(path);
    for (const path of this.#open.keys()) await this.#readBaseline(path);
    this.state = { kind: 'ready' };
    this.#forget();
  }

  async #readDisk(path: string): Promise<void> {
    const [before, bytes] = await Promise.all([this.#readBaseline(path), this.host.files.readFile(this.fileOf(path))]);
    const file = editedFile(path, before, bytes === undefined ? undefined : decodeText(bytes));
    if (file === undefined) this.#disk.delete(path);
    else this.#disk.set(path, file);
  }

  async #readBaseline(path: string): Promise<Decoded | undefined> {
    const { baseline } = this;
    if (baseline === undefined) return undefined;
    if (this.#before.has(path)) return this.#before.get(path);
    const text = await baseline.read(path);
    if (baseline === this.baseline && !this.#before.has(path)) {
      this.#before.set(path, text);
      this.#forget();
    }
    return text;
  }

  #forget(): void {
    this.#analysis = undefined;
    this.#generation += 1;
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.state = { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
    }
  }
}

/** What a build leaves behind, editors' back-ups and the repository itself are no edit. */
function isEdit(path: string): boolean {
  return !/(^|\/)\.git\/|\.(o|ko|a|mod|cmd|order|symvers|orig|rej|swp)$|~$|(^|\/)\.[^/]+\.cmd$/.test(path);
}

/** An editor's text is decoded already; the limits are the disk's. */
function decoded(text: string): Decoded {
  if (text.length > largestText) return { unreadable: `is too large: at most ${largestText / 1024 / 1024} MB are read` };
  return text.includes('\0') ? { unreadable: 'holds NUL characters: a binary file' } : { text };
}

/** undefined when the two are the same. */
function editedFile(path: string, before: Decoded | undefined, after: Decoded | undefined): EditedFile | undefined {
  for (const side of [after, before]) if (side !== undefined && 'unreadable' in side) return { path, unreadable: side.unreadable };
  const old = before !== undefined && 'text' in before ? before.text : undefined;
  const now = after !== undefined && 'text' in after ? after.text : undefined;
  if (old === now) return undefined;
  return { path, ...(old === undefined ? {} : { before: old }), ...(now === undefined ? {} : { after: now }) };
}
