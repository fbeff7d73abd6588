/** What the parts of the scanner share while they read one file: the lexer, the names, where findings go, and how deep in braces they are. */
import { BlockWriter, Tag } from './block';
import { ByteLexer, Kind } from './byteLexer';
import { CLOSE_PAREN, OPEN_PAREN } from './characters';
import { Conditions } from './conditions';
import { Mark, Marks } from './marks';
import { Space, type Names } from './names';
import { Places } from './places';
import { Vocabulary, Word } from './vocabulary';
import { Words } from './words';

export class Context {
  readonly lexer = new ByteLexer();
  readonly vocabulary: Vocabulary;
  readonly conditions = new Conditions();
  /** Where in the file the words stand that are asked for. */
  readonly places = new Places();
  /** Finished items of the file. */
  readonly items = new BlockWriter();
  /** What the item being read uses. */
  uses = new BlockWriter();
  /** How deep the reading of the moment is in braces. */
  depth = 0;
  /** Whose parentheses are open in the item being read: the name in front of each, or 0. */
  callees = new Int32Array(MOST_PARENTHESES);
  /** Reads the directive the lexer stands on: what it says of braces changes `depth`. */
  onDirective = (): void => undefined;

  readonly #calleesAside = new Int32Array(MOST_PARENTHESES);
  readonly #words: Words;
  readonly #marks: Marks;
  #item = 0;
  #items = 0;

  constructor(readonly names: Names) {
    this.vocabulary = new Vocabulary(names);
    this.#words = new Words(names);
    this.#marks = new Marks(names.offsets.length);
  }

  beginFile(): void {
    this.items.clear();
    this.conditions.clear();
    this.depth = 0;
    this.#words.beginFile();
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
    return this.#words.number(lexer, space);
  }

  /** What the scanner knows of a word: `Word`. */
  kindOf(id: number): number {
    return id < this.vocabulary.known ? (this.vocabulary.words[id] ?? 0) : Word.name;
  }

  declareLocal(id: number): void {
    this.#marks.set(id, Mark.declared, this.#item);
  }

  isLocal(id: number): boolean {
    return this.#marks.has(id, Mark.declared, this.#item);
  }

  /** Each name is told once per item for each way it is used. */
  call(id: number): void {
    if (this.#marks.set(id, Mark.called, this.#item)) this.uses.entry(Tag.call, id);
  }

  mention(id: number): void {
    if (this.#marks.set(id, Mark.named, this.#item)) this.uses.entry(Tag.mention, id);
  }

  type(id: number): void {
    if (this.#marks.set(id, Mark.named, this.#item)) this.uses.entry(Tag.type, id);
  }

  /** A function that is stored in a field, or passed to another one. */
  handOver(tag: number, id: number, to: number): void {
    this.uses.entry(tag, id);
    this.uses.number(to);
  }

  /** Writes an item down, with all that was used since `beginItem`. */
  item(tag: number, name: number, line: number, ...figures: readonly number[]): void {
    this.items.entry(tag, name);
    this.items.number(line);
    for (const figure of figures) this.items.number(figure);
    this.items.append(this.uses);
    this.beginItem();
  }

  /** Writes a record down, whatever item is being read. */
  record(name: number, line: number, embedded: readonly number[]): void {
    this.items.entry(Tag.record, name);
    this.items.number(line);
    for (const member of new Set(embedded)) this.items.entry(Tag.embed, member);
  }

  /** From an opening parenthesis, which the lexer stands on, to its partner; stands on it afterwards. */
  skipParentheses(): void {
    const { lexer } = this;
    let depth = 0;
    for (let kind = lexer.kind; kind !== Kind.end; kind = lexer.next()) {
      if (kind === OPEN_PAREN) depth += 1;
      else if (kind === CLOSE_PAREN && (depth -= 1) <= 0) return;
    }
  }
}

/** Deeper than any call nests; what lies deeper is read without knowing whose argument it is. */
export const MOST_PARENTHESES = 64;
