/**
 * Splits a file into its file-scope items: function definitions, declarations, macro calls. Done on tokens, so that
 * an error inside one item cannot swallow its neighbors; tree-sitter then reads each item by itself.
 */
import { atFirstColumn } from './conditionals';
import { keywords, storageSpecifiers } from './macros';
import { Hidden, punctuation, wordAt, type Reading } from './reading';
import { TokenKind } from './tokens';

export interface Item {
  /** A `prototype` declares functions only; a `declaration` is everything else that ends with a semicolon. */
  readonly kind: 'function' | 'macro-function' | 'macro-call' | 'prototype' | 'declaration';
  /** Token indices: the first token, and one past the last. */
  readonly from: number;
  readonly to: number;
  /** The name of a function, or the macro's name. */
  readonly nameToken?: number;
  /** Of the parameter or argument list: `(` and `)`. */
  readonly open?: number;
  readonly close?: number;
  /** The body's `{`, for functions. */
  readonly bodyOpen?: number;
  /** True when the body's end had to be guessed. */
  readonly unbalanced?: boolean;
}

const OPEN_PAREN = 40, CLOSE_PAREN = 41, SEMICOLON = 59, EQUALS = 61, OPEN_BRACKET = 91, CLOSE_BRACKET = 93, OPEN_BRACE = 123, CLOSE_BRACE = 125;

export function splitItems({ tokens, hidden }: Reading): Item[] {
  const items: Item[] = [];
  /** The next token that is read, from `index` on: no directive, no branch passed over, no attribute. */
  const live = (index: number): number => {
    let at = index;
    while (at < tokens.count && hidden[at] !== 0) at += 1;
    return at;
  };

  /** Index of the bracket that closes the one at `open`, or -1. */
  const matching = (open: number, opens: number, closes: number): number => {
    let depth = 0;
    for (let at = open; at < tokens.count; at = live(at + 1)) {
      const code = punctuation(tokens, at);
      if (code === opens) depth += 1;
      else if (code === closes && --depth === 0) return at;
      // A parenthesis never closes beyond a file-scope brace: the text is being typed.
      else if (opens === OPEN_PAREN && code === CLOSE_BRACE && atFirstColumn(tokens, at)) return -1;
    }
    return -1;
  };

  /** The `}` of a block; by the kernel's style at the first column when the braces do not match up. */
  const blockEnd = (open: number): { end: number; unbalanced: boolean } => {
    const strict = matching(open, OPEN_BRACE, CLOSE_BRACE);
    if (strict >= 0 && atFirstColumn(tokens, strict)) return { end: strict, unbalanced: false };
    const oneLine = strict >= 0 && !tokens.text.slice(tokens.start[open], tokens.start[strict]).includes('\n');
    if (oneLine) return { end: strict, unbalanced: false };
    for (let at = live(open + 1); at < tokens.count; at = live(at + 1)) {
      if (strict >= 0 && at > strict && startsDefinition(at)) break; // the style is not the kernel's: believe the braces
      if (punctuation(tokens, at) === CLOSE_BRACE && atFirstColumn(tokens, at)) return { end: at, unbalanced: at !== strict };
    }
    return strict >= 0 ? { end: strict, unbalanced: false } : { end: tokens.count - 1, unbalanced: true };
  };

  /** A word at the first column after a closed block: where a definition begins. */
  const startsDefinition = (at: number): boolean => tokens.kind[at] === TokenKind.identifier && atFirstColumn(tokens, at) && punctuation(tokens, at + 1) !== 58;

  for (let from = 0; from < tokens.count;) {
    if (hidden[from] === Hidden.skipped) from += 1;
    else {
      // Attributes in front belong to the item; it is read from its first other token on.
      const item = { ...readItem(live(from)), from };
      items.push(item);
      from = Math.max(item.to, from + 1);
    }
  }
  return items;

  function readItem(start: number): Item {
    let last = -1; // the token before `at`
    let name = -1; // the last name in front of a parenthesis, and that parenthesis
    let open = -1;
    let close = -1;
    let onlySpecifiers = true;
    let macro = false;
    let assigned = false;
    let record = false;
    let braced = false;

    for (let at = start; at < tokens.count; last = at, at = live(at + 1)) {
      const code = punctuation(tokens, at);
      if (code === SEMICOLON) {
        if (macro) return { kind: 'macro-call', from: start, to: at + 1, nameToken: name, open, close };
        return { kind: name >= 0 && !assigned && !braced ? 'prototype' : 'declaration', from: start, to: at + 1, ...(name >= 0 ? { nameToken: name } : {}) };
      }
      if (code === CLOSE_BRACE) return { kind: 'declaration', from: start, to: at + 1, unbalanced: true };
      if (code === EQUALS) assigned = true;

      if (code === OPEN_PAREN) {
        const end = matching(at, OPEN_PAREN, CLOSE_PAREN);
        if (end < 0) return recover(start, at);
        const isName = last >= 0 && tokens.kind[last] === TokenKind.identifier && !assigned;
        if (isName && name < 0 && !keywords.has(wordAt(tokens, last))) {
          name = last;
          open = at;
          close = end;
          macro = onlySpecifiers;
          const next = live(end + 1);
          if (macro && endsWithoutSemicolon(end, next)) return { kind: 'macro-call', from: start, to: end + 1, nameToken: name, open, close };
        }
        at = end;
        continue;
      }
      if (code === OPEN_BRACKET) {
        const end = matching(at, OPEN_BRACKET, CLOSE_BRACKET);
        if (end > 0) at = end;
        continue;
      }
      if (code === OPEN_BRACE) {
        const { end, unbalanced } = blockEnd(at);
        if (name >= 0 && !assigned && !record) {
          const kind = macro ? 'macro-function' : 'function';
          return { kind, from: start, to: end + 1, nameToken: name, open, close, bodyOpen: at, ...(unbalanced ? { unbalanced } : {}) };
        }
        if (last >= 0 && tokens.kind[last] === TokenKind.string && wordAt(tokens, start) === 'extern') {
          return { kind: 'declaration', from: start, to: at + 1 }; // extern "C" {: its content is file scope
        }
        if (unbalanced) return { kind: 'declaration', from: start, to: end + 1, unbalanced };
        at = end;
        braced = true;
        record = false;
        continue;
      }
      if (tokens.kind[at] === TokenKind.identifier) {
        const word = wordAt(tokens, at);
        record = record ? record : word === 'struct' || word === 'union' || word === 'enum';
        if (punctuation(tokens, live(at + 1)) === OPEN_PAREN) record = false; // struct foo *f(…) {
        // `static DEFINE_MUTEX(x)`: nothing but specifiers before the name makes it a macro call.
        else if (!storageSpecifiers.has(word)) onlySpecifiers = false;
      } else onlySpecifiers = false;
    }
    return { kind: 'declaration', from: start, to: tokens.count, unbalanced: true };
  }

  /** `module_init(x)` with the next definition on a line of its own: kernel macros that bring their own semicolon. */
  function endsWithoutSemicolon(close: number, next: number): boolean {
    if (next >= tokens.count) return true;
    const code = punctuation(tokens, next);
    if (code === SEMICOLON || code === OPEN_BRACE || code === EQUALS || code === OPEN_PAREN || code === OPEN_BRACKET) return false;
    const newLine = tokens.text.slice(tokens.end[close], tokens.start[next]).includes('\n');
    return newLine;
  }

  /** A parenthesis is open to the end: give up at the next line that begins a definition. */
  function recover(start: number, open: number): Item {
    let at = live(open + 1);
    while (at < tokens.count && !(startsDefinition(at) && at > start + 1)) at = live(at + 1);
    return { kind: 'declaration', from: start, to: Math.max(at, start + 1), unbalanced: true };
  }
}
