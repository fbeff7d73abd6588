/**
 * The whole tree's reader: one pass over a file's bytes, file scope first. It tells what is defined and what each definition uses, and nothing
 * else: no types, no expressions, no hashes. `extract.ts` reads everything, of a few files; this reads enough, of all of them.
 *
 * Whatever the text, it ends, after looking at each byte a bounded number of times.
 */
import { Flag, Tag, type BlockWriter } from './block';
import { Kind, type ByteLexer } from './byteLexer';
import { Context } from './context';
import { Directives } from './directives';
import type { Names } from './names';
import { definedFunctionName } from '../macros';
import { readMembers, readTag, skipBraces } from './records';
import { Punctuation, readUses, Until } from './uses';
import { Trait, Word } from './vocabulary';

const { OPEN_PAREN, CLOSE_PAREN, STAR, COMMA, DOT, SEMICOLON, EQUALS, OPEN_BRACE, CLOSE_BRACE } = Punctuation;
const OPEN_BRACKET = 91, CLOSE_BRACKET = 93;

export class Scanner {
  readonly #context: Context;
  readonly #directives: Directives;
  readonly #onDirective: () => void;

  // The definition being read at file scope.
  #name = 0; // the name in front of the parentheses: a function's, or a macro's
  #nameLine = 0;
  #isMacro = false; // only specifiers stood before that name
  #firstArgument = ''; // of the macro
  #last = 0; // the name read last: a variable's, a typedef's
  #lastLine = 0;
  #flags = 0;
  #onlySpecifiers = true;
  #isTypedef = false;
  #isPointer = false;
  #target = 0; // what a typedef names: a tag, or a typedef
  #members: readonly number[] = []; // of the anonymous record a typedef names
  #oldStyle = false; // int f(a) int a; { … }: a list of names alone, …
  #declares = false; // … and something before the body
  #expectsBody: 'nothing' | 'record' | 'enum' = 'nothing';
  #tag = 0;

  /** @param names numbers the names of all files this scanner reads; it must be empty */
  constructor(readonly names: Names) {
    this.#context = new Context(names);
    this.#directives = new Directives(this.#context);
    this.#onDirective = () => { this.#directives.read(this.#context.lexer); };
  }

  /** The names that stand in the block of the last scan, each once. */
  get inFile(): readonly number[] {
    return this.#context.inFile;
  }

  /**
   * Scans bytes[0, length), which bytes[length] must end with a 0 (see PADDING).
   *
   * @returns the block, good until the next scan
   */
  scan(bytes: Uint8Array, length: number): BlockWriter {
    const context = this.#context;
    const { lexer } = context;
    context.beginFile();
    this.#directives.macros.clear();
    lexer.begin(bytes, 0, length, 0, true);
    this.#reset();
    this.#fileScope(lexer);
    context.items.append(this.#directives.macros);
    return context.items;
  }

  #reset(): void {
    this.#name = this.#last = this.#flags = this.#target = this.#tag = 0;
    this.#isMacro = this.#isTypedef = this.#isPointer = this.#oldStyle = this.#declares = false;
    this.#onlySpecifiers = true;
    this.#members = [];
    this.#expectsBody = 'nothing';
    this.#context.depth = 0;
    this.#context.beginItem();
  }

  #fileScope(lexer: ByteLexer): void {
    const context = this.#context;
    let isRead = false; // the token the lexer stands on was not looked at yet
    for (;;) {
      const kind = isRead ? lexer.kind : lexer.next();
      isRead = false;
      switch (kind) {
        case Kind.end:
          return;
        case Kind.directive:
          this.#directives.read(lexer);
          context.depth = 0;
          continue;
        case Kind.identifier:
          isRead = this.#identifier(lexer);
          continue;
        case SEMICOLON:
          if (this.#oldStyle && this.#declares) continue;
          this.#endDeclaration();
          this.#reset();
          continue;
        case EQUALS:
          if (this.#last > 0 || this.#name > 0) isRead = this.#initializer(lexer);
          continue;
        case STAR:
          this.#isPointer = true;
          this.#onlySpecifiers = false;
          continue;
        case COMMA:
          if (this.#isTypedef) this.#endDeclaration();
          this.#isPointer = false;
          continue;
        case OPEN_BRACKET:
          while (lexer.kind !== CLOSE_BRACKET && lexer.kind !== Kind.end && lexer.kind !== SEMICOLON) lexer.next();
          continue;
        case OPEN_PAREN:
          this.#declarator(lexer);
          continue;
        case OPEN_BRACE:
          isRead = this.#brace(lexer);
          continue;
        case CLOSE_BRACE:
          this.#reset();
          continue;
        default:
          this.#onlySpecifiers = false;
      }
    }
  }

  /** True when the token after it was read, too. */
  #identifier(lexer: ByteLexer): boolean {
    const context = this.#context;
    const id = context.word(lexer);
    const word = context.kindOf(id);
    if (this.#name > 0 && word !== Word.attribute) this.#declares = true;
    if (word !== Word.name) this.#flags |= id < context.vocabulary.known ? ((context.vocabulary.flags[id] ?? 0)) : 0;
    switch (word) {
      case Word.record:
      case Word.enum:
        this.#onlySpecifiers = false;
        this.#tag = readTag(context, lexer);
        if (this.#tag > 0) context.type(this.#tag);
        this.#target = word === Word.record ? this.#tag : 0;
        this.#expectsBody = lexer.peek() !== OPEN_BRACE ? 'nothing' : word === Word.record ? 'record' : 'enum';
        // Without a tag, what was read instead is no part of it.
        return this.#tag === 0 && this.#expectsBody === 'nothing';
      case Word.typedef:
        this.#isTypedef = true;
        this.#onlySpecifiers = false;
        return false;
      case Word.type:
        if (!context.vocabulary.has(id, Trait.storage)) this.#onlySpecifiers = false;
        if (context.vocabulary.has(id, Trait.typeOf) && lexer.peek() === OPEN_PAREN) {
          lexer.next();
          context.skipParentheses(lexer);
        }
        return false;
      case Word.attribute:
        if (lexer.peek() === OPEN_PAREN && context.vocabulary.has(id, Trait.takesArguments)) {
          lexer.next();
          this.#attributeArguments(lexer);
        }
        return false;
      case Word.name:
        break;
      default:
        if (lexer.peek() === OPEN_PAREN) {
          lexer.next(); // asm("…"), _Static_assert(…)
          context.skipParentheses(lexer);
        }
        return false;
    }
    if (lexer.peek() === OPEN_PAREN && this.#name === 0) {
      this.#name = id;
      this.#nameLine = lexer.line;
      this.#isMacro = this.#onlySpecifiers;
      lexer.next();
      return this.#parameters(lexer);
    }
    if (this.#name > 0 && !this.#isMacro) {
      // An unlisted attribute, or the first declaration of an old-style definition.
      if (lexer.peek() === OPEN_PAREN) {
        lexer.next();
        context.skipParentheses(lexer);
      }
      return false;
    }
    this.#onlySpecifiers = false;
    if (this.#target === 0) this.#target = this.#last;
    this.#last = id;
    this.#lastLine = lexer.line;
    if (this.#name === 0 && !this.#isTypedef) context.mention(id); // a type; the variable itself is taken back by none
    return false;
  }

  /** Reads the list behind a name. True when the token after it was read, too. */
  #parameters(lexer: ByteLexer): boolean {
    if (this.#isMacro) return this.#macroCall(lexer);
    this.#oldStyle = this.#parameterList(lexer);
    return false;
  }

  /** The names of the parameters are locals. True when the list is names alone, as before C89. */
  #parameterList(lexer: ByteLexer): boolean {
    const context = this.#context;
    let depth = 1;
    let onlyNames = true;
    let names = 0;
    let before = 0;
    while (depth > 0) {
      const kind = lexer.next();
      if (kind === Kind.end || kind === OPEN_BRACE || kind === SEMICOLON) return false;
      if (kind === Kind.directive) this.#directives.read(lexer);
      else if (kind === OPEN_PAREN) depth += 1;
      else if (kind === CLOSE_PAREN) depth -= 1;
      else if (kind === Kind.ellipsis) this.#flags |= Flag.variadic;
      if (kind !== Kind.identifier) {
        if (kind !== COMMA && kind !== CLOSE_PAREN) onlyNames = false;
        before = kind;
        continue;
      }
      const id = context.word(lexer);
      const word = context.kindOf(id);
      if (word === Word.record || word === Word.enum) {
        const tag = lexer.peek() === OPEN_BRACE ? 0 : readTag(context, lexer);
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

  /** MACRO(…) at file scope: opens a function, defines a variable, or registers something. True when the token after it was read, too. */
  #macroCall(lexer: ByteLexer): boolean {
    const context = this.#context;
    const from = lexer.end;
    const { bytes } = lexer;
    context.depth = 0;
    readUses(context, lexer, Until.parenthesis, this.#onDirective);
    const { line } = lexer;
    const close = lexer.start;
    const kind = lexer.next();
    if (kind === OPEN_BRACE && lexer.peek() !== DOT) {
      this.#firstArgument = Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.min(close - from, 4096)).toString();
      return true;
    }
    if (kind === SEMICOLON || kind === Kind.end || lexer.line > line || kind === Kind.directive) {
      context.item(Tag.registration, this.#name, this.#nameLine);
      this.#reset();
      return kind !== SEMICOLON;
    }
    if (kind === EQUALS || kind === OPEN_BRACE || kind === OPEN_BRACKET) {
      // A variable with a value: DEFINE_PER_CPU(int, x) = 3;
      readUses(context, lexer, Until.semicolon, this.#onDirective);
      context.item(Tag.registration, this.#name, this.#nameLine);
      this.#reset();
      return false;
    }
    // Something goes on behind it on the same line: an attribute nobody listed.
    this.#name = 0;
    this.#isMacro = false;
    return true;
  }

  /** What __attribute__((…)) says. */
  #attributeArguments(lexer: ByteLexer): void {
    const { vocabulary } = this.#context;
    let depth = 1;
    while (depth > 0 && lexer.next() !== Kind.end) {
      if (lexer.kind === OPEN_PAREN) depth += 1;
      else if (lexer.kind === CLOSE_PAREN) depth -= 1;
      else if (lexer.kind === Kind.identifier) {
        const id = this.#context.word(lexer);
        if (id < vocabulary.known) this.#flags |= ((vocabulary.flags[id] ?? 0)) & ~Flag.static;
      }
    }
  }

  /** `(*name)(…)` declares a variable, `(*name(…))(…)` a function; a list behind either is skipped. */
  #declarator(lexer: ByteLexer): void {
    const context = this.#context;
    this.#onlySpecifiers = false;
    let depth = 1;
    let isFirst = true;
    while (depth > 0) {
      const kind = lexer.next();
      if (kind === Kind.end || kind === OPEN_BRACE || kind === SEMICOLON) return;
      if (kind === Kind.directive) this.#directives.read(lexer);
      else if (kind === OPEN_PAREN) depth += 1;
      else if (kind === CLOSE_PAREN) depth -= 1;
      else if (kind === Kind.identifier && isFirst && this.#name === 0) {
        const id = context.word(lexer);
        if (context.kindOf(id) !== Word.name) continue;
        isFirst = false;
        if (lexer.peek() === OPEN_PAREN) {
          this.#name = id;
          this.#nameLine = lexer.line;
          lexer.next();
          this.#parameterList(lexer);
        } else {
          this.#last = id;
          this.#lastLine = lexer.line;
          this.#isPointer = true;
        }
      }
    }
  }

  /** True when the token after the block was read, too. */
  #brace(lexer: ByteLexer): boolean {
    const context = this.#context;
    if (this.#name > 0) return this.#functionBody(lexer);
    if (this.#expectsBody === 'record') {
      const { line } = lexer;
      const members = readMembers(context, lexer, this.#onDirective);
      if (this.#tag > 0) context.record(this.#tag, line, members);
      else this.#members = members;
      this.#expectsBody = 'nothing';
      return false;
    }
    if (this.#expectsBody === 'enum') {
      skipBraces(context, lexer, this.#onDirective);
      this.#expectsBody = 'nothing';
      return false;
    }
    // extern "C" {: its content is file scope. Else a block nobody announced: its content is read as if it were.
    this.#reset();
    return false;
  }

  #functionBody(lexer: ByteLexer): boolean {
    const context = this.#context;
    const name = this.#isMacro ? this.#madeFunction() : this.#name;
    const isConditional = context.conditions > 0;
    context.depth = 1;
    const { tokens, overrun } = readUses(context, lexer, Until.brace, this.#onDirective);
    const flags = this.#flags | (this.#isMacro ? Flag.macroMade : 0) | (isConditional ? Flag.conditional : 0);
    if (this.#isMacro) context.call(this.#name);
    context.item(Tag.function, name, this.#nameLine, Math.max(0, lexer.line - this.#nameLine), flags, tokens);
    this.#reset();
    return overrun;
  }

  /** SYSCALL_DEFINE3(read, …) { … }: the function the macro makes. */
  #madeFunction(): number {
    const args = this.#firstArgument.split(',').slice(0, 2);
    const made = definedFunctionName(this.#context.names.text(this.#name), args);
    return this.#context.wordOf(made);
  }

  #initializer(lexer: ByteLexer): boolean {
    const context = this.#context;
    context.depth = 0;
    const { overrun } = readUses(context, lexer, Until.semicolon, this.#onDirective);
    const name = this.#last > 0 ? this.#last : this.#name;
    context.item(Tag.variable, name, this.#last > 0 ? this.#lastLine : this.#nameLine);
    this.#reset();
    return overrun;
  }

  /** A typedef is a record that embeds what it names. */
  #endDeclaration(): void {
    if (!this.#isTypedef || this.#last === 0) return;
    if (this.#isPointer) return;
    const target = this.#tag > 0 ? this.#tag : this.#target;
    const embedded = this.#members.length > 0 ? this.#members : target > 0 && target !== this.#last ? [target] : [];
    if (embedded.length > 0) this.#context.record(this.#last, this.#lastLine, embedded);
  }
}
