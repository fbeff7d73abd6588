/** Every reader of text, with what holds of its answers whatever it reads. A reader may refuse only with the error it names. */
import { expect } from 'vitest';
import { decodeMails } from '../../../server/src/change/mail';
import { applyPatches } from '../../../server/src/change/patch';
import { parseUnifiedDiff, PatchError } from '../../../server/src/change/unifiedDiff';
import { evaluate } from '../../../server/src/kernel/expression';
import { parseConfig, parseKconfig } from '../../../server/src/kernel/kconfig';
import { Makefile } from '../../../server/src/kernel/makefile';
import { decodeText } from '../../../server/src/syntax/decode';
import { extractFacts, FactReader } from '../../../server/src/syntax/extract';
import { Names } from '../../../server/src/syntax/scan/names';
import type { FileScan } from '../../../server/src/syntax/scan/read';
import { Scanner } from '../../../server/src/syntax/scan/scanner';
import { scanBytes } from '../scan/scanText';
import { expectSound } from '../sound';

export type SourceKind = 'c' | 'patch' | 'makefile' | 'kconfig' | 'config';

export interface FuzzedReader {
  readonly name: string;
  readonly reads: SourceKind;
  /** Its answer, as plain data. */
  readonly read: (bytes: Buffer) => unknown;
  /** Fails when the answer cannot be right. */
  readonly check?: (bytes: Buffer, answer: unknown) => void;
  /** The error it may answer with. */
  readonly refuses?: new (...args: never[]) => Error;
}

/** One scanner and one reader for all files, as in the product: what one file leaves behind must not reach the next. */
const scanner = new Scanner(new Names());
const factReader = new FactReader();

export const readers: readonly FuzzedReader[] = [
  { name: 'the scanner and its blocks', reads: 'c', read: (bytes) => scanBytes(bytes, scanner), check: (bytes, answer) => { expectSoundScan(bytes, answer as FileScan); } },
  {
    name: 'facts',
    reads: 'c',
    read: (bytes) => extractFacts(bytes.toString()),
    check: (bytes, answer) => {
      const text = bytes.toString();
      expectSound(text, answer as ReturnType<typeof extractFacts>);
      expect(factReader.read(text)).toEqual(answer);
    },
  },
  { name: 'decoding', reads: 'c', read: decodeText },
  { name: 'mails', reads: 'patch', read: (bytes) => decodeMails(bytes.toString('latin1')) },
  { name: 'unified diffs', reads: 'patch', read: (bytes) => parseUnifiedDiff(bytes.toString('latin1')), refuses: PatchError },
  { name: 'patches, applied', reads: 'patch', read: async (bytes) => [...(await applyPatches([{ name: 'fuzz.patch', text: bytes.toString('latin1') }], () => Promise.resolve('int depot;\n')))], refuses: PatchError },
  {
    name: 'Makefiles',
    reads: 'makefile',
    read: async (bytes) => {
      const makefile = await Makefile.read('fs/Makefile', 'fs', 'fs', () => Promise.resolve(bytes.toString()));
      return [[...(makefile?.uses ?? [])], makefile?.unread, makefile?.wordsOf('obj-y')];
    },
  },
  { name: 'Kconfig', reads: 'kconfig', read: (bytes) => [...parseKconfig(bytes.toString())] },
  { name: '.config', reads: 'config', read: (bytes) => { const config = parseConfig(bytes.toString()); return [config('CONFIG_DEPOT'), config('CONFIG_X')]; } },
  // Lines stand in for conditions: they hold names, operators and whatever was done to them.
  { name: 'conditions', reads: 'c', read: (bytes) => bytes.toString().split('\n').map((line) => String(evaluate(line, { identifier: () => undefined }))) },
];

/** Lines lie in the file, names are not empty, and there is no more of anything than the text has bytes. */
export function expectSoundScan(bytes: Uint8Array, scan: FileScan): void {
  let lines = 0;
  for (const byte of bytes) if (byte === 10) lines += 1;
  let entries = 0;
  const wrong: unknown[] = [];
  for (const item of [...scan.functions, ...scan.macros, ...scan.variables, ...scan.registrations]) {
    const last = item.line + ('lines' in item ? (item as FileScan['functions'][number]).lines : 0);
    if (item.name === '' || item.line < 0 || last > lines) wrong.push(item);
    entries += 1 + item.calls.length + item.mentions.length + item.types.length + item.stored.length + item.passed.length;
  }
  for (const record of scan.records) {
    if (record.name === '' || record.line < 0 || record.line > lines) wrong.push(record);
    entries += 1 + record.embeds.length;
  }
  expect(wrong.slice(0, 3)).toEqual([]);
  expect(entries).toBeLessThanOrEqual(bytes.length);
}
