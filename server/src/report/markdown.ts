/** Markdown as CommonMark and GitHub's tables have it, with text of the user's in it that stays text: names, messages and paths may hold anything. */
import { printable } from './style';

/** A name as it is: markup in it shows, and does nothing. */
export function code(text: string): string {
  const shown = printable(text).replaceAll('|', '\\|');
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  // A space beside a fence is taken away by whoever reads it, where there is one at both ends.
  return longest === 0 && shown.trim() !== '' ? `${fence}${shown}${fence}` : `${fence} ${shown} ${fence}`;
}

/** A sentence of ours or of the tree's, whose marks are no marks. Underscores within words are none anyway. */
export function prose(text: string): string {
  return printable(text.replace(/\s*\n\s*/g, ' '))
    .replace(/[\\`*[\]<>|~&]/g, '\\$&')
    .replace(/(?<!\w)_|_(?!\w)/g, '\\_')
    .replace(/^(\s*)([#+-]|\d+[.)])(?=\s|$)/, '$1\\$2');
}

/** @param cells Markdown already */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

/** What is left of a list that is cut, as its last element. */
export const more = (rest: number): readonly string[] => (rest === 0 ? [] : [`… and ${rest} more`]);
