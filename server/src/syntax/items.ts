/**
 * Splits a file into its file-scope items: function definitions, declarations, macro calls. Done on tokens, so that
 * an error inside one item cannot swallow its neighbors; tree-sitter then reads each item by itself.
 */
import { firstAfter } from './brackets';
import { atFirstColumn } from './conditionals';
import { keywords, storageSpecifiers } from './macros';
import { knownMakers } from './makers';
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

export interface SplitItem extends Item {
  /** One past the last token that had a say in it. */
  readonly seen: number;
}

/** What a text has in common with the one read before it: not only tokens, but how they are read. */
export interface Agreement {
  /** Items of the text read before. */
  readonly items: readonly SplitItem[];
  /** Tokens at the beginning that are the same, read or hidden alike, and with the same partners. */
  readonly prefix: number;
  /** From this token on the same holds to the end, the partners moved with their brackets. */
  readonly suffixStart: number;
  /** From a token of the text before to the same one of this text, behind the edit. */
  readonly moved: number;
}

/** The items of a text, and how many at either end are those of the text read before. */
export interface Split {
  readonly items: readonly SplitItem[];
  readonly prefix: number;
  readonly suffix: number;
}

const OPEN_PAREN = 40, STAR = 42, COMMA = 44, DOT = 46, SEMICOLON = 59, EQUALS = 61, OPEN_BRACKET = 91, OPEN_BRACE = 123, CLOSE_BRACE = 125;
const CLOSERS: ReadonlySet<number> = new Set([41, 93, COMMA, CLOSE_BRACE]);

/** @param agreed what the text has in common with the one read before, and that one's items (agreement.ts) */
export function splitItems({ tokens, hidden, partner, columnBraces }: Reading, agreed?: Agreement): Split {
  const items: SplitItem[] = [];
  let starts: number[] | undefined;
  /** One past the last token looked at for the item being read. */
  let seen = 0;
  const look = (at: number): number => {
    if (at >= seen) seen = at + 1;
    return at;
  };
  /** The next token that is read, from `index` on: no directive, no branch passed over, no attribute. */
  const live = (index: number): number => {
    let at = index;
    while (at < tokens.count && hidden[at] !== 0) at += 1;
    return look(at);
  };
  /** The first place of a list that is greater than `value`, or -1: nothing between is in the list, nor, for -1, anything behind. */
  const next = (places: readonly number[], value: number): number => {
    const found = firstAfter(places, value);
    look(found < 0 ? tokens.count : found + 1);
    return found;
  };
  const nextDefinition = (value: number): number => next((starts ??= startsOfDefinitions()), value);

  /** The `}` of a block; by the kernel's style at the first column when the braces do not match up. */
  const blockEnd = (open: number): { end: number; unbalanced: boolean } => {
    const strict = partner[open] ?? -1;
    if (strict >= 0 && (lineBeginsWithBrace(strict) || !crossesLine(open, strict))) return { end: strict, unbalanced: false };
    const column = next(columnBraces, open);
    const nextStart = strict < 0 ? -1 : nextDefinition(strict);
    const styleIsKernel = column >= 0 && (nextStart < 0 || column < nextStart);
    if (styleIsKernel) return { end: column, unbalanced: column !== strict };
    return strict >= 0 ? { end: strict, unbalanced: false } : { end: tokens.count - 1, unbalanced: true };
  };

  for (const item of agreed?.items ?? []) {
    if (item.seen > (agreed?.prefix ?? 0)) break;
    items.push(item);
  }
  const prefix = items.length;
  let met = prefix;
  for (let from = endOf(items.at(-1)); from < tokens.count;) {
    if (hidden[from] === Hidden.skipped) {
      from += 1;
      continue;
    }
    if (agreed !== undefined && from >= agreed.suffixStart) {
      // From here on everything is as it was, once an item begins where one began.
      while (met < agreed.items.length && (agreed.items[met]?.from ?? 0) + agreed.moved < from) met += 1;
      if ((agreed.items[met]?.from ?? -1) + agreed.moved === from) {
        const suffix = agreed.items.slice(met);
        return { items: [...items, ...suffix.map((item) => movedBy(item, agreed.moved))], prefix, suffix: suffix.length };
      }
    }
    // Attributes in front belong to the item; it is read from its first other token on.
    seen = 0;
    const item = { ...readItem(live(from)), from };
    items.push({ ...item, seen: Math.max(seen, item.to) });
    from = endOf(item);
  }
  return { items, prefix, suffix: 0 };

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
        const body = name >= 0 && !assigned && !braced ? oldStyleBody(open, close) : -1;
        if (body >= 0) {
          at = body - 1;
          record = false;
          continue;
        }
        return { kind: name >= 0 && !assigned && !braced ? 'prototype' : 'declaration', from: start, to: at + 1, ...(name >= 0 ? { nameToken: name, open, close } : {}) };
      }
      if (code === CLOSE_BRACE) return { kind: 'declaration', from: start, to: at + 1, unbalanced: true };
      if (code === EQUALS) assigned = true;

      if (code === OPEN_PAREN) {
        const end = partner[at] ?? -1;
        if (end < 0) return recover(start, at);
        const isName = last >= 0 && tokens.kind[last] === TokenKind.identifier && !assigned;
        if (isName && name < 0 && !keywords.has(wordAt(tokens, last))) {
          name = last;
          open = at;
          close = end;
          // A macro alone on a line may stand in front: it is no type of what SYSCALL_DEFINE1(…) opens.
          macro = (onlySpecifiers || knownMakers.get(wordAt(tokens, last))?.opens !== undefined) && oldStyleBody(open, close) < 0;
          const behind = live(end + 1);
          if (macro && punctuation(tokens, behind) === DOT) return { kind: 'macro-call', from: start, to: openTableEnd(behind), nameToken: name, open, close };
          if (macro && endsWithoutSemicolon(end, behind)) return { kind: 'macro-call', from: start, to: end + 1, nameToken: name, open, close };
        }
        const inner = name < 0 && !assigned ? nameInside(at) : -1;
        if (inner >= 0) {
          name = inner;
          open = live(inner + 1);
          close = partner[open] ?? end;
        }
        at = end;
        continue;
      }
      if (code === OPEN_BRACKET) {
        at = Math.max(at, partner[at] ?? -1);
        continue;
      }
      if (code === OPEN_BRACE) {
        const { end, unbalanced } = blockEnd(at);
        const isTable = macro && punctuation(tokens, live(at + 1)) === DOT; // define_machine(x) { .name = … };
        if (name >= 0 && !assigned && !record && !isTable) {
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

  /** `int (*name(int x))(void)`: the name of a function that gives a pointer to one, or -1. */
  function nameInside(paren: number): number {
    let at = live(paren + 1);
    if (punctuation(tokens, at) !== STAR) return -1;
    while (punctuation(tokens, at) === STAR) at = live(at + 1);
    const behind = live(at + 1);
    return tokens.kind[at] === TokenKind.identifier && punctuation(tokens, behind) === OPEN_PAREN && (partner[behind] ?? -1) >= 0 ? at : -1;
  }

  /** `module_init(x)` with the next definition on a line of its own: kernel macros that bring their own semicolon. */
  function endsWithoutSemicolon(close: number, behind: number): boolean {
    if (behind >= tokens.count) return true;
    const code = punctuation(tokens, behind);
    if (code === SEMICOLON || code === OPEN_BRACE || code === EQUALS || code === OPEN_PAREN || code === OPEN_BRACKET) return false;
    return crossesLine(close, behind);
  }

  /** MACHINE_START(…) .field = …, … MACHINE_END: macros that open and close an initializer; ends after the closing word. */
  function openTableEnd(from: number): number {
    const end = nextDefinition(from);
    return end < 0 ? tokens.count : end + 1;
  }

  /**
   * The body of a definition as before C89, `int f(a, b) int a, b; { … }`, or -1: the list holds names alone, and each
   * is declared before the body.
   */
  function oldStyleBody(open: number, close: number): number {
    const names = new Set<string>();
    for (let at = open + 1; at < close; at += 1) {
      if (tokens.kind[at] === TokenKind.identifier && !keywords.has(wordAt(tokens, at))) names.add(wordAt(tokens, at));
      else if (punctuation(tokens, at) !== COMMA) return -1;
    }
    if (names.size === 0 || tokens.kind[live(close + 1)] !== TokenKind.identifier) return -1;
    for (let at = live(close + 1); at < tokens.count; at = live(at + 1)) {
      const code = punctuation(tokens, at);
      if (code === OPEN_BRACE || code === EQUALS || code === OPEN_PAREN) return -1;
      if (tokens.kind[at] === TokenKind.identifier) names.delete(wordAt(tokens, at));
      else if (code === SEMICOLON && names.size === 0) return punctuation(tokens, live(at + 1)) === OPEN_BRACE ? live(at + 1) : -1;
    }
    return -1;
  }

  /** A parenthesis is open to the end: give up at the next line that begins a definition. */
  function recover(start: number, open: number): Item {
    const end = nextDefinition(Math.max(open, start + 1));
    return { kind: 'declaration', from: start, to: end < 0 ? tokens.count : end, unbalanced: true };
  }

  /** Words at the first column, labels apart: where a definition begins. */
  function startsOfDefinitions(): number[] {
    const found: number[] = [];
    for (let at = 0; at < tokens.count; at += 1) {
      if (tokens.kind[at] === TokenKind.identifier && hidden[at] === 0 && atFirstColumn(tokens, at) && punctuation(tokens, at + 1) !== 58) found.push(at);
    }
    return found;
  }

  function crossesLine(from: number, to: number): boolean {
    return tokens.text.slice(tokens.end[from], tokens.start[to]).includes('\n');
  }

  /** `}`, `}}`, `})}` … from the first column on. */
  function lineBeginsWithBrace(brace: number): boolean {
    let at = brace;
    while (at > 0 && !atFirstColumn(tokens, at) && CLOSERS.has(punctuation(tokens, at - 1))) at -= 1;
    return punctuation(tokens, at) === CLOSE_BRACE && atFirstColumn(tokens, at);
  }
}

/** Where the next item may begin. */
const endOf = (item: Item | undefined): number => (item === undefined ? 0 : Math.max(item.to, item.from + 1));

function movedBy(item: SplitItem, by: number): SplitItem {
  if (by === 0) return item;
  const { kind, nameToken, open, close, bodyOpen, unbalanced } = item;
  return {
    kind,
    from: item.from + by,
    to: item.to + by,
    ...(nameToken === undefined ? {} : { nameToken: nameToken + by }),
    ...(open === undefined ? {} : { open: open + by }),
    ...(close === undefined ? {} : { close: close + by }),
    ...(bodyOpen === undefined ? {} : { bodyOpen: bodyOpen + by }),
    ...(unbalanced === undefined ? {} : { unbalanced }),
    seen: item.seen + by,
  };
}
