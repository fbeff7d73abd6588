/** Parentheses of a definition at file scope. Each reader begins on the opening one and ends on its partner. */
import { Flag } from './block';
import { Kind } from './byteLexer';
import { CLOSE_PAREN, COMMA, HASH, OPEN_BRACE, OPEN_BRACKET, OPEN_PAREN, SEMICOLON, STAR } from './characters';
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
      if (next === COMMA || next === CLOSE_PAREN || next === OPEN_BRACKET || next === HASH) context.declareLocal(id);
      else context.mention(id);
    } else onlyNames = false;
    before = Kind.identifier;
  }
  return onlyNames && names > 0;
}

/** `(*name)(…)` declares a variable, `(*name(…))(…)` and `(name)(…)` a function; a list behind the first two is skipped. */
export function readDeclarator(context: Context, definition: Definition): void {
  const { lexer } = context;
  definition.onlySpecifiers = false;
  let depth = 1;
  let isFirst = definition.name === 0 && !definition.isEnclosed;
  let isPointer = false;
  while (depth > 0) {
    const kind = lexer.next();
    if (kind === Kind.end || kind === OPEN_BRACE || kind === SEMICOLON) return;
    if (kind === Kind.directive) context.onDirective();
    else if (kind === OPEN_PAREN) depth += 1;
    else if (kind === CLOSE_PAREN) depth -= 1;
    else if (kind === STAR) isPointer = true;
    else if (kind === Kind.identifier && isFirst) {
      const id = context.word(lexer);
      if (context.kindOf(id) !== Word.name) continue;
      isFirst = false;
      const isFunction = lexer.peek() === OPEN_PAREN;
      if (isFunction) lexer.next();
      else definition.isEnclosed = true;
      nameDefinition(context, definition, id, isFunction);
      if (isFunction) readParameters(context, definition);
    }
  }
  if (!definition.isEnclosed) return;
  if (isPointer) definition.isPointer = true;
  else if (definition.name === 0 && lexer.peek() === OPEN_PAREN) {
    definition.name = definition.last;
    definition.nameLine = definition.lastLine;
    lexer.next();
    readParameters(context, definition);
  }
}

/** The definition's name, or what is taken for it until another one comes: then it was a type's. Stands on the name, or on the parenthesis behind it. */
export function nameDefinition(context: Context, definition: Definition, id: number, isFunction: boolean): void {
  const { line } = context.lexer;
  if (definition.last > 0 && !definition.isTypedef) context.mention(definition.last);
  if (definition.last > 0) definition.hasType = true;
  if (isFunction) {
    definition.name = id;
    definition.nameLine = line;
    definition.last = 0;
  } else {
    if (definition.target === 0) definition.target = definition.last;
    definition.last = id;
    definition.lastLine = line;
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
