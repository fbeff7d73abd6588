/** Words in color, or plain: a terminal's SGR sequences (ECMA-48, 8.3.117) around a text. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly green: (text: string) => string;
  readonly cyan: (text: string) => string;
}

const sgr = (on: number, off: number) => (text: string): string => `\x1b[${on}m${text}\x1b[${off}m`;
const same = (text: string): string => text;

export const colored: Style = { bold: sgr(1, 22), dim: sgr(2, 22), red: sgr(31, 39), yellow: sgr(33, 39), green: sgr(32, 39), cyan: sgr(36, 39) };
export const plain: Style = { bold: same, dim: same, red: same, yellow: same, green: same, cyan: same };

/** How a report for a person is laid out. */
export interface HumanOptions {
  readonly style?: Style;
  /** The text a file's findings point into; undefined when it is not at hand: then no line of it is shown. */
  readonly textOf?: (path: string) => string | undefined;
  /** Columns of the terminal; undefined where there is none: then no line is broken. */
  readonly width?: number;
}

/** A text from a tree or a patch, safe to print: control characters, which a terminal would obey, become visible. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\0-\x08\x0a-\x1f\x7f-\x9f]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
