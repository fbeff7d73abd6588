/** Small helpers over text. */
import { Lexer } from './lexer';

/** Comments dropped, white space folded to single blanks, ends trimmed; what strings hold stays as it is. */
export function fold(text: string): string {
  const lexer = new Lexer(text, 0, text.length, false);
  // Joined, not added up: facts keep the result, and a sum would keep each of its parts beside it.
  const pieces: string[] = [];
  let end = -1;
  while (lexer.next()) {
    if (end >= 0 && end !== lexer.start) pieces.push(' ');
    pieces.push(text.slice(lexer.start, lexer.end));
    end = lexer.end;
  }
  return pieces.join('');
}

/** Orders by UTF-16 code units: the same on every machine, whatever its language. */
export function compareTexts(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
