/** The members of a struct or union: which other records stand inside it, by value. */
import { Kind } from './byteLexer';
import { CLOSE_BRACE, CLOSE_BRACKET, CLOSE_PAREN, COMMA, OPEN_BRACE, OPEN_BRACKET, OPEN_PAREN, SEMICOLON, STAR } from './characters';
import type { Context } from './context';
import { Space } from './names';
import { Trait, Word } from './vocabulary';

/**
 * Reads from the `{` the lexer stands on to its `}`, and gives the names of what the members embed: tags and typedefs, in order. A named record
 * inside is an item of its own, and is embedded.
 */
export function readMembers(context: Context, nesting = 0): number[] {
  const { lexer } = context;
  const embedded: number[] = [];
  if (nesting === MAX_NESTING) {
    skipBraces(context);
    return embedded;
  }
  const base = context.depth;
  context.depth += 1;
  let type = 0; // the member's type: a name, BUILT_IN, or 0 before it is read
  let inner: readonly number[] = []; // what an anonymous record that is the type embeds
  let words = 0; // names in the member so far
  let isPointer = false;
  let groups = 0;

  const endDeclarator = (): void => {
    if (!isPointer && type > 0) embedded.push(type);
    if (!isPointer) embedded.push(...inner);
    isPointer = false;
  };
  const endMember = (): void => {
    type = 0;
    words = 0;
    inner = [];
    isPointer = false;
  };

  for (let kind = lexer.next(); kind !== Kind.end; kind = lexer.next()) {
    switch (kind) {
      case Kind.directive:
        context.onDirective();
        if (context.depth <= base) return embedded;
        break;
      case Kind.identifier: {
        const id = context.word(lexer);
        const word = context.kindOf(id);
        if (word === Word.record || word === Word.enum) {
          words += 1;
          const tag = readTag(context);
          if (lexer.peek() !== OPEN_BRACE) {
            type = word === Word.record && tag > 0 ? tag : BUILT_IN;
            break;
          }
          const { line } = lexer;
          lexer.next();
          if (word === Word.enum) {
            skipBraces(context);
            type = BUILT_IN;
            break;
          }
          const members = readMembers(context, nesting + 1);
          if (tag > 0) context.record(tag, line, members);
          type = tag > 0 ? tag : BUILT_IN;
          inner = tag > 0 ? [] : members;
        } else if (word === Word.attribute || lexer.peek() === OPEN_PAREN) {
          if (lexer.peek() !== OPEN_PAREN || (word === Word.attribute && !context.vocabulary.has(id, Trait.takesArguments))) break;
          lexer.next();
          if (context.vocabulary.has(id, Trait.groups)) {
            groups += 1;
            endMember();
          } else {
            context.skipParentheses();
            // DECLARE_BITMAP(bits, 8): the type is the macro's. `type name(…)` does not stand in a record.
            if (type === 0) type = BUILT_IN;
          }
        } else if (word === Word.type) type = type === 0 && !context.vocabulary.has(id, Trait.storage) ? BUILT_IN : type;
        else {
          words += 1;
          if (type === 0) type = id;
        }
        break;
      }
      case STAR:
        isPointer = true;
        break;
      case OPEN_PAREN: // (*function)(…), (*array)[8]
        context.skipParentheses();
        isPointer = true;
        break;
      case CLOSE_PAREN:
        if (groups > 0) groups -= 1;
        endMember();
        break;
      case OPEN_BRACKET:
        while (lexer.kind !== CLOSE_BRACKET && lexer.kind !== Kind.end && lexer.kind !== SEMICOLON) lexer.next();
        break;
      case COMMA:
        // struct_group(name, members…): what stands before the comma is no member.
        if (groups > 0 && words < 2 && !isPointer) endMember();
        else endDeclarator();
        break;
      case SEMICOLON:
        endDeclarator();
        endMember();
        break;
      case OPEN_BRACE:
        skipBraces(context);
        break;
      case CLOSE_BRACE:
        context.depth = base;
        return embedded;
    }
  }
  return embedded;
}

/** C11 5.2.4.1 asks compilers for 63 levels of records in one another; what is deeper is passed over. */
const MAX_NESTING = 63;

/** A type that embeds no record. */
const BUILT_IN = -1;

/** The number of the tag after struct, union or enum, 0 when there is none; attributes may stand between. Stands on the last token read. */
export function readTag(context: Context): number {
  const { lexer } = context;
  while (lexer.peek() !== OPEN_BRACE) {
    if (lexer.next() !== Kind.identifier) return 0;
    const id = context.word(lexer);
    if (context.kindOf(id) !== Word.attribute) return context.word(lexer, Space.tag);
    if (lexer.peek() === OPEN_PAREN && lexer.next() === OPEN_PAREN) context.skipParentheses();
  }
  return 0;
}

/** From a `{` to its partner. */
export function skipBraces(context: Context): void {
  const { lexer } = context;
  const base = context.depth;
  context.depth += 1;
  while (context.depth > base && lexer.next() !== Kind.end) {
    if (lexer.kind === OPEN_BRACE) context.depth += 1;
    else if (lexer.kind === CLOSE_BRACE) context.depth -= 1;
    else if (lexer.kind === Kind.directive) context.onDirective();
  }
  context.depth = Math.min(context.depth, base);
}
