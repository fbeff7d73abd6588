/**
 * Reading only what is asked for. Who looks for some words knows where in the file they stand; a body, an initializer or a macro in which none of
 * them stands is passed over, brace by brace, and the item is told without its uses. What is told of the words themselves is the same.
 */
import { Kind } from './byteLexer';
import { CLOSE_BRACE, OPEN_BRACE, SEMICOLON } from './characters';
import type { Context } from './context';
import { Until, type Stretch } from './uses';

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
