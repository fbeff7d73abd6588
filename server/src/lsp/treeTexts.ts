/** Texts of a tree's files for one request: the editor's where one has the file open, else the disk's; and where words stand in them. */
import type { FileSystem } from '../host/ports';
import { decodeText } from '../syntax/decode';
import { Lexer, TokenKind } from '../syntax/lexer';
import { lineStartsOf, positionAt, type PositionRange } from '../syntax/positions';

export interface TextSource {
  readonly host: { readonly files: FileSystem };
  isOpen(path: string): boolean;
  text(path: string): string | undefined;
  fileOf(path: string): string;
}

export class TreeTexts {
  #last: { readonly path: string; readonly text: SourceText } | undefined;

  constructor(private readonly source: TextSource) {}

  /** A file's text, empty when it cannot be read. The one asked for last is kept: callers come file by file. Never rejects. */
  async read(path: string): Promise<SourceText> {
    if (this.#last?.path !== path) this.#last = { path, text: new SourceText((await this.#read(path)) ?? '') };
    return this.#last.text;
  }

  async #read(path: string): Promise<string | undefined> {
    if (this.source.isOpen(path)) return this.source.text(path);
    try {
      const bytes = await this.source.host.files.readFile(this.source.fileOf(path));
      const decoded = bytes === undefined ? undefined : decodeText(bytes);
      return decoded !== undefined && 'text' in decoded ? decoded.text : undefined;
    } catch {
      return undefined;
    }
  }
}

/** A word, and what tells its role. */
export interface WordAt {
  readonly word: string;
  readonly range: PositionRange;
  /** The token before it, empty at the start. */
  readonly before: string;
}

export class SourceText {
  readonly #starts: readonly number[];

  constructor(readonly text: string) {
    this.#starts = lineStartsOf(text);
  }

  get lastLine(): number {
    return this.#starts.length - 1;
  }

  /** The word at a position, or right before it; undefined in comments, strings and between words. */
  wordAt(line: number, character: number): WordAt | undefined {
    const offset = (this.#starts[line] ?? this.text.length) + character;
    for (const token of this.#words(0, Math.min(offset + 1, this.text.length), true)) {
      // The end of the text read cuts a word off.
      if (token.start <= offset && offset <= token.end) return this.#wordFrom(token.start, token.before);
    }
    return undefined;
  }

  /**
   * Where a word stands from the start of one line to the end of another, outside comments, strings and, unless asked for, directives. As a
   * member (`x->word`) it is another word.
   */
  placesOf(word: string, fromLine: number, toLine: number, directives: boolean): PositionRange[] {
    const places: PositionRange[] = [];
    for (const { start, end, before } of this.#words(this.#starts[fromLine] ?? this.text.length, this.#endOf(toLine), directives)) {
      if (before !== '.' && before !== '->' && this.text.slice(start, end) === word) places.push(this.#rangeOf(start, end));
    }
    return places;
  }

  /** The name of what is defined on a line: the name itself, or what a macro makes it from (`read` of `__do_sys_read`), else the line's start. */
  nameOn(line: number, name: string): PositionRange {
    const start = this.#starts[line] ?? this.text.length;
    let best = { start, end: start };
    for (const token of this.#words(start, this.#endOf(line), true)) {
      const word = this.text.slice(token.start, token.end);
      if (word === name) return this.#rangeOf(token.start, token.end);
      if (name.endsWith(word) && word.length > best.end - best.start) best = token;
    }
    return this.#rangeOf(best.start, best.end);
  }

  /** Whole lines. */
  lines(from: number, to: number): PositionRange {
    return this.#rangeOf(Math.min(this.#starts[from] ?? this.text.length, this.text.length), this.#endOf(to));
  }

  /** The last line of the macro whose #define begins on a line. */
  lastLineOfMacro(line: number): number {
    let last = line;
    while (last < this.lastLine && /\\\s*$/.test(this.text.slice(this.#starts[last], this.#endOf(last)))) last += 1;
    return last;
  }

  /** Whether the macro whose name stands on a line takes arguments. */
  takesArguments(line: number, name: string): boolean {
    const { start, end } = this.nameOn(line, name);
    return end.character > start.character && this.text[(this.#starts[line] ?? 0) + end.character] === '(';
  }

  /** Identifiers of a stretch, those of directives too where asked for. */
  *#words(from: number, to: number, directives: boolean): Generator<{ start: number; end: number; before: string }> {
    const lexer = new Lexer(this.text, from, to, true);
    let before = '';
    while (lexer.next()) {
      const { start, end } = lexer;
      if (lexer.kind === TokenKind.directive && directives) yield* this.#wordsOfDirective(start, end);
      else if (lexer.kind === TokenKind.identifier) yield { start, end, before };
      before = this.text.slice(start, Math.min(end, start + MOST_BEFORE));
    }
  }

  *#wordsOfDirective(from: number, to: number): Generator<{ start: number; end: number; before: string }> {
    const lexer = new Lexer(this.text, from, to, false);
    let before = '';
    while (lexer.next()) {
      const { start, end } = lexer;
      if (lexer.kind === TokenKind.identifier) yield { start, end, before };
      before = this.text.slice(start, Math.min(end, start + MOST_BEFORE));
    }
  }

  #wordFrom(start: number, before: string): WordAt {
    const lexer = new Lexer(this.text, start, this.text.length, false);
    lexer.next();
    return { word: this.text.slice(start, lexer.end), range: this.#rangeOf(start, lexer.end), before };
  }

  #endOf(line: number): number {
    const next = this.#starts[line + 1];
    if (next === undefined) return this.text.length;
    const end = next - (this.text[next - 1] === '\n' && this.text[next - 2] === '\r' ? 2 : 1);
    return Math.max(end, this.#starts[line] ?? 0);
  }

  #rangeOf(start: number, end: number): PositionRange {
    return { start: positionAt(this.#starts, start), end: positionAt(this.#starts, end) };
  }
}

/** As much of a token as anybody compares. */
const MOST_BEFORE = 8;
