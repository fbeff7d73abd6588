/** One workspace folder: its kernel tree, its baseline, its edit, and the analysis of the moment. */
import { isAbsolute, join, relative, sep } from 'node:path';
import { Analyzer, type Analysis } from '../analysis';
import { messageOf } from '../host/files';
import { withoutIndex, type IndexKeeper } from '../host/indexKeeper';
import type { Host } from '../host/ports';
import type { TreeUses } from '../kernel/index/treeUses';
import { findKernelTree, kernelVersionOf } from '../kernel/tree';
import { mayChangeKernel } from '../plan/fileKinds';
import { NoRepositoryError, openBaseline, type Baseline } from './baseline';
import { CurrentAnalysis } from './currentAnalysis';
import type { BaselineChoice } from './protocol';
import type { Settings } from './settings';
import { Turns } from './turns';
import { WorkingEdit, type OpenTexts } from './workingEdit';

export type SessionState =
  | { readonly kind: 'analyzing' | 'ready' }
  | { readonly kind: 'no-tree' | 'untrusted' | 'no-baseline' | 'failed'; readonly message: string };

/** What a session tells the outside. */
export interface SessionEvents {
  /** Answers may be others than before. */
  changed(session: FolderSession): void;
  /** The engine threw, which it never should; the session goes on. */
  fault(error: unknown): void;
  /** Begins to keep the index of a session's tree; undefined where there is to be none. */
  indexOf(root: string, editor: OpenTexts, ended: () => void): IndexKeeper | undefined;
}

/** Above this many files an edit is no live patch: the baseline is wrong. */
const MOST_FILES = 400;

const GIT_INDEX = '.git/index';

/** Half of what the server may take, 350 MB: without it an edit of list.h, whose macros are in thousands of files, takes 1 GB. */
const MOST_LINES = 500_000;

export class FolderSession {
  /** Absolute path of the kernel tree that holds the folder. */
  tree: string | undefined;
  baseline: Baseline | undefined;
  #state: SessionState = { kind: 'analyzing' };
  #choice: BaselineChoice;
  #edit: WorkingEdit;
  #index: IndexKeeper | undefined;
  #treeVersion: string | undefined;
  readonly #turns = new Turns();
  readonly #analysis = new CurrentAnalysis({
    isReady: () => this.baseline !== undefined,
    edit: () => this.#edit.files(),
    options: () => ({ profile: this.settings.profile, kernelVersion: this.settings.kernelVersion ?? this.#treeVersion }),
    learned: () => { this.events.changed(this); },
    fault: (error) => { this.events.fault(error); },
  });

  /** @param folder absolute path of the workspace folder, @param uri its name on the wire */
  constructor(
    readonly uri: string,
    readonly folder: string,
    readonly host: Host,
    public settings: Settings,
    private readonly events: SessionEvents,
  ) {
    this.#choice = { kind: 'git', ref: settings.baseline };
    this.#edit = this.#editOf(folder);
  }

  get state(): SessionState {
    const { fault } = this.#analysis;
    return fault === undefined ? this.#state : { kind: 'failed', message: fault };
  }

  /** Finds the kernel tree that holds the folder; without it no document belongs to the session. Never rejects. */
  async findTree(): Promise<void> {
    this.tree = await findKernelTree(this.host.files, this.folder);
    if (this.tree !== undefined) this.#edit = this.#editOf(this.tree);
  }

  /** Opens the baseline and reads the edit; the baseline is the settings' when they are given. Never rejects: what is wrong becomes the state. */
  async start(settings?: Settings): Promise<void> {
    if (settings !== undefined) {
      this.settings = settings;
      this.#choice = { kind: 'git', ref: settings.baseline };
    }
    this.#turns.begin();
    await this.#turns.take(async () => {
      this.#state = { kind: 'analyzing' };
      this.events.changed(this);
      this.#state = await this.#opened().catch((error: unknown): SessionState => ({ kind: error instanceof NoRepositoryError ? 'no-baseline' : 'failed', message: messageOf(error) }));
      if (this.#state.kind !== 'ready') this.baseline = undefined;
    });
    this.events.changed(this);
  }

  async #opened(): Promise<SessionState> {
    const { tree } = this;
    if (tree === undefined) return { kind: 'no-tree', message: 'This folder is no Linux kernel tree: there is no Makefile with VERSION and PATCHLEVEL in it or above it.' };
    this.#treeVersion = await kernelVersionOf({ root: tree, host: this.host });
    if (this.#index === undefined) {
      this.#index = this.events.indexOf(tree, { openText: (path) => this.#edit.openText(path), openPaths: () => this.#edit.openPaths() }, () => { this.#indexed(); });
      void this.#index?.update();
    } else this.#index.suspect();
    const index = this.#index ?? withoutIndex(tree, (path) => this.#edit.openText(path));
    await this.#analysis.use(new Analyzer({ root: tree, host: this.host, readAfter: (path) => this.#edit.openText(path), index, mostLines: MOST_LINES }));
    if (this.host.git === undefined && this.#choice.kind === 'git') {
      return { kind: 'untrusted', message: 'The workspace is not trusted, so git is not asked for the baseline. Trust it, or choose a folder as the baseline.' };
    }
    await this.#use(await openBaseline(this.#choice, tree, this.host));
    return { kind: 'ready' };
  }

  dispose(): void {
    this.#analysis.dispose();
    this.#index?.dispose();
    this.#turns.begin();
  }

  /** Rejects with one sentence and keeps the old baseline when the new one cannot be had. */
  async setBaseline(choice: BaselineChoice): Promise<Baseline> {
    const { tree } = this;
    if (tree === undefined) throw new Error('There is no kernel tree here.');
    const baseline = await this.#turns.take(async () => {
      const opened = await openBaseline(choice, tree, this.host);
      await this.#use(opened);
      this.#choice = choice;
      this.#state = { kind: 'ready' };
      return opened;
    });
    this.events.changed(this);
    return baseline;
  }

  configure(settings: Settings): void {
    if (settings.baseline !== this.settings.baseline) {
      void this.start(settings);
      return;
    }
    this.settings = settings;
    this.#analysis.forget();
    this.events.changed(this);
  }

  /** The tree's path of a file, or undefined when the file is not in the tree. */
  pathOf(file: string): string | undefined {
    if (this.tree === undefined) return undefined;
    const path = relative(this.tree, file);
    return path === '' || path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path) ? undefined : path.split(sep).join('/');
  }

  fileOf(path: string): string {
    return join(this.tree ?? this.folder, path);
  }

  /** An editor's text, or undefined when it was closed. Resolves when `current` judges it. */
  async setOpen(path: string, text: string | undefined): Promise<void> {
    this.#edit.setOpen(path, text);
    if (text === undefined) await this.filesChanged([path]);
    else {
      await this.ready();
      this.events.changed(this);
    }
  }

  /** Files changed on disk, or the repository moved on (`.git/HEAD`), or git looked at files (`.git/index`). */
  async filesChanged(paths: readonly string[]): Promise<void> {
    this.#index?.changed(paths);
    if (paths.some((path) => path.startsWith('.git/') && path !== GIT_INDEX)) {
      await this.start();
      return;
    }
    if (paths.includes(GIT_INDEX)) this.#index?.suspect();
    if (paths.every((path) => path === GIT_INDEX)) return;
    await this.#turns.take(async () => {
      if (this.baseline === undefined) return;
      await this.#analysis.treeChanged(paths);
      for (const path of paths) await this.#edit.readDisk(path);
    });
    this.events.changed(this);
  }

  /** Waits until `current` judges all that was told so far. Never rejects. */
  async ready(): Promise<void> {
    await this.#turns.idle();
    await this.#edit.readBaselines();
  }

  /** The analysis of the moment, which may leave questions open; undefined while there is no tree or no baseline. */
  current(): Analysis | undefined {
    return this.#analysis.now();
  }

  /** The analysis with nothing left open: for what is asked now and then, not with every keystroke. */
  complete(): Promise<Analysis | undefined> {
    return this.#analysis.complete(() => this.ready());
  }

  /** Who uses what in the tree; undefined while there is no tree. */
  get uses(): TreeUses | undefined {
    return this.#analysis.uses;
  }

  /** A file's text in the baseline. */
  async baselineText(path: string): Promise<string | undefined> {
    await this.ready();
    return (await this.#edit.before(path)).text;
  }

  /** The edit's text of a file. */
  text(path: string): string | undefined {
    return this.#edit.text(path);
  }

  isOpen(path: string): boolean {
    return this.#edit.openText(path) !== undefined;
  }

  /** Why a file of the edit that may matter could not be read: the end of a sentence that begins with its name. */
  unreadable(path: string): string | undefined {
    if (!mayChangeKernel(path, false)) return undefined;
    return this.#edit.files().find((file) => file.path === path)?.unreadable;
  }

  /** Makes a baseline the one in force; rejects and leaves everything as it was when it is no baseline of this tree. */
  async #use(baseline: Baseline): Promise<void> {
    const changed = await baseline.changedFiles();
    if (changed.length > MOST_FILES) throw new Error(`${changed.length} files differ from ${baseline.label}: too many for a live patch. Choose a closer baseline.`);
    this.baseline = baseline;
    await this.#edit.use(baseline, changed);
  }

  /** Where git cannot be asked, the index finds what a walk did not. */
  #indexed(): void {
    if (this.#choice.kind === 'git') return;
    void this.#analysis.treeChanged();
    this.events.changed(this);
  }

  #editOf(tree: string): WorkingEdit {
    return new WorkingEdit(tree, () => { this.#analysis.forget(); });
  }
}
