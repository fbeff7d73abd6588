/** Masking of what is written like a call, `NAME(…)`, and is none in the C grammar. */
import { keywords, memberGroups, storageSpecifiers } from './macros';
import type { Masking } from './masking';
import { punctuation, wordAt } from './reading';
import { TokenKind } from './tokens';

const OPEN_PAREN = 40, CLOSE_PAREN = 41, STAR = 42, COMMA = 44, DOT = 46, COLON = 58, SEMICOLON = 59, EQUALS = 61, OPEN_BRACE = 123, CLOSE_BRACE = 125;

/** Masks the call whose parenthesis is at `open`; true when nothing inside it is left to be looked at. */
export function maskCall(masking: Masking, open: number): boolean {
  const { tokens, partner, previous } = masking;
  const name = previous(open);
  const close = partner[open] ?? -1;
  if (name < 0 || close < 0 || close >= masking.item.to || tokens.kind[name] !== TokenKind.identifier) return false;
  const word = wordAt(tokens, name);
  const asm = asmWord(masking, name);
  if (asm >= 0) return maskAsm(masking, asm, name, open, close);
  if (typeofWords.has(word)) {
    masking.rewrite(name, close, 'int');
    return true;
  }
  if (word === '__alignof__') masking.rewrite(name, name, 'sizeof');
  if (keywords.has(word) || masking.scope() === undefined) return false;

  switch (masking.scope()) {
    case 'record':
      return maskMember(masking, name, close);
    case 'enum':
      // A macro that stands for several constants may bring the last one's comma.
      masking.rewrite(name, close, tokens.kind[masking.next(close)] === TokenKind.identifier ? `${word},` : word);
      return true;
    case 'list':
      if (masking.item.kind === 'declaration') return maskElement(masking, name, close);
      break;
    case 'block':
    case 'group':
    case 'arguments':
    case undefined:
      if (maskStatement(masking, name, open, close)) return false;
  }
  if (word === 'offsetof') masking.rewrite(name, name, OFFSETOF);
  if (tokens.kind[previous(name)] === TokenKind.string) {
    masking.rewrite(name, close, ''); // "…" __stringify(X) "…"
    return true;
  }
  maskArguments(masking, open, close);
  return false;
}

/** The grammar knows offsetof, but not with a path (`a.b[0]`): any other name makes it a call. */
const OFFSETOF = 'offset_';
const typeofWords: ReadonlySet<string> = new Set(['typeof', '__typeof__', '__typeof', 'typeof_member', '__auto_type']);

/** DECLARE_BITMAP(x, N); in a record: a member of some type. */
function maskMember({ tokens, previous, next, rewrite }: Masking, name: number, close: number): boolean {
  const word = wordAt(tokens, name);
  const before = punctuation(tokens, previous(name));
  if (punctuation(tokens, next(close)) !== SEMICOLON || word.length <= 4 || (before !== OPEN_BRACE && before !== SEMICOLON && before !== COMMA)) return false;
  rewrite(name, close, `int ${word.slice(4)}`);
  return true;
}

/** struct_group(name, u8 a; u8 b;); is an anonymous record with these members: `struct {u8 a; u8 b;};` in the same place. */
export function maskGroup({ tokens, partner, previous, rewrite }: Masking, open: number): boolean {
  const name = previous(open);
  const first = name < 0 ? undefined : memberGroups.get(wordAt(tokens, name));
  const close = partner[open] ?? -1;
  if (first === undefined || close < 0) return false;
  let commas = 0;
  let at = open;
  while (commas < first) {
    at = Math.max(at + 1, (partner[at + 1] ?? -1));
    if (at >= close) return false;
    if (punctuation(tokens, at) === COMMA) commas += 1;
  }
  rewrite(name, at - 1, 'struct');
  rewrite(at, at, '{');
  rewrite(close, close, '}');
  return true;
}

/** An initializer at file scope: whatever the macro takes, it is one element, or several, or the beginning of one. */
function maskElement({ tokens, next, rewrite }: Masking, name: number, close: number): boolean {
  const after = next(close);
  const goesOn = punctuation(tokens, after) === 46 || punctuation(tokens, after) === OPEN_BRACE || tokens.kind[after] === TokenKind.identifier;
  // SET_RUNTIME_PM_OPS(…) .resume = …, brings its own comma.
  const word = wordAt(tokens, name);
  rewrite(name, close, goesOn ? '' : word === 'offsetof' ? OFFSETOF : word);
  return true;
}

/** A call that is a whole statement: an iterator macro, or a macro that brings its semicolon. */
function maskStatement({ tokens, previous, next, rewrite }: Masking, name: number, open: number, close: number): boolean {
  const after = next(close);
  const code = punctuation(tokens, after);
  const word = wordAt(tokens, after);
  // static DEFINE_RATELIMIT_STATE(x, HZ, 10); and DECLARE_BITMAP(x, 64) = { 0 }; declare a variable.
  const initialized = code === EQUALS && punctuation(tokens, next(after)) === OPEN_BRACE;
  if ((storageSpecifiers.has(wordAt(tokens, previous(name))) || (initialized && startsStatement())) && wordAt(tokens, name).length > 4) {
    rewrite(name, close, `int ${wordAt(tokens, name).slice(4)}`);
    return true;
  }
  if (!startsStatement()) return false;
  if (code === CLOSE_BRACE || word === 'else') {
    rewrite(name, close - 1, '{');
    rewrite(close, close, '}');
    return true;
  }
  // list_for_each_entry(…) { … } and list_for_each_entry(…) statement; no expression goes on with a brace or a word.
  const steps = (word === '++' || word === '--') && tokens.kind[next(after)] === TokenKind.identifier;
  const loops = code === OPEN_BRACE || steps || (after >= 0 && tokens.kind[after] === TokenKind.identifier);
  if (!loops || close === open + 1) return false;
  rewrite(name, name, wordAt(tokens, name).length >= 5 ? 'while' : 'if');
  rewrite(open, close - 1, '(1');
  return true;

  function startsStatement(): boolean {
    const before = previous(name);
    const punctuator = punctuation(tokens, before);
    if (punctuator === OPEN_BRACE || punctuator === CLOSE_BRACE || punctuator === SEMICOLON || punctuator === CLOSE_PAREN || punctuator === COLON) return true;
    return before >= 0 && (wordAt(tokens, before) === 'else' || wordAt(tokens, before) === 'do');
  }
}

/**
 * asm volatile("…" MACRO(…) : …), asm goto(…), asm_volatile_goto(…), __asm__ __volatile(…): what stands inside is assembly, often made by macros, and is
 * blanked. Behind a name (`register long r0 asm("r0") = x;`) it says where a variable lives.
 */
function maskAsm({ tokens, previous, next, rewrite }: Masking, word: number, name: number, open: number, close: number): boolean {
  const before = previous(word);
  if (tokens.kind[before] === TokenKind.identifier && !keywords.has(wordAt(tokens, before))) {
    rewrite(word, close, '');
    return true;
  }
  rewrite(word, word, 'asm');
  for (let at = next(word); at >= 0 && at <= name; at = next(at)) if (wordAt(tokens, at) !== 'volatile') rewrite(at, at, '');
  if (next(open) !== close) rewrite(next(open), close - 1, '""');
  return true;
}

/** The word that makes the parenthesis after `name` hold assembly, or -1. */
function asmWord({ tokens, previous }: Masking, name: number): number {
  let at = name;
  while (at >= 0 && asmQualifiers.has(wordAt(tokens, at))) at = previous(at);
  return at >= 0 && asmWords.has(wordAt(tokens, at)) ? at : -1;
}

const asmQualifiers: ReadonlySet<string> = new Set(['volatile', '__volatile__', '__volatile', 'goto', 'inline', '__inline', '__inline__']);
const asmWords: ReadonlySet<string> = new Set(['asm', '__asm__', '__asm', 'asm_volatile_goto', 'asm_goto_output', 'asm_inline']);

/** Types and statements among the arguments (container_of(p, struct foo, m), ASSERT(x, return -1)), and names in a row. */
function maskArguments(masking: Masking, open: number, close: number): void {
  const { tokens, partner, next, rewrite } = masking;
  for (let at = next(open); at >= 0 && at < close;) {
    const end = argumentEnd(at);
    // X86_CONFIG(.event = 1), FIELD_TEST(x, ==, y): an argument that is no expression.
    const isBare = tokens.kind[at] === TokenKind.punctuation && next(at) === end && punctuation(tokens, at) !== CLOSE_PAREN;
    if (punctuation(tokens, at) === DOT || isBare) rewrite(at, end - 1, '0');
    else if (tokens.kind[at] === TokenKind.identifier) {
      const type = typeEnd(masking, at);
      if (type >= 0) rewrite(at, type, 'T');
      else if (statementWords.has(wordAt(tokens, at))) rewrite(at, end - 1, '0');
      else {
        // printk(KERN_ERR PREFIX "…"): the grammar takes one name before a string.
        for (let after = next(at); after >= 0 && tokens.kind[after] === TokenKind.identifier && !keywords.has(wordAt(tokens, at)); at = after, after = next(at)) rewrite(at, at, '');
      }
    }
    at = next(argumentEnd(at));
  }

  /** The comma after the argument at `from`, or the closing parenthesis. */
  function argumentEnd(from: number): number {
    for (let at = from; at >= 0 && at < close; at = next(at)) {
      if (punctuation(tokens, at) === COMMA) return at;
      at = Math.max(at, partner[at] ?? -1);
    }
    return close;
  }
}

/** The last token of the argument at `from` when it is a type and nothing else, else -1. */
function typeEnd({ tokens, partner, next }: Masking, from: number): number {
  let isType = false;
  let last = -1;
  for (let at = from, words = 0; at >= 0 && words < LONGEST_TYPE; last = at, at = next(at), words += 1) {
    const code = punctuation(tokens, at);
    if (code === COMMA || code === CLOSE_PAREN) return isType || punctuation(tokens, last) === STAR ? last : -1;
    if (code === OPEN_PAREN && typeofWords.has(wordAt(tokens, last)) && (partner[at] ?? -1) > at) at = partner[at] ?? at;
    else if (tokens.kind[at] === TokenKind.identifier) isType = isType || typeWords.has(wordAt(tokens, at));
    else if (code !== STAR) return -1;
  }
  return -1;
}

const LONGEST_TYPE = 16;
const typeWords: ReadonlySet<string> = new Set('struct union enum void char short int long float double signed unsigned const volatile _Bool typeof __typeof__ __typeof'.split(' '));
const statementWords: ReadonlySet<string> = new Set('if while for do switch return goto break continue'.split(' '));
