import type { Range } from './facts';

/** Zero-based line and UTF-16 character, as in the Language Server Protocol. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface PositionRange {
  readonly start: Position;
  readonly end: Position;
}

/** Offsets at which lines start; `\n`, `\r\n` and a lone `\r` end a line, as in the Language Server Protocol. */
export function lineStartsOf(text: string): number[] {
  const starts = [0];
  if (!text.includes('\r')) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    return starts;
  }
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) starts.push(at + 1);
  }
  return starts;
}

/** The position of an offset; an offset past the end counts on in the last line. */
export function positionAt(lineStarts: readonly number[], offset: number): Position {
  const line = lastNotAfter(lineStarts, offset);
  return { line, character: offset - (lineStarts[line] ?? 0) };
}

/** Index of the last of the ascending `starts` that is not after `value`; 0 when all are. */
export function lastNotAfter(starts: readonly number[], value: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function positionsOf(lineStarts: readonly number[], range: Range): PositionRange {
  return { start: positionAt(lineStarts, range.start), end: positionAt(lineStarts, range.end) };
}
