/** Which bracket closes which, for the whole file in one pass, so that no reader ever scans for a partner again. */
import { atFirstColumn } from './conditionals';
import { TokenKind, type Tokens } from './tokens';

export interface Brackets {
  /** By token index: the token that closes the `(`, `[` or `{` there, or -1. */
  readonly partner: Int32Array;
  /** Every `}` at the first column, where the kernel's style ends a definition, in order. */
  readonly columnBraces: readonly number[];
}

/**
 * Each kind of bracket is matched by itself, so that one that is missing while the text is typed spoils only its own
 * kind. A parenthesis or square bracket that opens inside a definition never closes beyond its `}` at the first column.
 */
export function matchBrackets(tokens: Tokens, hidden: Uint8Array): Brackets {
  const { count, kind, start, end, text } = tokens;
  const partner = new Int32Array(count).fill(-1);
  const columnBraces: number[] = [];
  const braces: number[] = [];
  const parentheses: number[] = [];
  const squares: number[] = [];
  const close = (open: number | undefined, at: number): void => {
    if (open !== undefined) partner[open] = at;
  };
  for (let at = 0; at < count; at += 1) {
    if (kind[at] !== TokenKind.punctuation || hidden[at] !== 0) continue;
    const from = start[at] ?? 0;
    if ((end[at] ?? 0) - from !== 1) continue;
    switch (text.charCodeAt(from)) {
      case 40:
        parentheses.push(at);
        break;
      case 41:
        close(parentheses.pop(), at);
        break;
      case 91:
        squares.push(at);
        break;
      case 93:
        close(squares.pop(), at);
        break;
      case 123:
        braces.push(at);
        break;
      case 125:
        if (atFirstColumn(tokens, at)) {
          columnBraces.push(at);
          const open = braces.at(-1);
          // MACRO(x, {⏎ … ⏎}); goes on in its parenthesis; the body of a function does not stand in one.
          const within = open === undefined || atFirstColumn(tokens, open) ? -1 : open;
          for (const unclosed of [parentheses, squares]) while ((unclosed.at(-1) ?? -1) > within) unclosed.pop();
        }
        close(braces.pop(), at);
        break;
    }
  }
  return { partner, columnBraces };
}

/** The first of the ascending numbers that is greater than `value`, or -1. */
export function firstAfter(numbers: readonly number[], value: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return numbers[low] ?? -1;
}
