/**
 * The headers a file sees: those its `#include`s name, and theirs, as far as the configuration includes them. Where several headers define one
 * name (each architecture's, a fallback's, a driver's own), only these count.
 */
import { optionOfArchitecture } from './architecture';
import { evaluateCondition } from './conditions';
import type { Config } from './kconfig';
import { letOthersRun } from './letOthersRun';
import { folderOf, join, nameOf } from './paths';
import { holdsWord } from './search';
import { latin1Of, type Tree } from './tree';
import { WordFilter } from './wordFilter';

/** What the compiler is given before any file's own text: the top Makefile's LINUXINCLUDE and scripts/Makefile.lib's c_flags. */
const ALWAYS = ['include/linux/compiler-version.h', 'include/linux/kconfig.h', 'include/linux/compiler_types.h'];

/** A .c file of the kernel sees some 1,000 headers. */
const MOST_HEADERS = 4000;

/** Bytes kept for the next question: what two files in different corners of the kernel see. */
const MOST_BYTES = 16_000_000;

/** Headers read before others may run: some 5 ms. */
const SLICE = 64;

interface Header {
  readonly path: string;
  /** Its ASCII is right; other characters may be read wrong. */
  readonly text: string;
  readonly words: WordFilter;
  /** Paths the header may mean by each of its `#include`s, the first that exists counts. */
  readonly includes: readonly (readonly string[])[];
}

export class Headers {
  private readonly read = new Map<string, Promise<Header | undefined>>();
  private readonly seen = new Map<string, Promise<readonly Header[]>>();
  private size = 0;
  private reads = 0;
  private isAsked = false;
  private architecture: Promise<string> | undefined;

  constructor(private readonly tree: Tree) {}

  /** Of the file `from` and the headers it sees those that hold the word, and whose text the test holds for; in no order that means anything. Never rejects. */
  async seenWith(from: string, word: string, test: (text: string) => boolean): Promise<string[]> {
    this.isAsked = true;
    return (await this.seenBy(from)).filter(({ words, text }) => words.mayHold(word) && holdsWord(text, word) && test(text)).map(({ path }) => path);
  }

  /** To be called now and then: forgets everything when nobody asked since the last call. */
  lapse(): void {
    if (!this.isAsked) this.invalidate();
    this.isAsked = false;
  }

  /** Forgets what changed files may have changed; everything without them. */
  invalidate(paths?: readonly string[]): void {
    this.seen.clear();
    if (paths === undefined) {
      this.read.clear();
      this.size = 0;
      this.architecture = undefined;
    } else for (const path of paths) this.read.delete(path);
  }

  private seenBy(path: string): Promise<readonly Header[]> {
    const known = this.seen.get(path);
    if (known !== undefined) return known;
    const found = this.follow(path);
    this.seen.set(path, found);
    return found;
  }

  private async follow(path: string): Promise<readonly Header[]> {
    const seen = new Map<string, Header>();
    const open = [path, ...ALWAYS];
    for (let next = open.pop(); next !== undefined && seen.size < MOST_HEADERS; next = open.pop()) {
      const header = await this.header(next);
      if (header === undefined) continue;
      seen.set(next, header);
      for (const candidates of header.includes) {
        for (const candidate of candidates) {
          if (seen.has(candidate)) break;
          if ((await this.header(candidate)) === undefined) continue;
          open.push(candidate);
          break;
        }
      }
    }
    return [...seen.values()];
  }

  private header(path: string): Promise<Header | undefined> {
    const known = this.read.get(path);
    if (known !== undefined) return known;
    const read = this.readHeader(path);
    this.read.set(path, read);
    return read;
  }

  private async readHeader(path: string): Promise<Header | undefined> {
    // Asking the folder first: most of the places an include may mean do not exist.
    if (!(await this.tree.entries(folderOf(path))).includes(nameOf(path))) return undefined;
    if ((this.reads += 1) % SLICE === 0) await letOthersRun();
    const config = await this.tree.config();
    const architecture = await (this.architecture ??= this.findArchitecture(config));
    const read = this.tree.bytes(path);
    const bytes = read instanceof Promise ? await read : read;
    if (bytes === undefined) return undefined;
    this.size += bytes.length;
    if (this.size > MOST_BYTES) {
      this.read.clear();
      this.seen.clear();
      this.size = bytes.length;
    }
    const text = latin1Of(bytes);
    const words = new WordFilter(bytes);
    return { path, text, words, includes: includesOf(text, config).map((include) => placesOf(include, path, architecture)) };
  }

  /** The folder of arch/ the configuration builds; layouts are x86-64's, so x86 where nothing tells. */
  private async findArchitecture(config: Config | undefined): Promise<string> {
    const names = config === undefined ? [] : (await this.tree.entries('arch')).filter((entry) => entry.endsWith('/')).map((entry) => entry.slice(0, -1));
    return names.find((name) => name !== 'um' && config?.(optionOfArchitecture(name)) === 'y') ?? 'x86';
  }
}

interface Include {
  readonly name: string;
  readonly isSystem: boolean;
}

/** The `#include`s that the configuration does not rule out. */
function includesOf(text: string, config: Config | undefined): Include[] {
  const found: Include[] = [];
  /** For each open `#if`: whether this branch may be compiled, whether one before it was for sure, and whether it may be around it. */
  const open: { may: boolean; done: boolean; readonly outer: boolean }[] = [];
  const enter = (frame: { may: boolean; done: boolean; readonly outer: boolean }, holds: boolean | undefined): void => {
    frame.may = frame.outer && !frame.done && holds !== false;
    frame.done ||= holds === true;
  };
  for (const [, word = '', rest = ''] of text.matchAll(/^[ \t]*#[ \t]*(if|ifdef|ifndef|elif|else|endif|include)\b((?:\\\r?\n|.)*)$/gm)) {
    const frame = open.at(-1);
    const condition = rest.replace(/\\\r?\n/g, ' ').replace(/\/\*.*?(\*\/|$)|\/\/.*$/g, ' ').trim();
    if (word.startsWith('if')) {
      const inner = { may: true, done: false, outer: frame?.may ?? true };
      const asked = word === 'if' ? condition : `defined(${condition})`;
      const holds = evaluateCondition(asked, config);
      enter(inner, word === 'ifndef' && holds !== undefined ? !holds : holds);
      open.push(inner);
    } else if (word === 'elif' && frame !== undefined) enter(frame, evaluateCondition(condition, config));
    else if (word === 'else' && frame !== undefined) enter(frame, true);
    else if (word === 'endif') open.pop();
    else if (word === 'include' && (frame?.may ?? true)) {
      const [, system, local] = /^(?:<([^>]+)>|"([^"]+)")/.exec(condition) ?? [];
      const name = system ?? local;
      if (name !== undefined) found.push({ name, isSystem: system !== undefined });
    }
  }
  return found;
}

/** Where the compiler looks, in its order (the top Makefile: LINUXINCLUDE, USERINCLUDE); an `asm/` header an architecture has none of is asm-generic's. */
function placesOf({ name, isSystem }: Include, from: string, architecture: string): string[] {
  const arch = `arch/${architecture}/include`;
  const folders = [`${arch}/`, `${arch}/generated/`, 'include/', `${arch}/uapi/`, `${arch}/generated/uapi/`, 'include/uapi/', 'include/generated/uapi/'];
  const generic = name.startsWith('asm/') ? [`include/asm-generic/${name.slice(4)}`, `include/uapi/asm-generic/${name.slice(4)}`] : [];
  return [...(isSystem ? [] : [join(folderOf(from), name)]), ...folders.map((folder) => folder + name), ...generic, ...(isSystem ? [] : [name])];
}
