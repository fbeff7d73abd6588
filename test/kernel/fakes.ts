/** Trees in memory behind the host's ports. */
import type { FileSystem, Git, Host } from '../../server/src/host/ports';
import { holdsWord } from '../../server/src/kernel/search';
import type { TreeSource } from '../../server/src/kernel/tree';

export type Files = Readonly<Record<string, string>>;

export const ROOT = '/src/linux';

/** A file system that holds `files` (relative to the root) and counts what is read. */
export class FakeFiles implements FileSystem {
  readonly reads: string[] = [];
  /** Paths whose reading fails, with the message. */
  readonly broken = new Map<string, string>();

  constructor(
    public files: Files,
    private readonly root = ROOT,
  ) {}

  readFile(path: string): Promise<Uint8Array | undefined> {
    const relative = this.relative(path);
    this.reads.push(relative);
    const fault = this.broken.get(relative);
    if (fault !== undefined) return Promise.reject(new Error(fault));
    const text = this.files[relative];
    return Promise.resolve(text === undefined ? undefined : new TextEncoder().encode(text));
  }

  readDirectory(path: string): Promise<readonly string[] | undefined> {
    const folder = this.relative(path);
    const inside = Object.keys(this.files).filter((name) => folder === '' || name.startsWith(`${folder}/`));
    if (inside.length === 0) return Promise.resolve(undefined);
    const names = inside.map((name) => name.slice(folder === '' ? 0 : folder.length + 1)).map((name) => (name.includes('/') ? name.slice(0, name.indexOf('/') + 1) : name));
    return Promise.resolve([...new Set(names)].sort());
  }

  private relative(path: string): string {
    return path === this.root ? '' : path.startsWith(`${this.root}/`) ? path.slice(this.root.length + 1) : `outside ${path}`;
  }
}

/** git grep over the same files; `top` is where the repository begins, null outside of one. */
export class FakeGit implements Git {
  /** Words searched for, and how often git was asked. */
  readonly greps: string[] = [];
  searches = 0;
  fault: string | undefined;

  constructor(
    private readonly fake: FakeFiles,
    private readonly top: string | null = ROOT,
  ) {}

  findRoot(): Promise<string | undefined> {
    return Promise.resolve(this.top ?? undefined);
  }

  grep(_folder: string, words: readonly string[], pathspecs: readonly string[]): Promise<readonly string[]> {
    this.greps.push(...words);
    this.searches += 1;
    if (this.fault !== undefined) return Promise.reject(new Error(this.fault));
    const patterns = pathspecs.map((spec) => new RegExp(`^${spec.replace(/[.+]/g, '\\$&').replaceAll('*', '.*')}$`));
    const paths = Object.entries(this.fake.files).filter(([, text]) => words.some((word) => holdsWord(text, word))).map(([path]) => path);
    return Promise.resolve(paths.filter((path) => patterns.some((pattern) => pattern.test(path))));
  }

  resolve(): Promise<string> {
    return Promise.reject(new Error('not needed here'));
  }

  show(): Promise<Uint8Array | undefined> {
    return Promise.reject(new Error('not needed here'));
  }

  changedFiles(): Promise<readonly string[]> {
    return Promise.reject(new Error('not needed here'));
  }
}

export function treeOf(files: Files, extra: Partial<TreeSource> = {}): TreeSource {
  const host: Host = { files: new FakeFiles(files) };
  return { root: ROOT, host, ...extra };
}
