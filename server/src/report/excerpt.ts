/** The line a finding points at and, below it, what it points at, as compilers show it. */
import { positionAt } from '../syntax/positions';
import type { Range } from '../syntax/facts';
import { printable, type Style } from './style';

/** Longer lines are generated or data: a caret below them helps nobody. */
const LONGEST = 160;

const TAB = 8;

/** Empty where there is nothing to show. A range over several lines is marked to the first one's end. */
export function excerptLines(starts: readonly number[], range: Range, text: string | undefined, style: Style, width = Infinity): string[] {
  if (text === undefined) return [];
  const { line, character } = positionAt(starts, range.start);
  const start = starts[line] ?? 0;
  const content = text.slice(start, starts[line + 1] ?? text.length).replace(/[\r\n]+$/, '');
  const gutter = String(line + 1).length + 7;
  if (content.trim() === '' || content.length > LONGEST || gutter + columnsOf(content) > width) return [];
  const length = Math.max(1, Math.min(range.end, start + content.length) - range.start);
  // The same tabs before the caret as in the line keep it below its character whatever a tab's width.
  const indent = content.slice(0, character).replace(/[^\t]/g, ' ');
  return [
    `    ${style.dim(`${line + 1} |`)} ${printable(content)}`,
    `    ${style.dim(`${' '.repeat(gutter - 7)} |`)} ${indent}${style.green(`^${'~'.repeat(length - 1)}`)}`,
  ];
}

/** Columns of a line, taking a tab for the most it can be. */
function columnsOf(content: string): number {
  return content.length + (content.split('\t').length - 1) * (TAB - 1);
}
