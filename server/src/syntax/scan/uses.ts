/** What a stretch of code uses: a function's body, an initializer, a macro's arguments or replacement text. */
import { Tag } from './block';
import { Kind, type ByteLexer } from './byteLexer';
import { AMPERSAND, CLOSE_BRACE, CLOSE_PAREN, COLON, COMMA, DOT, EQUALS, HASH, OPEN_BRACE, OPEN_BRACKET, OPEN_PAREN, SEMICOLON, STAR, WORD } from './characters';
import { MOST_PARENTHESES, type Context } from './context';
import { Space } from './names';
import { Word } from './vocabulary';

/** Where the stretch ends. */
export const Until = {
  /** With the brace that closes the one read before. */
  brace: 0,
  /** With the parenthesis that closes the one read before. */
  parenthesis: 1,
  /** With a semicolon outside braces. */
  semicolon: 2,
  /** With the text. */
  end: 3,
} as const;

export interface Stretch {
  /** Tokens in it; every character of an operator is one, except for `->` and `...`. */
  tokens: number;
  /** On which it ends. */
  line: number;
  /** Set when the token the lexer stands on belongs to what follows: the stretch ended before it. */
  overrun: boolean;
}

/**
 * Reads up to the end of the stretch and stands on its last token; what is used goes to `context`. One loop over plain local variables: nine
 * tokens in ten of a tree pass through here.
 */
export function readUses(context: Context, lexer: ByteLexer, until: number): Stretch {
  const { callees } = context;
  const base = context.depth;
  let parentheses = 0;
  let tokens = 0;
  let callee = 0; // the name read last, when it stands in front of a parenthesis
  let before = SEMICOLON; // the token read last, and the two before it
  let earlier = SEMICOLON;
  let earliest = SEMICOLON;
  let wordBefore: number = Word.statement; // of an identifier: what it is
  let wordEarlier: number = Word.statement;
  let field = 0; // the field that is assigned to right now
  let isOver = false; // a brace at the first column came last, …
  let lastLine = 0; // … on this line
  let declaredAt = -1; // depth in braces and parentheses of the declaration that is being read
  let declaredIn = 0;

  for (;;) {
    let kind = lexer.next();
    if (isOver) {
      isOver = false;
      // … and a new definition after it: the function has ended, whatever its braces say.
      if (kind === Kind.end || (lexer.atFirstColumn() && kind !== CLOSE_BRACE && kind !== SEMICOLON && kind !== Kind.literal)) {
        context.depth = base;
        return { tokens, line: lastLine, overrun: true };
      }
    }
    tokens += 1;
    let word = wordBefore;
    switch (kind) {
      case Kind.end:
        return { tokens, line: lexer.line, overrun: true };
      case Kind.directive:
        context.onDirective();
        if (context.depth < base) return { tokens, line: lexer.line, overrun: false };
        continue;
      case Kind.identifier: {
        word = Word.name;
        if (before === DOT || before === Kind.arrow) {
          field = lexer.peek() === EQUALS ? context.word(lexer) : 0;
          break;
        }
        const next = lexer.peek();
        if (next !== OPEN_PAREN && isConstantName(lexer)) break;
        const id = context.word(lexer);
        word = context.kindOf(id);
        if (word === Word.name) {
          if (next === OPEN_PAREN) {
            callee = id;
            // name##_suffix( is called by a name nobody wrote.
            if (before !== HASH && !context.isLocal(id)) context.call(id);
          } else if (isDeclared(before, wordBefore, earlier, wordEarlier, earliest)) {
            context.declareLocal(id);
            declaredAt = context.depth;
            declaredIn = parentheses;
          } else if (before !== HASH && next !== HASH && !isLabel(before, wordBefore, next) && !context.isLocal(id)) {
            context.mention(id);
            if (parentheses > 0 && parentheses <= MOST_PARENTHESES && context.vocabulary.registers((callees[parentheses - 1] ?? 0))) context.handOver(Tag.passed, id, (callees[parentheses - 1] ?? 0));
            else if (field > 0 && (before === EQUALS || (before === AMPERSAND && earlier === EQUALS))) context.handOver(Tag.stored, id, field);
          }
        } else if ((word === Word.record || word === Word.enum) && next !== OPEN_BRACE && WORD[next] === 1) {
          lexer.next();
          tokens += 1;
          context.type(context.word(lexer, Space.tag));
          word = Word.type;
        } else if (word === Word.attribute) continue;
        break;
      }
      case OPEN_PAREN:
        if (parentheses < MOST_PARENTHESES) callees[parentheses] = before === Kind.identifier && wordBefore === Word.name ? callee : 0;
        parentheses += 1;
        break;
      case CLOSE_PAREN:
        if (parentheses > 0) parentheses -= 1;
        else if (until === Until.parenthesis) return { tokens, line: lexer.line, overrun: false };
        break;
      case OPEN_BRACE:
        context.depth += 1;
        break;
      case CLOSE_BRACE:
        context.depth -= 1;
        if (context.depth < base && (until === Until.brace || until === Until.semicolon)) return { tokens: tokens - 1, line: lexer.line, overrun: false };
        isOver = (until === Until.brace || until === Until.semicolon) && lexer.atFirstColumn();
        lastLine = lexer.line;
        if (until !== Until.parenthesis) parentheses = 0;
        break;
      case EQUALS:
        if (before === EQUALS) field = 0;
        break;
      case OPEN_BRACKET:
        field = 0;
        break;
      case COMMA:
        field = 0;
        if (declaredAt === context.depth && declaredIn === parentheses && (parentheses === 0 || callees[parentheses - 1] === 0)) {
          // int one, *other: as if the type stood here again.
          kind = Kind.identifier;
          word = Word.type;
        }
        break;
      case SEMICOLON:
        field = 0;
        declaredAt = -1;
        if (until === Until.semicolon && context.depth <= base) return { tokens, line: lexer.line, overrun: false };
        if (until !== Until.parenthesis) parentheses = 0;
        break;
    }
    earliest = earlier;
    earlier = before;
    wordEarlier = wordBefore;
    before = kind;
    wordBefore = word;
  }
}

/** `type name`, `struct tag *name`, and at the start of a statement `type_t *name`. */
function isDeclared(before: number, wordBefore: number, earlier: number, wordEarlier: number, earliest: number): boolean {
  if (before === Kind.identifier) return wordBefore === Word.name || wordBefore === Word.type;
  if (before !== STAR || earlier !== Kind.identifier) return false;
  return wordEarlier === Word.type || (wordEarlier === Word.name && isStatementStart(earliest));
}

/** `goto name`, `name:` */
const isLabel = (before: number, wordBefore: number, next: number): boolean =>
  (before === Kind.identifier && wordBefore === Word.goto) || (next === COLON && isStatementStart(before));

/**
 * `GFP_KERNEL`, `-EINVAL`: a word of capitals that is not called is a constant. Half of all names are such, and nobody calls through them; who
 * uses one is asked of the text itself (`git grep`).
 */
function isConstantName({ bytes, start, end }: ByteLexer): boolean {
  if (((bytes[start] ?? 0)) >= 97) return false;
  for (let at = start; at < end; at += 1) if (((bytes[at] ?? 0)) >= 97) return false;
  return true;
}

const isStatementStart = (kind: number): boolean => kind === SEMICOLON || kind === OPEN_BRACE || kind === CLOSE_BRACE || kind === COLON;
