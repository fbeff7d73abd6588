/** A text scanned by itself, and what was found as text: what golden files hold. */
import { Flag } from '../../../server/src/syntax/scan/block';
import { PADDING } from '../../../server/src/syntax/scan/byteLexer';
import { Names } from '../../../server/src/syntax/scan/names';
import { readBlock, type FileScan, type ItemScan, type RecordName } from '../../../server/src/syntax/scan/read';
import { Scanner } from '../../../server/src/syntax/scan/scanner';

export function scanText(text: string): FileScan {
  return scanBytes(Buffer.from(text));
}

export function scanBytes(text: Uint8Array, scanner = new Scanner(new Names())): FileScan {
  const bytes = new Uint8Array(text.length + PADDING);
  bytes.set(text);
  const block = scanner.scan(bytes, text.length);
  return readBlock(block.bytes.slice(0, block.length), scanner.names);
}

/** One line each for a definition, in the file's order, with its line counted from 1; what it uses stands below. A tag has `struct ` before it, whatever it is the tag of. */
export function summarize({ functions, records, macros, variables, registrations }: FileScan): string {
  const rows = [
    ...functions.map((item) => ({ line: item.line, row: `function ${item.name} @${item.line + 1}..${item.line + item.lines + 1} ${flagsOf(item.flags)}tokens=${item.bodyTokens}${usesOf(item)}` })),
    ...records.map(({ line, embeds, ...name }) => ({ line, row: `record ${nameOf(name)} @${line + 1}${list('embeds', embeds.map(nameOf))}` })),
    ...macros.map((item) => ({ line: item.line, row: `macro ${item.name} @${item.line + 1}${usesOf(item)}` })),
    ...variables.map((item) => ({ line: item.line, row: `variable ${item.name} @${item.line + 1}${usesOf(item)}` })),
    ...registrations.map((item) => ({ line: item.line, row: `registration ${item.name} @${item.line + 1}${usesOf(item)}` })),
  ];
  return rows.sort((one, other) => one.line - other.line).map(({ row }) => `${row}\n`).join('');
}

const flagsOf = (flags: number): string => Object.entries(Flag).filter(([, bit]) => (flags & bit) !== 0).map(([name]) => `${name} `).join('');
const nameOf = ({ name, isTag }: RecordName): string => (isTag ? `struct ${name}` : name);
const list = (what: string, names: readonly string[]): string => (names.length > 0 ? `\n  ${what} ${names.join(', ')}` : '');
const usesOf = ({ calls, mentions, types, stored, passed }: ItemScan): string =>
  list('calls', calls) + list('mentions', mentions) + list('types', types) + list('stores', stored.map(({ name, field }) => `${name} in .${field}`)) + list('passes', passed.map(({ name, to }) => `${name} to ${to}`));
