/** The files of the edit: what open editors hold, saved or not, and beside it what differs on disk. */
import { messageOf } from '../host/files';
import { decodeReading, readTreeFile, sideBySide, type Side } from '../host/reading';
import { largestText, tooLarge } from '../syntax/decode';
import type { EditedFile } from '../result';
import type { Baseline } from './baseline';

/** What editors have open, saved or not. */
export interface OpenTexts {
  openText(path: string): string | undefined;
  openPaths(): readonly string[];
}

export class WorkingEdit implements OpenTexts {
  #baseline: Baseline | undefined;
  readonly #open = new Map<string, string>();
  readonly #disk = new Map<string, EditedFile>();
  readonly #before = new Map<string, Side>();
  readonly #reading = new Map<string, Promise<Side>>();

  /**
   * @param tree absolute path of the kernel tree; all paths below are relative to it
   * @param changed called whenever `files` may answer otherwise than before
   */
  constructor(
    readonly tree: string,
    private readonly changed: () => void,
  ) {}

  /** Compares with another baseline from now on; `changed` are the paths that differ from it on disk. */
  async use(baseline: Baseline, changed: readonly string[]): Promise<void> {
    this.#baseline = baseline;
    for (const memory of [this.#disk, this.#before, this.#reading]) memory.clear();
    this.changed();
    for (const path of changed) await this.readDisk(path);
    await this.readBaselines();
  }

  /** An editor's text, or undefined when it was closed: then the disk's counts, once it is read again. */
  setOpen(path: string, text: string | undefined): void {
    if (text === undefined) this.#open.delete(path);
    else this.#open.set(path, text);
    this.changed();
  }

  openText(path: string): string | undefined {
    return this.#open.get(path);
  }

  openPaths(): readonly string[] {
    return [...this.#open.keys()];
  }

  /** The edit's text of a file that differs from the baseline or is open. */
  text(path: string): string | undefined {
    return this.#open.get(path) ?? this.#disk.get(path)?.after;
  }

  /** The files that differ from the baseline, as far as it was read. */
  files(): EditedFile[] {
    const files: EditedFile[] = [];
    for (const [path, file] of this.#disk) if (!this.#open.has(path)) files.push(file);
    for (const [path, text] of this.#open) {
      const before = this.#before.get(path);
      if (before === undefined || !isEdit(path)) continue;
      const { file } = sideBySide(path, { before, after: editorSide(text) });
      if (file !== undefined) files.push(file);
    }
    return files;
  }

  async readDisk(path: string): Promise<void> {
    if (!isEdit(path)) return;
    const before = await this.before(path);
    const { file } = sideBySide(path, { before, after: decodeReading(await readTreeFile(this.tree, path)) });
    if (file === undefined) this.#disk.delete(path);
    else this.#disk.set(path, file);
    // Of files that are no part of the edit nobody needs the baseline: a checkout changes thousands for a moment.
    if (file === undefined && !this.#open.has(path)) for (const memory of [this.#before, this.#reading]) memory.delete(path);
    this.changed();
  }

  /** Files whose baseline is kept. */
  get baselines(): number {
    return this.#reading.size;
  }

  /** Reads the baseline of every open file, so that `files` has them all. */
  async readBaselines(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((path) => this.before(path)));
  }

  /** A file in the baseline. Read once; what cannot be read says why. */
  async before(path: string): Promise<Side> {
    const known = this.#reading.get(path);
    if (known !== undefined) return known;
    if (this.#baseline === undefined) return {};
    const reading = this.#baseline.read(path).catch((error: unknown): Side => ({ unreadable: `could not be read: ${messageOf(error)}` }));
    this.#reading.set(path, reading);
    const side = await reading;
    // Another baseline may be in force by now.
    if (this.#reading.get(path) === reading) {
      this.#before.set(path, side);
      this.changed();
    }
    return side;
  }
}

/** What a build leaves behind, editors' back-ups and the repository itself are no edit. */
function isEdit(path: string): boolean {
  return !/(^|\/)\.git\/|\.(o|ko|a|mod|cmd|order|symvers|orig|rej|swp)$|~$/.test(path);
}

/** An editor's text is decoded already; the limits are the disk's. */
function editorSide(text: string): Side {
  if (text.length > largestText) return tooLarge(text.length);
  return text.includes('\0') ? { unreadable: 'holds NUL characters: a binary file, or text in UTF-16' } : { text };
}
