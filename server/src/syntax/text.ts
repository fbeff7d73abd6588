/** Small helpers over C text. */

/** Comments dropped, white space folded to single blanks, ends trimmed. */
export function fold(text: string): string {
  return text
    .replace(/\/\*[^]*?\*\/|\/\/[^\n]*/g, ' ')
    .replace(/\\?\s+/g, ' ')
    .trim();
}
