/** Parentheses of a definition at file scope. Each reader begins on the opening one and ends on its partner. */
import { Flag } from './block';
import { Kind } from './byteLexer';
import { CLOSE_PAREN, COMMA, OPEN_BRACE, OPEN_BRACKET, OPEN_PAREN, SEMICOLON } from './characters';
import type { Context } from './context';
import type { Definition } from './definition';
import { readTag } from './records';
import { Word } from './vocabulary';

/** A function's parameters: their names are locals. True when the list is names alone, as before C89. */
export function readParameters(context: Context, definition: Definition): boolean {
  const { lexer } = context;
  let depth = 1;
  let onlyNames = true;
  let names = 0;
  let before = 0;
  while (depth > 0) {
    const kind = lexer.next();
    if (kind === Kind.end || kind === OPEN_BRACE || kind === SEMICOLON) return false;
    if (kind === Kind.directive) context.onDirective();
    else if (kind === OPEN_PAREN) depth += 1;
    else if (kind === CLOSE_PAREN) depth -= 1;
    else if (kind === Kind.ellipsis) definition.flags |= Flag.variadic;
    if (kind !== Kind.identifier) {
      if (kind !== COMMA && kind !== CLOSE_PAREN) onlyNames = false;
      before = kind;
      continue;
    }
    const id = context.word(lexer);
    const word = context.kindOf(id);
    if (word === Word.record || word === Word.enum) {
      const tag = lexer.peek() === OPEN_BRACE ? 0 : readTag(context);
      if (tag > 0) context.type(tag);
      onlyNames = false;
    } else if (word === Word.name) {
      const next = lexer.peek();
      names += 1;
      if (before === Kind.identifier) onlyNames = false;
      if (next === COMMA || next === CLOSE_PAREN || next === OPEN_BRACKET) context.declareLocal(id);
      else context.mention(id);
    } else onlyNames = false;
    before = Kind.identifier;
  }
  return onlyNames && names > 0;
}

/** `(*name)(…)` declares a variable, `(*name(…))(…)` a function; a list behind either is skipped. */
export function readDeclarator(context: Context, definition: Definition): void {
  const { lexer } = context;
  definition.onlySpecifiers = false;
  let depth = 1;
  let isFirst = true;
  while (depth > 0) {
    const kind = lexer.next();
    if (kind === Kind.end || kind === OPEN_BRACE || kind === SEMICOLON) return;
    if (kind === Kind.directive) context.onDirective();
    else if (kind === OPEN_PAREN) depth += 1;
    else if (kind === CLOSE_PAREN) depth -= 1;
    else if (kind === Kind.identifier && isFirst && definition.name === 0) {
      const id = context.word(lexer);
      if (context.kindOf(id) !== Word.name) continue;
      isFirst = false;
      if (lexer.peek() === OPEN_PAREN) {
        definition.name = id;
        definition.nameLine = lexer.line;
        lexer.next();
        readParameters(context, definition);
      } else {
        definition.last = id;
        definition.lastLine = lexer.line;
        definition.isPointer = true;
      }
    }
  }
}

/** What __attribute__((…)) says. */
export function readAttribute(context: Context, definition: Definition): void {
  const { lexer, vocabulary } = context;
  let depth = 1;
  while (depth > 0 && lexer.next() !== Kind.end) {
    if (lexer.kind === OPEN_PAREN) depth += 1;
    else if (lexer.kind === CLOSE_PAREN) depth -= 1;
    else if (lexer.kind === Kind.identifier) {
      const id = context.word(lexer);
      if (id < vocabulary.known) definition.flags |= (vocabulary.flags[id] ?? 0) & ~Flag.static;
    }
  }
}
