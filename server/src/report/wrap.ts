/** Lines for a terminal that is not wide. */

/** Below this a terminal cuts words, whatever is done: it is not gone below. */
const NARROWEST = 40;

// eslint-disable-next-line no-control-regex
const SGR = /\x1b\[\d+m/g;

/** How many columns a text takes; colors take none. Wide and combining characters are counted as one. */
export function widthOf(text: string): number {
  return text.replace(SGR, '').length;
}

/**
 * Breaks a line at spaces so that it fits; what follows the first line is indented by `hanging` columns more than the line itself. A word that is too long stays whole, so
 * that a path can still be clicked on.
 *
 * @param width columns of the terminal; undefined where there is none: files and pipes get whole lines, which can be searched
 */
export function wrapped(line: string, width: number | undefined, hanging = 4): string {
  const most = Math.max(width ?? Infinity, NARROWEST);
  if (widthOf(line) <= most) return line;
  const [indent = ''] = /^ */.exec(line) ?? [];
  const further = ' '.repeat(indent.length + hanging);
  const lines: string[] = [];
  let current = indent;
  let isEmpty = true;
  for (const word of line.slice(indent.length).split(' ')) {
    if (!isEmpty && widthOf(current) + 1 + widthOf(word) > most) {
      lines.push(current);
      current = further;
      isEmpty = true;
    }
    current += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, current].join('\n');
}

/** Cells in columns, two spaces apart; a row that does not fit has its last cell on a line of its own. */
export function table(rows: readonly (readonly string[])[], indent: number, width: number | undefined): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length - 1));
  const widths = Array.from({ length: columns }, (_, column) => Math.max(0, ...rows.map((row) => widthOf(row[column] ?? ''))));
  const most = Math.max(width ?? Infinity, NARROWEST);
  return rows.flatMap((row) => {
    const padded = row.map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - widthOf(cell))));
    const line = `${' '.repeat(indent)}${padded.join('  ').trimEnd()}`;
    if (widthOf(line) <= most) return [line];
    return [`${' '.repeat(indent)}${row.slice(0, -1).join('  ')}`, `${' '.repeat(indent + 4)}${row.at(-1) ?? ''}`];
  });
}
