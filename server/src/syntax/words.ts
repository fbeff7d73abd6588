/** Tokens one by one: their text, and which parenthesis closes which. */
import { TokenKind, type Tokens } from './tokens';

/** Code of a token that is one punctuation character, else 0. */
export function punctuation(tokens: Tokens, index: number): number {
  if (index < 0 || index >= tokens.count || tokens.kind[index] !== TokenKind.punctuation) return 0;
  const start = tokens.start[index] ?? 0;
  return (tokens.end[index] ?? 0) - start === 1 ? tokens.text.charCodeAt(start) : 0;
}

export function wordAt(tokens: Tokens, index: number): string {
  return tokens.text.slice(tokens.start[index], tokens.end[index]);
}

/** Index of the `)` that closes the `(` at `open`, below `limit`. */
export function closing(tokens: Tokens, open: number, limit: number): number | undefined {
  let depth = 0;
  for (let at = open; at < limit; at += 1) {
    const code = punctuation(tokens, at);
    if (code === 40) depth += 1;
    else if (code === 41 && --depth === 0) return at;
  }
  return undefined;
}
