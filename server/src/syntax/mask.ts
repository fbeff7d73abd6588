/**
 * Masking: kernel C -> C that tree-sitter-c reads without an error, at equal length, so that every offset holds.
 * What a macro hides is blanked (attributes, directives, branches passed over) or rewritten in place to plain C of the same
 * shape (iterator macros become loops, definer macros become functions). Nobody but the parser sees the result.
 */
import type { Item } from './items';
import { keywords } from './macros';
import { closing, punctuation, wordAt, type Reading } from './reading';
import { TokenKind } from './tokens';

interface Edit {
  readonly start: number;
  readonly end: number;
  /** Text to put at the start, the rest is blanked; never longer than the range. */
  readonly text: string;
}

/** The masked text of one item; its offset 0 is the start of the item's first token. */
export function maskItem(reading: Reading, item: Item): string {
  const { tokens } = reading;
  const base = tokens.start[item.from] ?? 0;
  const end = tokens.end[item.to - 1] ?? base;
  return applyEdits(tokens.text.slice(base, end), base, collectEdits(reading, item));
}

function collectEdits(reading: Reading, item: Item): Edit[] {
  const { tokens, hidden } = reading;
  const edits: Edit[] = [];
  const blank = (from: number, to: number, text = ''): void => {
    edits.push({ start: tokens.start[from] ?? 0, end: tokens.end[to] ?? 0, text });
  };
  let braces = 0;
  let recordBraces = 0;

  for (let at = item.from; at < item.to; at += 1) {
    if (hidden[at] !== 0) {
      blank(at, at);
      continue;
    }
    if (item.kind === 'macro-function' && at === item.nameToken) {
      // SYSCALL_DEFINE3(read, …) { -> int LL_DEFINE3(read, …) {: any name will do, the facts come from the tokens.
      const name = wordAt(tokens, at);
      if (name.length > 4) blank(at, at, `int ${name.slice(4)}`);
      continue;
    }
    const code = punctuation(tokens, at);
    if (code === 123) {
      braces += 1;
      if (opensRecord(reading, at)) recordBraces = braces;
    } else if (code === 125) {
      if (recordBraces === braces) recordBraces = 0;
      braces -= 1;
    } else if (code === 40 && braces > 0 && at > item.from) {
      at = maskCall(at) ?? at;
    }
  }
  return edits;

  /** Masks `NAME(…)` in a body when it is a loop or a member; gives the closing parenthesis to go on from. */
  function maskCall(open: number): number | undefined {
    const name = open - 1;
    if (tokens.kind[name] !== TokenKind.identifier || hidden[name] !== 0) return undefined;
    const word = wordAt(tokens, name);
    if (keywords.has(word)) return undefined;
    const close = closing(tokens, open, item.to);
    if (close === undefined) return undefined;
    let next = close + 1;
    while (next < item.to && hidden[next] !== 0) next += 1;

    if (recordBraces > 0 && recordBraces === braces) {
      // DECLARE_BITMAP(x, N); in a record: a member of some type.
      if (punctuation(tokens, next) === 59 && word.length > 4 && startsMember(name)) {
        blank(name, close, `int ${word.slice(4)}`);
        return close;
      }
      return undefined;
    }
    // list_for_each_entry(…) { … } and list_for_each_entry(…) statement; no expression goes on with a brace or a word.
    const loops = punctuation(tokens, next) === 123 || (next < item.to && tokens.kind[next] === TokenKind.identifier);
    if (!loops || !startsStatement(name) || close === open + 1) return undefined;
    blank(name, name, word.length >= 5 ? 'while' : 'if');
    edits.push({ start: tokens.start[open] ?? 0, end: tokens.start[close] ?? 0, text: '(1' });
    return close;
  }

  function startsMember(name: number): boolean {
    const before = punctuation(tokens, previous(name));
    return before === 123 || before === 59;
  }

  function startsStatement(name: number): boolean {
    const before = previous(name);
    const code = punctuation(tokens, before);
    if (code === 123 || code === 125 || code === 59 || code === 41 || code === 58) return true;
    return tokens.kind[before] === TokenKind.identifier && (wordAt(tokens, before) === 'else' || wordAt(tokens, before) === 'do');
  }

  function previous(index: number): number {
    let at = index - 1;
    while (at > item.from && hidden[at] !== 0) at -= 1;
    return at;
  }
}

/** `struct {`, `struct tag {`, with attributes between. */
function opensRecord({ tokens, hidden }: Reading, brace: number): boolean {
  for (let at = brace - 1, words = 0; at >= 0 && words < 2; at -= 1) {
    if (hidden[at] !== 0) continue;
    if (tokens.kind[at] !== TokenKind.identifier) return false;
    const word = wordAt(tokens, at);
    if (word === 'struct' || word === 'union') return true;
    words += 1;
  }
  return false;
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
