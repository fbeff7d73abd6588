/** What the parts of the scanner share while they read one file: the lexer, the names, where findings go, and where `#if` branches stand. */
import { Space, type Names } from './names';
import { BlockWriter, Tag } from './block';
import { ByteLexer, Kind } from './byteLexer';
import { Vocabulary, Word } from './vocabulary';

const OPEN_PAREN = 40, CLOSE_PAREN = 41;

export class Context {
  readonly lexer = new ByteLexer();
  readonly vocabulary: Vocabulary;
  /** Finished items of the file. */
  readonly items = new BlockWriter();
  /** What the item being read uses. */
  uses = new BlockWriter();
  /** How deep the reading of the moment is in braces (in a parameter list: in parentheses). */
  depth = 0;
  /** Whose parentheses are open in the item being read: the name in front of each, or 0. */
  callees = new Int32Array(MOST_PARENTHESES);
  readonly #calleesAside = new Int32Array(MOST_PARENTHESES);
  /** How many `#if` are open, `#if 0` and its kin apart. */
  get conditions(): number {
    return this.#saved.length;
  }
  /** Names of the file that stand in its block, each once, in order of appearance. */
  readonly inFile: number[] = [];

  /** Depth at each open #if, and at the end of its first branch (-1 before). */
  readonly #saved: number[] = [];
  readonly #first: number[] = [];
  /** Of each name four serial numbers, side by side as they are looked at together: the items in which it was last called, named, declared, and its last file. */
  #stamps = new Int32Array(1 << 20);
  #item = 0;
  #items = 0;
  #files = 0;
  /** The file's own words: hash, file, length, offset, number. Nine words in ten were just read, and the table of all names is too large to stay near. */
  readonly #recent = new Int32Array(RECENT * 5);

  constructor(readonly names: Names) {
    this.vocabulary = new Vocabulary(names);
  }

  beginFile(): void {
    this.items.clear();
    this.uses.clear();
    this.inFile.length = this.#saved.length = this.#first.length = 0;
    this.depth = 0;
    this.#files += 1;
    this.beginItem();
  }

  beginItem(): void {
    this.#item = this.#items += 1;
    this.uses.clear();
  }

  /** Reads an item inside another one (a macro defined in a function); the outer one goes on as it was. */
  aside(uses: BlockWriter, read: () => void): void {
    const outer = { uses: this.uses, item: this.#item, depth: this.depth, callees: this.callees };
    this.uses = uses;
    this.callees = this.#calleesAside;
    this.beginItem();
    read();
    this.uses = outer.uses;
    this.callees = outer.callees;
    this.#item = outer.item;
    this.depth = outer.depth;
  }

  /** The number of the identifier the lexer stands on. */
  word(lexer: ByteLexer, space: Space = Space.ordinary): number {
    const { bytes, start, hash } = lexer;
    const length = lexer.end - start;
    const recent = this.#recent;
    const key = space === Space.ordinary ? hash : ~hash;
    const slot = ((key ^ (key >>> 13)) & (RECENT - 1)) * 5;
    if (recent[slot] === key && recent[slot + 1] === this.#files && recent[slot + 2] === length) {
      let at = recent[slot + 3] ?? 0;
      let index = start;
      while (index < lexer.end && bytes[at] === bytes[index]) {
        at += 1;
        index += 1;
      }
      if (index === lexer.end) return recent[slot + 4] ?? 0;
    }
    const id = this.names.intern(bytes, start, lexer.end, hash, space);
    if (id * 4 >= this.#stamps.length) this.#grow();
    recent[slot] = key;
    recent[slot + 1] = this.#files;
    recent[slot + 2] = length;
    recent[slot + 3] = start;
    recent[slot + 4] = id;
    return id;
  }

  /** The number of a name that stands nowhere in the text. */
  wordOf(name: string): number {
    const id = this.names.internText(name);
    if (id * 4 >= this.#stamps.length) this.#grow();
    return id;
  }

  /** What the scanner knows of a word: `Word`. */
  kindOf(id: number): number {
    return id < this.vocabulary.known ? ((this.vocabulary.words[id] ?? 0)) : Word.name;
  }

  declareLocal(id: number): void {
    this.#stamps[id * 4 + DECLARED] = this.#item;
  }

  isLocal(id: number): boolean {
    return this.#stamps[id * 4 + DECLARED] === this.#item;
  }

  /** Each name is told once per item for each way it is used. */
  call(id: number): void {
    if (this.#stamps[id * 4 + CALLED] === this.#item) return;
    this.#stamps[id * 4 + CALLED] = this.#item;
    this.use(Tag.call, id);
  }

  mention(id: number): void {
    this.#name(Tag.mention, id);
  }

  type(id: number): void {
    this.#name(Tag.type, id);
  }

  #name(tag: number, id: number): void {
    if (this.#stamps[id * 4 + NAMED] === this.#item) return;
    this.#stamps[id * 4 + NAMED] = this.#item;
    this.use(tag, id);
  }

  use(tag: number, id: number): void {
    this.uses.entry(tag, id);
    this.seen(id);
  }

  /** A function that is stored in a field, or passed to another one. */
  handOver(tag: number, id: number, to: number): void {
    this.use(tag, id);
    this.uses.number(to);
    this.seen(to);
  }

  seen(id: number): void {
    if (this.#stamps[id * 4 + IN_FILE] === this.#files) return;
    this.#stamps[id * 4 + IN_FILE] = this.#files;
    this.inFile.push(id);
  }

  /** Writes an item down, with all that was used since `beginItem`. */
  item(tag: number, name: number, line: number, ...figures: readonly number[]): void {
    this.items.entry(tag, name);
    this.items.number(line);
    for (const figure of figures) this.items.number(figure);
    this.items.append(this.uses);
    this.seen(name);
    this.beginItem();
  }

  /** Writes a record down, whatever item is being read. */
  record(name: number, line: number, embedded: readonly number[]): void {
    this.items.entry(Tag.record, name);
    this.items.number(line);
    this.seen(name);
    for (const member of new Set(embedded)) {
      this.items.entry(Tag.embed, member);
      this.seen(member);
    }
  }

  openCondition(): void {
    this.#saved.push(this.depth);
    this.#first.push(-1);
  }

  /** At #else and #elif: the next branch begins where the first one began, and the first one says where both end. */
  nextBranch(): void {
    const top = this.#saved.length - 1;
    if (top < 0) return;
    if ((this.#first[top] ?? 0) < 0) this.#first[top] = this.depth;
    this.depth = this.#saved[top] ?? 0;
  }

  closeCondition(): void {
    const first = this.#first.pop() ?? -1;
    this.#saved.pop();
    if (first >= 0) this.depth = first;
  }

  /** From an opening parenthesis, which the lexer stands on, to its partner; stands on it afterwards. */
  skipParentheses(lexer: ByteLexer): void {
    let depth = 0;
    for (let kind = lexer.kind; kind !== Kind.end; kind = lexer.next()) {
      if (kind === OPEN_PAREN) depth += 1;
      else if (kind === CLOSE_PAREN && (depth -= 1) <= 0) return;
    }
  }

  #grow(): void {
    const larger = new Int32Array(this.#stamps.length * 2);
    larger.set(this.#stamps);
    this.#stamps = larger;
  }
}

/** Deeper than any call nests; what lies deeper is read without knowing whose argument it is. */
export const MOST_PARENTHESES = 64;
const CALLED = 0, NAMED = 1, DECLARED = 2, IN_FILE = 3;
/** A power of two; one file seldom has more words. */
const RECENT = 1 << 12;
