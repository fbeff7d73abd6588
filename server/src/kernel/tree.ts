/** A kernel tree as the rest of the room reads it: decoded files, read once, and the Makefiles made of them. */
import type { FileSystem, Host } from '../host/ports';
import { decodeText, type Decoded } from '../syntax/decode';
import type { IndexAccess } from './index/treeUses';
import type { Config } from './kconfig';
import { parseConfig } from './kconfig';
import { Makefile } from './makefile';
import { ancestorsOf, folderOf, join } from './paths';
import { Recent } from './recent';

export interface TreeSource {
  /** Absolute path of the top of the tree. */
  readonly root: string;
  readonly host: Host;
  /** The text of a file the user is editing, by its path relative to the tree; undefined when it is not being edited. */
  readonly readAfter?: ((path: string) => string | undefined | Promise<string | undefined>) | undefined;
  /** What was stored of the tree before, and how its files are read now. */
  readonly index?: IndexAccess | undefined;
  /** A configuration to use instead of the tree's own. */
  readonly configText?: string | undefined;
}

/** Files that decide what is built. */
export const MAKEFILES = /(^|\/)(Makefile|Kbuild|Kconfig)[^/]*$/;
/** Some 20 KB each, and a tree has 3,000; a file asks for those of the folders above it. */
const MOST_MAKEFILES = 256;
export const CONFIGURATION = /^(\.config|include\/config\/auto\.conf)$/;

/**
 * Reads through the ports with a memory. A failed read is remembered in `faults` and counts as "no such file":
 * the answers built on it are not to be trusted, and whoever judges by them says `faults`.
 */
export class Tree {
  private readonly makefiles = new Recent<string, Promise<Makefile | undefined>>(MOST_MAKEFILES);
  private readonly folders = new Map<string, Promise<readonly string[]>>();
  private configuration: Promise<Config | undefined> | undefined;
  readonly faults = new Map<string, string>();
  /** Why git could not be asked, when it was last tried; others are asked then, and who finds nobody says it. */
  gitFault: string | undefined;

  constructor(readonly source: TreeSource) {}

  /** What could not be read since the last `invalidate`, a sentence each. */
  allFaults(): readonly string[] {
    return [...this.faults.values()];
  }

  /** The text of a file; undefined when there is none or it could not be read. Not remembered. */
  async text(path: string): Promise<string | undefined> {
    const edited = await this.guarded(path, async () => this.source.readAfter?.(path));
    if (edited !== undefined) return edited;
    // A thousand headers through promises take three times as long.
    const reader = this.source.index?.files;
    if (reader?.read(path) === true) return textOf(decodeText(reader.bytes.subarray(0, reader.length)));
    const bytes = await this.guarded(path, () => this.source.host.files.readFile(`${this.source.root}/${path}`));
    return bytes === undefined ? undefined : textOf(decodeText(bytes));
  }

  /**
   * The bytes of a file as the user sees it, good until the next call: for a look at its words. At once where they are at hand; undefined when there is no such file.
   */
  bytes(path: string): Uint8Array | undefined | Promise<Uint8Array | undefined> {
    const reader = this.source.index?.files;
    if (reader?.read(path) === true) return reader.bytes.subarray(0, reader.length);
    // What cannot be read is told by the tree.
    return this.text(path).then((text) => (text === undefined ? undefined : Buffer.from(text)));
  }

  /** The same as text: words of a program, which are ASCII; other characters may be read wrong. */
  async words(path: string): Promise<string> {
    const bytes = this.bytes(path);
    return latin1Of((bytes instanceof Promise ? await bytes : bytes) ?? NONE);
  }

  /** Names in a folder, folders with a trailing `/`; empty when there is no such folder. */
  async entries(folder: string): Promise<readonly string[]> {
    const path = folder === '' ? this.source.root : `${this.source.root}/${folder}`;
    return remembered(this.folders, folder, async () => (await this.guarded(folder, () => this.source.host.files.readDirectory(path))) ?? []);
  }

  /** The folder's Kbuild file, or its Makefile: Kbuild wins (scripts/Makefile.build: kbuild-file). */
  async makefileOf(folder: string): Promise<Makefile | undefined> {
    return (await this.makefile(join(folder, 'Kbuild'), folder, folder)) ?? (await this.makefile(join(folder, 'Makefile'), folder, folder));
  }

  /** The top Makefile's or an architecture's: the paths in its lists start at the top. */
  async topMakefile(path: string): Promise<Makefile | undefined> {
    return this.makefile(path, folderOf(path), '');
  }

  /** The configuration, or undefined when the tree has none. */
  async config(): Promise<Config | undefined> {
    this.configuration ??= this.readConfig();
    return this.configuration;
  }

  /** Forgets what changed files may have changed; everything without them. */
  invalidate(paths?: readonly string[]): void {
    const hasFaults = this.faults.size > 0;
    const touches = (pattern: RegExp): boolean => paths === undefined || paths.some((path) => pattern.test(path));
    this.folders.clear();
    // A file that could not be read may have made a Makefile look absent.
    if (hasFaults || touches(MAKEFILES)) this.makefiles.clear();
    if (hasFaults || touches(CONFIGURATION)) this.configuration = undefined;
    this.faults.clear();
    this.gitFault = undefined;
  }

  /** Why reading below a folder (or a file) failed, or undefined. */
  faultOf(folder: string): string | undefined {
    for (const [path, message] of this.faults) if (ancestorsOf(path).includes(folder)) return message;
    return undefined;
  }

  private async readConfig(): Promise<Config | undefined> {
    const text = this.source.configText ?? (await this.text('.config')) ?? (await this.text('include/config/auto.conf'));
    return text === undefined ? undefined : parseConfig(text);
  }

  private async makefile(path: string, folder: string, base: string): Promise<Makefile | undefined> {
    return remembered(this.makefiles, `${path} ${base}`, () => Makefile.read(path, folder, base, (inner) => this.text(inner)));
  }

  private async guarded<T>(path: string, read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      this.faults.set(path, `${path === '' ? 'the top folder' : path} could not be read: ${messageOf(error)}`);
      return undefined;
    }
  }
}

const NONE = new Uint8Array();

/** Each byte as a character. */
export const latin1Of = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A file that is no text counts as none. */
const textOf = (decoded: Decoded): string | undefined => ('text' in decoded ? decoded.text : undefined);

function remembered<T>(memory: Pick<Map<string, Promise<T>>, 'get' | 'set'> | Recent<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = memory.get(key);
  if (known !== undefined) return known;
  const made = make();
  memory.set(key, made);
  return made;
}

/** `X.Y.Z` from the top Makefile's VERSION, PATCHLEVEL and SUBLEVEL; undefined when one is missing. */
export function versionOfMakefile(text: string): string | undefined {
  const [version, patchlevel, sublevel] = ['VERSION', 'PATCHLEVEL', 'SUBLEVEL'].map((name) => new RegExp(`^${name}[ \\t]*=[ \\t]*(\\d+)[ \\t]*$`, 'm').exec(text)?.[1]);
  return version === undefined || patchlevel === undefined || sublevel === undefined ? undefined : `${version}.${patchlevel}.${sublevel}`;
}

/** The version `X.Y.Z` of a kernel tree, or undefined when its top Makefile does not tell it. */
export async function kernelVersionOf(source: Pick<TreeSource, 'root' | 'host'>): Promise<string | undefined> {
  const text = await new Tree(source).text('Makefile');
  return text === undefined ? undefined : versionOfMakefile(text);
}

/**
 * The top of the kernel tree that holds an absolute folder: the nearest folder upwards whose Makefile tells a kernel
 * version and that has a Kbuild or Kconfig file beside it. Undefined when there is none, or when it could not be read.
 */
export async function findKernelTree(files: FileSystem, folder: string): Promise<string | undefined> {
  for (let root = folder.replaceAll('\\', '/').replace(/\/+$/, ''); ; root = root.slice(0, root.lastIndexOf('/'))) {
    const tree = new Tree({ root, host: { files } });
    if (versionOfMakefile((await tree.text('Makefile')) ?? '') !== undefined) {
      if (((await tree.text('Kbuild')) ?? (await tree.text('Kconfig'))) !== undefined) return root;
    }
    if (!root.includes('/')) return undefined;
  }
}
