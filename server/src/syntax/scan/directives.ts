/** Directives as the scanner reads them: conditionals say which branch gives the structure, macros what their replacement text uses. */
import { BlockWriter, Tag } from './block';
import { ByteLexer, Kind } from './byteLexer';
import { CLOSE_PAREN, OPEN_PAREN, SLASH, SPACE, TAB, WORD, ZERO } from './characters';
import type { Context } from './context';
import { Space } from './names';
import { Until, readUses } from './uses';

export class Directives {
  readonly #line = new ByteLexer();
  /** A macro may be defined inside a function: its item is kept apart from the function's. */
  readonly #uses = new BlockWriter();
  readonly macros = new BlockWriter();

  constructor(readonly context: Context) {}

  /** Reads the directive the lexer stands on. */
  read(): void {
    const { context } = this;
    const { conditions, lexer } = context;
    if (lexer.isConstant) return;
    switch (wordOf(lexer)) {
      case 'define':
        if (context.places.after(lexer.start) < lexer.end) this.#define(lexer);
        break;
      case 'if':
        if (isZero(lexer)) this.#skipBranch(lexer);
        else conditions.open(context.depth);
        break;
      case 'ifdef':
      case 'ifndef':
        conditions.open(context.depth);
        break;
      case 'else':
      case 'elif':
        context.depth = conditions.next(context.depth);
        break;
      case 'endif':
        context.depth = conditions.close(context.depth);
        break;
    }
  }

  /** Nothing of `#if 0` is compiled: its text may be anything. Ends at its #endif, or opens the condition of its #else. */
  #skipBranch(lexer: ByteLexer): void {
    let depth = 0;
    while (lexer.next() !== Kind.end) {
      if (lexer.kind !== Kind.directive) continue;
      const word = wordOf(lexer);
      if (word === 'if' || word === 'ifdef' || word === 'ifndef') depth += 1;
      else if (word === 'endif' && (depth -= 1) < 0) return;
      else if ((word === 'else' || word === 'elif') && depth === 0) {
        this.context.conditions.open(this.context.depth);
        return;
      }
    }
  }

  #define(lexer: ByteLexer): void {
    const { bytes, end } = lexer;
    let at = lexer.start + 1;
    while (bytes[at] === SPACE || bytes[at] === TAB) at += 1;
    at += 'define'.length;
    while (at < end && (bytes[at] === SPACE || bytes[at] === TAB)) at += 1;
    const line = this.#line;
    line.begin(bytes, at, end, lexer.line, false);
    if (line.next() !== Kind.identifier) return;
    this.#macro(line, bytes[line.end] === OPEN_PAREN);
  }

  #macro(line: ByteLexer, hasParameters: boolean): void {
    const { context } = this;
    const { start, end, hash, line: from } = line;
    context.aside(this.#uses, () => {
      if (hasParameters) {
        for (let kind = line.next(); kind !== CLOSE_PAREN && kind !== Kind.end; kind = line.next()) {
          if (kind === Kind.identifier) context.declareLocal(context.word(line));
        }
      }
      readUses(context, line, Until.end);
    });
    if (this.#uses.length === 0) return;
    const name = context.names.intern(line.bytes, start, end, hash, Space.ordinary);
    this.macros.entry(Tag.macro, name);
    this.macros.number(from);
    this.macros.append(this.#uses);
  }
}

/** The directive's word. Compared by its letters: most are #define, and a string for each would cost more than reading it. */
function wordOf({ bytes, start, end }: ByteLexer): string {
  let at = start + 1;
  while (at < end && (bytes[at] === SPACE || bytes[at] === TAB)) at += 1;
  for (const [word, letters] of WORDS) {
    let index = 0;
    while (index < letters.length && bytes[at + index] === letters[index]) index += 1;
    if (index === letters.length && WORD[bytes[at + index] ?? 0] === 0) return word;
  }
  return '';
}

const WORDS = ['define', 'endif', 'ifdef', 'if', 'else', 'ifndef', 'elif'].map((word) => [word, Buffer.from(word)] as const);

/** `#if 0`. */
function isZero({ bytes, start, end }: ByteLexer): boolean {
  let at = start + 1;
  while (at < end && bytes[at] !== SPACE && bytes[at] !== TAB) at += 1;
  while (at < end && (bytes[at] === SPACE || bytes[at] === TAB)) at += 1;
  return bytes[at] === ZERO && (at + 1 >= end || ((bytes[at + 1] ?? 0)) <= SPACE || bytes[at + 1] === SLASH);
}
