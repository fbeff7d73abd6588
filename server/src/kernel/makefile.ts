/**
 * What one Kbuild Makefile says, its includes read and its variables followed. Still undecided: every word of a
 * list keeps the conditions it was added under, and the configuration is asked only when a word is looked at.
 */
import type { Assignment, Guard, Statement, Unread } from './kbuild';
import { parseKbuild } from './kbuild';
import type { Lookup } from './make';
import { callOf, expand, partsOf, templatesOf, wordFunction, wordsOf } from './make';
import { join } from './paths';

/** One word of a list such as `obj-$(CONFIG_EXT4_FS)`. */
export interface Word {
  readonly text: string;
  readonly guards: readonly Guard[];
  readonly makefile: string;
  /** 1-based. */
  readonly line: number;
}

/** An object or a folder (trailing `/`) in a list: `obj-$(CONFIG_X) += foo.o` has the list `obj`, the selector `$(CONFIG_X)`. */
export interface Use {
  readonly list: string;
  /** `y`, `m`, `objs`, or an unexpanded text. */
  readonly selector: string;
  readonly word: Word;
}

interface Item {
  /** Unexpanded as long as make itself would wait (`=`), else the words. */
  readonly value: string | readonly Word[];
  readonly raw: string;
  readonly guards: readonly Guard[];
  readonly makefile: string;
  readonly line: number;
}

/** What make sets for every Kbuild Makefile (scripts/Makefile.build); only 64-bit builds are looked at. */
const BUILT_IN: Readonly<Record<string, string>> = { srctree: '.', objtree: '.', obj: '.', BITS: '64', KBUILD_EXTMOD: '', comma: ',' };

const MAX_INCLUDES = 300;

/** Variables that stand for one another. */
const MAX_NESTING = 32;

/**
 * Words and variables looked at to read one Makefile, and again for each later question: fifty times what the kernel's largest takes (9,386). Twenty
 * variables that each name the next one twice take a million.
 */
const MAX_WORK = 500_000;

export class Makefile {
  /** By the path of the object or folder (with `/`), relative to the tree. */
  readonly uses = new Map<string, Use[]>();
  readonly unread: (Unread & { readonly makefile: string })[] = [];
  private readonly variables = new Map<string, Item[]>();
  private readonly simple = new Set<string>();
  private readonly expanding = new Set<string>();
  private readonly lookingUp = new Set<string>();
  /** The conditions of the statement being expanded: within it they hold. */
  private granted: readonly Guard[] = [];
  private includes = 0;
  /** Files that are being read: one includes the next. */
  private readonly including = new Set<string>();
  private work = 0;
  private isRead = false;

  /**
   * Reads the Makefile at `path` for `folder`; the words of its lists are paths relative to `base` (the folder,
   * or the top of the tree for the Makefiles make itself starts with). Undefined when there is no such file.
   */
  static async read(path: string, folder: string, base: string, read: (path: string) => Promise<string | undefined>): Promise<Makefile | undefined> {
    const text = await read(path);
    if (text === undefined) return undefined;
    const makefile = new Makefile(path, folder);
    await makefile.run(parseKbuild(text), path, [], read);
    makefile.collectUses(base);
    if (makefile.work > MAX_WORK) makefile.unread.push({ kind: 'unread', text: path, reason: 'its variables stand for too much to be followed', line: 1, guards: [], makefile: path });
    makefile.isRead = true;
    return makefile;
  }

  private constructor(
    readonly path: string,
    readonly folder: string,
  ) {}

  /** The words a variable holds under every condition there is; `foo-y` counts the words of `foo-$(CONFIG_X)` in. */
  wordsOf(name: string): readonly Word[] {
    if (this.expanding.has(name) || !this.mayFollow()) return [];
    this.expanding.add(name);
    const words = this.expandItems(this.variables.get(name) ?? []);
    const { list, selector } = splitName(name);
    if (selector === 'y' || selector === 'm') {
      this.work += this.variables.size;
      for (const [other, items] of this.variables) {
        const split = splitName(other);
        if (split.list !== list || !split.selector.includes('$')) continue;
        const chosen: Guard = { text: `${other} is ${name}`, sides: { left: split.selector, right: selector }, negated: false };
        words.push(...this.expandItems(items).map((word) => ({ ...word, guards: [...word.guards, chosen] })));
      }
    }
    this.expanding.delete(name);
    return words;
  }

  /** Names of the variables that are set, as written but for a variable in the list's name. */
  names(): IterableIterator<string> {
    return this.variables.keys();
  }

  /** The values a variable was given, unexpanded, one for each assignment. */
  rawItems(name: string): readonly Word[] {
    return (this.variables.get(name) ?? []).map((item) => ({ ...item, text: item.raw }));
  }

  /** Whether a condition holds; undefined when it cannot be told. */
  holds(guard: Guard, config: Lookup | undefined): boolean | undefined {
    if (this.granted.includes(guard)) return true;
    if (guard.sides === undefined) return undefined;
    const [left, right] = [this.value(guard.sides.left, config), this.value(guard.sides.right, config)];
    return left === undefined || right === undefined ? undefined : (left === right) !== guard.negated;
  }

  /** A text with its variables and options filled in; undefined when one of them is not known. */
  value(template: string, config: Lookup | undefined): string | undefined {
    return expand(template, (name) => this.lookUp(name, config))?.trim();
  }

  private lookUp(name: string, config: Lookup | undefined): string | undefined {
    if (name.startsWith('CONFIG_')) return config?.(name);
    if (name === 'src') return this.folder === '' ? '.' : this.folder;
    const items = this.variables.get(name);
    if (items === undefined && splitName(name).selector === '') return BUILT_IN[name];
    if (!this.mayFollow()) return undefined;
    // A condition on the very variable that is set under it means the value from before.
    const isNested = this.lookingUp.has(name);
    this.lookingUp.add(name);
    const text = this.chosenText(this.wordsOf(name).filter((word) => !isNested || word.guards.length === 0), config);
    if (!isNested) this.lookingUp.delete(name);
    return text;
  }

  /** Whether another variable may be followed from here; what is not is unknown. */
  private mayFollow(): boolean {
    const nesting = this.expanding.size + this.lookingUp.size;
    if (this.isRead && nesting === 0) this.work = 0;
    this.work += 1;
    return nesting < MAX_NESTING && this.work <= MAX_WORK;
  }

  private chosenText(words: readonly Word[], config: Lookup | undefined): string | undefined {
    const texts: string[] = [];
    for (const word of words) {
      const holds = word.guards.map((guard) => this.holds(guard, config));
      if (holds.includes(false)) continue;
      if (holds.includes(undefined)) return undefined;
      texts.push(word.text);
    }
    return texts.join(' ');
  }

  private async run(statements: readonly Statement[], makefile: string, outer: readonly Guard[], read: (path: string) => Promise<string | undefined>): Promise<void> {
    for (const statement of statements) {
      this.work += 1;
      if (this.work > MAX_WORK) return;
      const guards = [...outer, ...statement.guards];
      if (statement.kind === 'assign') {
        this.assign(statement, guards, makefile);
      } else if (statement.kind === 'unread') {
        this.unread.push({ ...statement, makefile });
      } else {
        const paths = this.expandList(statement.paths, { guards: [], makefile, line: statement.line });
        for (const { text } of paths) {
          const path = join(text);
          this.includes += 1;
          const isLoop = path === makefile || this.including.has(path);
          const content = isLoop || this.includes > MAX_INCLUDES ? undefined : await read(path);
          if (content === undefined) {
            const reason = isLoop ? 'it includes itself' : this.includes > MAX_INCLUDES ? 'too many includes' : 'no such file in the tree';
            this.unread.push({ kind: 'unread', text: `include ${text}`, reason, line: statement.line, guards, makefile });
            continue;
          }
          this.including.add(path);
          await this.run(parseKbuild(content), path, guards, read);
          this.including.delete(path);
        }
      }
    }
  }

  private assign(statement: Assignment, guards: readonly Guard[], makefile: string): void {
    const name = this.nameOf(statement.name);
    const items = this.variables.get(name) ?? [];
    if (statement.operator === '?=' && items.length > 0) return;
    if (statement.operator === ':=') this.simple.add(name);
    else if (statement.operator !== '+=') this.simple.delete(name);
    const at = { guards, makefile, line: statement.line };
    const item = { ...at, raw: statement.value, value: this.simple.has(name) ? this.expandList(statement.value, at) : statement.value };
    // Under a condition an assignment may not happen: what was there before has to stay.
    const replaces = statement.operator !== '+=' && guards.length === 0;
    if (replaces || items.length === 0) this.variables.set(name, [item]);
    else items.push(item);
  }

  /** `$(list)-y` names a list by another variable; the selector stays as written. */
  private nameOf(raw: string): string {
    const { list, selector } = splitName(raw);
    if (!list.includes('$')) return raw;
    const expanded = this.value(list, undefined);
    return expanded === undefined ? raw : `${expanded}-${selector}`;
  }

  private expandItems(items: readonly Item[]): Word[] {
    const words = items.flatMap((item) => (typeof item.value === 'string' ? this.expandList(item.value, item) : item.value));
    this.work += words.length;
    return words;
  }

  private expandList(value: string, at: Omit<Item, 'value' | 'raw'>): Word[] {
    if (this.work > MAX_WORK) return [];
    const outer = this.granted;
    this.granted = [...outer, ...at.guards];
    const words = templatesOf(value).flatMap((template) => {
      const parts = partsOf(template);
      const [only] = parts;
      if (parts.length === 1 && typeof only === 'object') return this.expandReference(only.reference, at);
      return this.literalWords(template, at);
    });
    this.granted = outer;
    return words;
  }

  private literalWords(template: string, at: Omit<Item, 'value' | 'raw'>): Word[] {
    const text = this.value(template, undefined);
    if (text === undefined) this.unread.push({ kind: 'unread', text: template, reason: 'not known what it expands to', ...at });
    const { guards, makefile, line } = at;
    return wordsOf(text ?? '').map((word) => ({ text: word, guards, makefile, line }));
  }

  /** A `$(…)` that stands for a list: its words keep their own conditions. */
  private expandReference(reference: string, at: Omit<Item, 'value' | 'raw'>): Word[] {
    const call = callOf(reference);
    const under = (words: readonly Word[], ...guards: Guard[]): Word[] => words.map((word) => ({ ...word, guards: [...at.guards, ...word.guards, ...guards] }));
    if (call === undefined) {
      const name = this.value(reference, undefined);
      const words = name === undefined ? [] : this.wordsOf(name);
      return words.length > 0 ? under(words) : this.literalWords(`$(${reference})`, at);
    }
    const inner = { ...at, guards: [] };
    if (call.name === 'if') {
      const [condition = '', then = '', otherwise = ''] = call.args;
      const guard = (negated: boolean): Guard => ({ text: `$(if ${condition})`, sides: { left: condition.trim(), right: '' }, negated });
      return [...under(this.expandList(then, inner), guard(true)), ...under(this.expandList(otherwise, inner), guard(false))];
    }
    const fixed = call.args.slice(0, -1).map((argument) => this.value(argument, undefined));
    const known = fixed.filter((argument) => argument !== undefined);
    const mapWord = known.length === fixed.length ? wordFunction(call.name, known) : undefined;
    if (mapWord === undefined) return this.literalWords(`$(${reference})`, at);
    return under(this.expandList(call.args.at(-1) ?? '', inner)).flatMap((word) => {
      const text = mapWord(word.text);
      return text === undefined ? [] : { ...word, text };
    });
  }

  private collectUses(base: string): void {
    for (const [name, items] of this.variables) {
      const { list, selector } = splitName(name);
      if (selector === '') continue;
      for (const word of this.expandItems(items)) {
        if (!word.text.endsWith('.o') && !word.text.endsWith('/')) continue;
        const target = join(base, word.text);
        const uses = this.uses.get(target) ?? [];
        uses.push({ list, selector, word });
        this.uses.set(target, uses);
      }
    }
  }
}

/** `foo-y` → foo, y; `obj-$(CONFIG_X)` → obj, $(CONFIG_X); a name that selects nothing has the selector ''. */
export function splitName(name: string): { list: string; selector: string } {
  const reference = /^(.*?)-([^-$]*\$.*)$/.exec(name);
  if (reference?.[1] !== undefined && reference[2] !== undefined && !reference[1].includes('$')) return { list: reference[1], selector: reference[2] };
  const plain = /^(.+)-(y|m|objs)$/.exec(name) ?? /^(\$.*)-(\$.*)$/.exec(name);
  return { list: plain?.[1] ?? name, selector: plain?.[2] ?? '' };
}
