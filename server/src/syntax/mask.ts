/**
 * Masking: kernel C -> C that tree-sitter-c reads without an error, at equal length, so that every offset holds.
 * What a macro hides is blanked (attributes, directives, branches passed over) or rewritten in place to plain C of the same
 * shape (iterator macros become loops, definer macros become functions, types among arguments become names). Nobody but the
 * parser sees the result; every fact is told in the words of the user's text.
 */
import type { Item } from './items';
import { keywords, storageSpecifiers } from './macros';
import { maskCall, maskGroup } from './maskCalls';
import type { Masking, Scope } from './masking';
import { punctuation, wordAt, type Reading } from './reading';
import { TokenKind } from './tokens';

interface Edit {
  readonly start: number;
  readonly end: number;
  /** Text to put at the start, the rest is blanked; never longer than the range. */
  readonly text: string;
}

/** Integers and floating-point numbers of C; the preprocessor takes more for a number (C11 6.4.8). */
const NUMBER = /^(0[xX][\da-fA-F]+|0[bB][01]+|\d+)[uUlL]*$|^(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[fFlL]?$/;

/** The masked text of one item; its offset 0 is the start of the item's first token. */
export function maskItem(reading: Reading, item: Item): string {
  const { tokens } = reading;
  const base = tokens.start[item.from] ?? 0;
  const end = tokens.end[item.to - 1] ?? base;
  return applyEdits(tokens.text.slice(base, end), base, collectEdits(reading, item));
}

function collectEdits(reading: Reading, item: Item): Edit[] {
  const { tokens, hidden, partner } = reading;
  const edits: Edit[] = [];
  const scopes: Scope[] = [];
  const masking: Masking = {
    ...reading,
    item,
    scope: () => scopes.at(-1),
    next(index) {
      let at = index + 1;
      while (at < item.to && hidden[at] !== 0) at += 1;
      return at < item.to ? at : -1;
    },
    previous(index) {
      let at = index - 1;
      while (at >= item.from && hidden[at] !== 0) at -= 1;
      return at >= item.from ? at : -1;
    },
    rewrite(from, to, text) {
      const start = tokens.start[from] ?? 0;
      const end = tokens.end[to] ?? start;
      if (text.length <= end - start) edits.push({ start, end, text });
    },
  };
  maskHeader(masking);
  let inCase = false;

  for (let at = item.from; at < item.to; at += 1) {
    if (hidden[at] !== 0) {
      masking.rewrite(at, at, '');
      continue;
    }
    const code = punctuation(tokens, at);
    if (code === 40) {
      // A call that was rewritten as a whole is not looked into.
      if (scopes.at(-1) === 'record' && maskGroup(masking, at)) {
        scopes.push('record');
        continue;
      }
      const hides = maskCall(masking, at);
      if (hides) at = partner[at] ?? at;
      else scopes.push(isCall(masking, at) ? 'arguments' : 'group');
    } else if (code === 91) scopes.push('group');
    else if (code === 123) scopes.push(braceScope(masking, at));
    else if (code === 41 || code === 93 || code === 125) scopes.pop();
    else if (code === 58) inCase = false;
    else if (tokens.kind[at] === TokenKind.identifier) {
      inCase = wordAt(tokens, at) === 'case' || inCase;
      if (item.kind === 'declaration' && isLoneElement(masking, at)) masking.rewrite(at, at, '');
    }
    // tg3_flag(tp, 5750_PLUS), link_mode(10000baseT_Full): what ## makes a name of.
    else if (tokens.kind[at] === TokenKind.number && scopes.at(-1) === 'arguments' && !NUMBER.test(wordAt(tokens, at))) masking.rewrite(at, at, '1');
    // case 0 ... 7: is a range; the sum of both ends will do.
    else if (inCase && wordAt(tokens, at) === '...') masking.rewrite(at, at, '+');
  }
  return edits;
}

/** A word in an initializer that is followed by another element without a comma: DEPOT_OPS .take = …, KERN_INFO DRIVER "…": a macro that brings its own. */
function isLoneElement({ tokens, scope, previous, next }: Masking, at: number): boolean {
  const before = punctuation(tokens, previous(at));
  const startsElement = scope() === 'list' ? before === 44 || before === 123 || (before === 0 && wordAt(tokens, previous(at)) !== '->') : scope() === undefined && before === 61;
  const after = next(at);
  if (!startsElement || after < 0 || keywords.has(wordAt(tokens, at))) return false;
  if (tokens.kind[after] === TokenKind.identifier) return !keywords.has(wordAt(tokens, after));
  const code = punctuation(tokens, after);
  const opens = code === 46 || code === 91 || code === 123;
  return opens && tokens.text.slice(tokens.end[at], tokens.start[after]).includes('\n');
}

/** Whether the parenthesis at `open` follows a name: a call, or a macro's arguments. */
function isCall({ tokens, previous }: Masking, open: number): boolean {
  const name = previous(open);
  return name >= 0 && tokens.kind[name] === TokenKind.identifier && !keywords.has(wordAt(tokens, name));
}

/** `struct {`, `struct tag {`, `enum {`, `= {`, or a block of statements. */
function braceScope({ tokens, item, previous }: Masking, brace: number): Scope {
  const before = previous(brace);
  for (let at = before, words = 0; at >= 0 && words < 2 && tokens.kind[at] === TokenKind.identifier; at = previous(at), words += 1) {
    const word = wordAt(tokens, at);
    if (word === 'struct' || word === 'union') return 'record';
    if (word === 'enum') return 'enum';
  }
  const code = punctuation(tokens, before);
  return item.kind === 'declaration' || code === 61 || code === 44 || code === 40 ? 'list' : 'block';
}

/** `STATIC uint f(…) {`: of several names in front of a function's, the last is its type; others are specifiers by macro. */
function maskHeader({ tokens, hidden, item, rewrite }: Masking): void {
  if (item.kind === 'macro-function' && item.nameToken !== undefined) {
    // SYSCALL_DEFINE3(read, …) { -> int LL_DEFINE3(read, …) {: any name will do, the facts come from the tokens.
    const name = wordAt(tokens, item.nameToken);
    if (name.length > 4) rewrite(item.nameToken, item.nameToken, `int ${name.slice(4)}`);
  }
  if (item.kind !== 'function' || item.nameToken === undefined) return;
  let typeFollows = false;
  for (let at = item.nameToken - 1; at >= item.from; at -= 1) {
    if (hidden[at] !== 0 || tokens.kind[at] !== TokenKind.identifier) continue;
    const word = wordAt(tokens, at);
    if (storageSpecifiers.has(word)) continue;
    if (typeFollows && !keywords.has(word)) rewrite(at, at, '');
    typeFollows = true;
    const before = at > item.from ? wordAt(tokens, at - 1) : '';
    if (before === 'struct' || before === 'union' || before === 'enum') at -= 1;
  }
}

function applyEdits(text: string, base: number, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const edit of [...edits].sort((one, other) => one.start - other.start || other.end - one.end)) {
    const start = edit.start - base;
    const end = edit.end - base;
    if (start < at) continue; // inside a range already masked
    result += text.slice(at, start) + edit.text + blankOf(text.slice(start + edit.text.length, end));
    at = end;
  }
  return result + text.slice(at);
}

/** Spaces for everything but line ends. */
function blankOf(text: string): string {
  return text.replace(/[^\r\n]/g, ' ');
}
