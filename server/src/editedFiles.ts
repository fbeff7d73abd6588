/** The files of the edit as they were read last: both versions' facts and what differs, kept between keystrokes. */
import type { FileChanges } from './change/changes';
import { diffFacts } from './change/diff';
import { FactReader } from './syntax/extract';
import type { FileFacts } from './syntax/facts';
import type { Taught } from './syntax/taught';

/** Files that are no longer in the edit but may be again with the next keystroke, as when all that was typed is taken back. */
const MOST_OTHERS = 8;

interface EditedFile {
  readonly taught: Taught | undefined;
  /** Reads both versions: all that they have in common is read once and held once. */
  readonly reader: FactReader;
  before?: { readonly text: string; readonly facts: FileFacts };
  after?: { readonly text: string; readonly facts: FileFacts };
  compared?: { readonly before: FileFacts | undefined; readonly after: FileFacts | undefined; readonly changes: FileChanges };
}

export class EditedFiles {
  /** By path, the one used last at the end. */
  readonly #files = new Map<string, EditedFile>();

  get size(): number {
    return this.#files.size;
  }

  /** What a file's versions are read with; undefined for one that was not read yet. */
  taught(path: string): Taught | undefined {
    return this.#files.get(path)?.taught;
  }

  /** Has a file's versions read anew. */
  teach(path: string, taught: Taught): void {
    this.#files.set(path, { taught, reader: new FactReader(taught) });
  }

  /** Facts of one version of a file, read with what the file was taught, or if nothing with `taught`. */
  facts(path: string, version: 'before' | 'after', text: string | undefined, taught: Taught | undefined): FileFacts | undefined {
    if (text === undefined) return undefined;
    const file = this.#fileOf(path, taught);
    const known = file[version];
    if (known?.text === text) return known.facts;
    const facts = file.reader.read(text);
    file[version] = { text, facts };
    return facts;
  }

  /** What differs between two versions that `facts` gave. */
  changes(path: string, before: FileFacts | undefined, after: FileFacts | undefined): FileChanges {
    const file = this.#files.get(path);
    const known = file?.compared;
    if (known !== undefined && known.before === before && known.after === after) return known.changes;
    const changes = diffFacts(path, before, after);
    if (file !== undefined) file.compared = { before, after, changes };
    return changes;
  }

  /** Forgets all files but these and the few used last. */
  keep(paths: ReadonlySet<string>): void {
    let others = [...this.#files.keys()].filter((path) => !paths.has(path)).length;
    for (const path of this.#files.keys()) {
      if (others <= MOST_OTHERS) return;
      if (paths.has(path)) continue;
      this.#files.delete(path);
      others -= 1;
    }
  }

  #fileOf(path: string, taught: Taught | undefined): EditedFile {
    const known = this.#files.get(path);
    const file = known ?? { taught, reader: new FactReader(taught) };
    this.#files.delete(path);
    this.#files.set(path, file);
    return file;
  }
}
