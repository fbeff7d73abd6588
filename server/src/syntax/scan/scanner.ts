/**
 * The whole tree's reader: one pass over a file's bytes, file scope first. It tells what is defined and what each definition uses, and nothing
 * else: no types, no expressions, no hashes. `extract.ts` reads everything, of a few files; this reads enough, of all of them.
 *
 * Whatever the text, it ends, after looking at each byte a bounded number of times.
 */
import type { BlockWriter } from './block';
import { Kind } from './byteLexer';
import { CLOSE_BRACE, CLOSE_BRACKET, COMMA, EQUALS, OPEN_BRACE, OPEN_BRACKET, OPEN_PAREN, SEMICOLON, STAR } from './characters';
import { Context } from './context';
import { nameDefinition, readAttribute, readDeclarator, readParameters } from './declarators';
import { Definition } from './definition';
import { beginDefinition, endTypedef, readBraces, readInitializer, readMacroCall } from './definitions';
import { Directives } from './directives';
import type { Names } from './names';
import { readTag } from './records';
import { Trait, Word } from './vocabulary';

export class Scanner {
  readonly #context: Context;
  readonly #directives: Directives;
  readonly #definition = new Definition();

  /** @param names numbers the names of all files this scanner reads; it must be empty */
  constructor(readonly names: Names) {
    this.#context = new Context(names);
    this.#directives = new Directives(this.#context);
    this.#context.onDirective = () => { this.#directives.read(); };
  }

  /**
   * Scans bytes[0, length), which bytes[length] must end with a 0 (see PADDING).
   *
   * @param places where the words stand that are asked for, in order: with them, other words may be left out of the block, and bodies' tokens are not counted
   * @returns the block, good until the next scan
   */
  scan(bytes: Uint8Array, length: number, places?: readonly number[]): BlockWriter {
    const context = this.#context;
    context.beginFile();
    context.places.beginFile(bytes, length, places);
    this.#directives.macros.clear();
    context.lexer.begin(bytes, 0, length, 0, true);
    beginDefinition(context, this.#definition);
    this.#fileScope();
    if (context.places.isUnsure) return this.scan(bytes, length);
    context.items.append(this.#directives.macros);
    return context.items;
  }

  #fileScope(): void {
    const context = this.#context;
    const definition = this.#definition;
    const { lexer } = context;
    let isRead = false; // the token the lexer stands on was not looked at yet
    for (;;) {
      const kind = isRead ? lexer.kind : lexer.next();
      isRead = false;
      switch (kind) {
        case Kind.end:
          return;
        case Kind.directive:
          context.onDirective();
          context.depth = 0;
          continue;
        case Kind.identifier:
          // None of the words that are asked for stands behind this: the rest of the file is nothing to them.
          if (definition.isFresh && context.places.after(lexer.start) === Infinity) return;
          definition.isFresh = false;
          isRead = this.#word();
          continue;
        case SEMICOLON:
          if (definition.isOldStyle && definition.declares) continue;
          if (definition.isTypedef) endTypedef(context, definition);
          beginDefinition(context, definition);
          continue;
        case EQUALS:
          if (definition.last > 0 || definition.name > 0) isRead = readInitializer(context, definition);
          continue;
        case STAR:
          definition.isPointer = true;
          definition.onlySpecifiers = false;
          continue;
        case COMMA:
          if (definition.isTypedef) endTypedef(context, definition);
          definition.isPointer = definition.isEnclosed = false;
          definition.last = 0;
          continue;
        case OPEN_BRACKET:
          while (lexer.kind !== CLOSE_BRACKET && lexer.kind !== Kind.end && lexer.kind !== SEMICOLON) lexer.next();
          continue;
        case OPEN_PAREN:
          readDeclarator(context, definition);
          continue;
        case OPEN_BRACE:
          isRead = readBraces(context, definition);
          continue;
        case CLOSE_BRACE:
        case Kind.literal: // a piece of assembly between macros, extern "C": what stood before it is over
          beginDefinition(context, definition);
          continue;
        default:
          definition.onlySpecifiers = false;
      }
    }
  }

  /** True when the token after it was read, too. */
  #word(): boolean {
    const context = this.#context;
    const definition = this.#definition;
    const { lexer, vocabulary } = context;
    const id = context.word(lexer);
    const word = context.kindOf(id);
    if (definition.name > 0 && word !== Word.attribute) definition.declares = true;
    if (word === Word.name) return this.#name(id);
    definition.flags |= vocabulary.flags[id] ?? 0;
    switch (word) {
      case Word.record:
      case Word.enum:
        definition.onlySpecifiers = false;
        definition.hasType = true;
        definition.tag = readTag(context);
        if (definition.tag > 0) context.type(definition.tag);
        definition.target = word === Word.record ? definition.tag : 0;
        definition.expects = lexer.peek() !== OPEN_BRACE ? 'nothing' : word === Word.record ? 'record' : 'enum';
        // Without a tag, what was read instead is no part of it.
        return definition.tag === 0 && definition.expects === 'nothing';
      case Word.typedef:
        definition.isTypedef = true;
        definition.onlySpecifiers = false;
        return false;
      case Word.type:
        if (!vocabulary.has(id, Trait.storage)) {
          definition.onlySpecifiers = false;
          definition.hasType = true;
        }
        if (vocabulary.has(id, Trait.typeOf)) this.#skipArguments();
        return false;
      case Word.attribute:
        if (vocabulary.has(id, Trait.takesArguments) && lexer.peek() === OPEN_PAREN) {
          lexer.next();
          readAttribute(context, definition);
        }
        return false;
      default:
        this.#skipArguments(); // asm("…"), _Static_assert(…)
        return false;
    }
  }

  /** A word nothing is known of. True when the token after it was read, too. */
  #name(id: number): boolean {
    const context = this.#context;
    const definition = this.#definition;
    const { lexer } = context;
    // int foo SEC("maps") = 1: no parameter begins so.
    if (definition.last > 0 && lexer.peeksText()) {
      context.mention(id);
      this.#skipArguments();
      return false;
    }
    if (definition.name === 0 && lexer.peek() === OPEN_PAREN) {
      definition.isMacro = definition.onlySpecifiers;
      nameDefinition(context, definition, id, true);
      lexer.next();
      if (definition.isMacro) return readMacroCall(context, definition);
      definition.isOldStyle = readParameters(context, definition);
      return false;
    }
    if (definition.name > 0 && !definition.isMacro) {
      // An unlisted attribute, or the first declaration of an old-style definition.
      this.#skipArguments();
      return false;
    }
    definition.onlySpecifiers = false;
    // struct foo bar __unlisted = against int __unlisted bar =
    if (definition.hasType && definition.last > 0 && this.#isReserved(id) && !this.#isReserved(definition.last)) {
      context.mention(id);
      return false;
    }
    nameDefinition(context, definition, id, false);
    return false;
  }

  /** Whether a name begins with two underscores, as attribute macros do. */
  #isReserved(id: number): boolean {
    return this.names.text(id).startsWith('__');
  }

  #skipArguments(): void {
    const { lexer } = this.#context;
    if (lexer.peek() !== OPEN_PAREN) return;
    lexer.next();
    this.#context.skipParentheses();
  }
}
