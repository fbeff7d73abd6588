/**
 * Reading only what is asked for. Who looks for some words knows where in the file they stand; a body, an initializer or a macro in which none of
 * them stands is passed over, brace by brace, and the item is told without its uses. What is told of the words themselves is the same.
 */
import { Kind } from './byteLexer';
import { CLOSE_BRACE, OPEN_BRACE, SEMICOLON } from './characters';
import type { Context } from './context';
import { Until, type Stretch } from './uses';

export class Places {
  #text: Buffer = Buffer.alloc(0);
  #offsets: readonly number[] | undefined;
  #next = 0;
  #end = 0;
  /** Set when something was passed over in which a word stands, or may stand: the file is to be read again, all of it. */
  isUnsure = false;

  /** @param offsets of the words, in order; undefined when everything is asked for */
  beginFile(bytes: Uint8Array, length: number, offsets: readonly number[] | undefined): void {
    this.#text = Buffer.from(bytes.buffer, bytes.byteOffset, length);
    this.#offsets = offsets;
    this.#next = this.#end = 0;
    this.isUnsure = false;
  }

  get areKnown(): boolean {
    return this.#offsets !== undefined;
  }

  /** Where the next word stands; offsets are asked about in order. */
  after(offset: number): number {
    const offsets = this.#offsets;
    if (offsets === undefined) return offset;
    while ((offsets[this.#next] ?? Infinity) < offset) this.#next += 1;
    return offsets[this.#next] ?? Infinity;
  }

  /** Where a body that begins at an offset ends in the kernel's style, behind a brace at the first column. Only a guess. */
  guessEnd(offset: number): number {
    // Kept: the next body may lie before it, too.
    if (this.#end <= offset) {
      const found = this.#text.indexOf(END, offset);
      this.#end = found < 0 ? Infinity : found + END.length;
    }
    return this.#end;
  }
}

const END = Buffer.from('\n}');

/** Passes over what `readUses` would read, to where it would end. Undefined, and nothing done, when one of the words seems to stand in it. */
export function passOver(context: Context, until: typeof Until.brace | typeof Until.semicolon): Stretch | undefined {
  const { lexer, places } = context;
  const word = places.after(lexer.end);
  if (!places.areKnown || (word < Infinity && word < places.guessEnd(lexer.end))) return undefined;
  const stretch = pass(context, until);
  if (word < lexer.end) places.isUnsure = true;
  return stretch;
}

/** See `readUses`: the same, less what concerns names. */
function pass(context: Context, until: typeof Until.brace | typeof Until.semicolon): Stretch {
  const { lexer } = context;
  const base = context.depth;
  let isOver = false;
  let lastLine = 0;
  for (;;) {
    const kind = isOver ? lexer.next() : lexer.nextOfStructure();
    if (isOver) {
      isOver = false;
      if (kind === Kind.end || (lexer.atFirstColumn() && kind !== CLOSE_BRACE && kind !== SEMICOLON && kind !== Kind.literal)) {
        context.depth = base;
        return { tokens: 0, line: lastLine, overrun: true };
      }
    } else if (kind === Kind.literal) {
      context.places.isUnsure = true;
      return { tokens: 0, line: lexer.line, overrun: false };
    }
    switch (kind) {
      case Kind.end:
        return { tokens: 0, line: lexer.line, overrun: true };
      case Kind.directive:
        context.onDirective();
        if (context.depth < base) return { tokens: 0, line: lexer.line, overrun: false };
        break;
      case OPEN_BRACE:
        context.depth += 1;
        break;
      case CLOSE_BRACE:
        context.depth -= 1;
        if (context.depth < base) return { tokens: 0, line: lexer.line, overrun: false };
        isOver = lexer.atFirstColumn();
        lastLine = lexer.line;
        break;
      case SEMICOLON:
        if (until === Until.semicolon && context.depth <= base) return { tokens: 0, line: lexer.line, overrun: false };
        break;
    }
  }
}
