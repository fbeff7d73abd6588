import { Range, Uri, window } from 'vscode';
import type { PositionRange } from '../../../server/src/syntax/positions';

/** Opens a file with the cursor at a place, in the middle of the editor. */
export async function openPlace(uri: string, range: PositionRange): Promise<void> {
  const start = rangeOf({ start: range.start, end: range.start });
  await window.showTextDocument(Uri.parse(uri), { selection: start, preview: true });
}

export function rangeOf({ start, end }: PositionRange): Range {
  return new Range(start.line, start.character, end.line, end.character);
}
