/** Small helpers over text. */
import { Lexer } from './lexer';

/** Comments dropped, white space folded to single blanks, ends trimmed; what strings hold stays as it is. */
export function fold(text: string): string {
  const lexer = new Lexer(text, 0, text.length, false);
  let folded = '';
  let end = -1;
  while (lexer.next()) {
    folded += (end < 0 || end === lexer.start ? '' : ' ') + text.slice(lexer.start, lexer.end);
    end = lexer.end;
  }
  return folded;
}

/** Orders by UTF-16 code units: the same on every machine, whatever its language. */
export function compareTexts(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
