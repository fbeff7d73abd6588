/** The scanner's functions in the shape of the facts', so that both are held against ctags in the same way. */
import type { Range } from '../../../server/src/syntax/facts';
import { Flag } from '../../../server/src/syntax/scan/block';
import { Names } from '../../../server/src/syntax/scan/names';
import { Scanner } from '../../../server/src/syntax/scan/scanner';
import { lineStartsOf } from '../../../server/src/syntax/positions';
import { scanBytes } from '../scan/scanText';

export interface ScannedFunction {
  readonly name: string;
  /** What it calls, when a macro made it: its maker is among them. */
  readonly makers: readonly string[];
  /** From the line of its name to that of its closing brace, both in full. */
  readonly range: Range;
}

const scanner = new Scanner(new Names());

export function scannedFunctions(text: string): ScannedFunction[] {
  const starts = lineStartsOf(text);
  return scanBytes(Buffer.from(text), scanner).functions.map(({ name, line, lines, flags, calls }) => ({
    name,
    makers: (flags & Flag.macroMade) === 0 ? [] : calls,
    range: { start: starts[line] ?? text.length, end: starts[line + lines + 1] ?? text.length },
  }));
}
