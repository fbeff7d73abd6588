import { lineStartsOf, type PositionRange } from '../../server/src/syntax/positions';

/**
 * The edit's text with one function put back to its baseline: `range` is the function in the edit, `baseline` its text
 * there, or null when the baseline has no such function and it is left out.
 */
export function withFunction(text: string, range: PositionRange, baseline: string | null): string {
  const starts = lineStartsOf(text);
  const offset = ({ line, character }: PositionRange['start']) => Math.min((starts[line] ?? text.length) + character, text.length);
  const before = text.slice(0, offset(range.start));
  const after = text.slice(offset(range.end));
  // A text cut by whole lines ends in a line break that the range, which ends at the brace, does not hold.
  const body = baseline === null ? '' : /^\r?\n/.test(after) ? baseline.replace(/(\r?\n)+$/, '') : baseline;
  return before + body + after;
}
