/** From offsets to tokens and back: what stands in a range of the user's text. */
import type { Hash } from './facts';
import { hashTokens } from './hash';
import { keywords } from './macros';
import { Hidden, punctuation, wordAt, type Reading } from './reading';
import { fold } from './text';
import { TokenKind, type Tokens } from './tokens';

/** The first token that ends after `offset`. */
export function tokenAt(tokens: Tokens, offset: number): number {
  let low = 0;
  let high = tokens.count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tokens.end[middle] ?? 0) > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Hash of the tokens in [start, end). */
export function hashRange(tokens: Tokens, start: number, end: number): Hash {
  return hashTokens(tokens, tokenAt(tokens, start), tokenAt(tokens, end));
}

/** Names in [start, end), once each: no keywords, no members (`.x`, `->x`). */
export function identifiersIn(tokens: Tokens, start: number, end: number): string[] {
  const names = new Set<string>();
  for (let at = tokenAt(tokens, start); at < tokens.count && (tokens.start[at] ?? 0) < end; at += 1) {
    if (tokens.kind[at] !== TokenKind.identifier) continue;
    const before = at > 0 ? wordAt(tokens, at - 1) : '';
    const word = wordAt(tokens, at);
    if (before !== '.' && before !== '->' && !keywords.has(word)) names.add(word);
  }
  return [...names];
}

/** Attribute macros in [start, end), with their arguments; with `adjacent`, only those before the first other token. */
export function attributesIn({ tokens, hidden, learnt }: Reading, start: number, end: number, adjacent = false): string[] {
  const found: string[] = [];
  for (let at = tokenAt(tokens, start); at < tokens.count && (tokens.start[at] ?? 0) < end; at += 1) {
    if (hidden[at] !== Hidden.attribute) {
      if (adjacent && hidden[at] === Hidden.no) break;
      continue;
    }
    let text = wordAt(tokens, at);
    const meant = learnt.get(text);
    const open = at + 1;
    if (punctuation(tokens, at + 1) === 40 && hidden[at + 1] === Hidden.attribute) {
      let depth = 0;
      do {
        at += 1;
        const code = punctuation(tokens, at);
        depth += code === 40 ? 1 : code === 41 ? -1 : 0;
        const word = wordAt(tokens, at);
        text += /\w$/.test(text) && /^\w/.test(word) ? ` ${word}` : word;
      } while (depth > 0 && at + 1 < tokens.count);
    }
    // A macro that stands for attributes is told as these: the layout of a record rests on them.
    if (meant === undefined || meant.varies === true) found.push(text);
    else {
      const args = meant.form === 'call' ? splitArguments(tokens, open, at) : [];
      found.push(...meant.means.map((attribute) => attribute.replace(/\$(\d+)\$/g, (_, index: string) => args[Number(index)] ?? '')));
    }
  }
  return found;
}

/** The arguments between the parentheses at `open` and `close`, as written, white space folded. */
export function splitArguments(tokens: Tokens, open: number, close: number): string[] {
  const args: string[] = [];
  let depth = 0;
  let from = tokens.end[open] ?? 0;
  for (let at = open + 1; at <= close; at += 1) {
    const code = punctuation(tokens, at);
    if (code === 40 || code === 123 || code === 91) depth += 1;
    else if (at === close || (code === 44 && depth === 0)) {
      const text = fold(tokens.text.slice(from, tokens.start[at]));
      if (text !== '' || at !== close || args.length > 0) args.push(text);
      from = tokens.end[at] ?? 0;
    } else if (code === 41 || code === 125 || code === 93) depth -= 1;
  }
  return args;
}
