/** Reads the files of an edit: what is no regular file, or too large, is said and not followed. */
import { lstat, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { EditedFile } from '../result';
import { codeOf, reasonOf } from './files';
import { decodeText, largestText, tooLarge } from '../syntax/decode';

export type Reading =
  | { readonly kind: 'file'; readonly bytes: Uint8Array }
  | { readonly kind: 'none' }
  /** No regular file, or a file not worth reading: `reason` ends a sentence that begins with its path. */
  | { readonly kind: 'other'; readonly reason: string };

/** Reads `path` below `tree` without following any symbolic link on the way. */
export async function readTreeFile(tree: string, path: string): Promise<Reading> {
  try {
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
      if ((await lstat(join(tree, folder))).isSymbolicLink()) return { kind: 'other', reason: `lies behind the symbolic link ${folder}` };
    }
    const status = await lstat(join(tree, path));
    if (status.isSymbolicLink()) return { kind: 'other', reason: 'is a symbolic link' };
    if (status.isDirectory()) return { kind: 'none' };
    if (!status.isFile()) return { kind: 'other', reason: 'is no regular file' };
    if (status.size > largestText) return { kind: 'other', reason: tooLarge(status.size).unreadable };
    const file = await open(join(tree, path));
    try {
      return { kind: 'file', bytes: await file.readFile() };
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return { kind: 'none' };
    return { kind: 'other', reason: `could not be read: ${reasonOf(error)}` };
  }
}

/** One side of a file; none of the three is set where there is no file. */
export interface Side {
  readonly text?: string;
  readonly unreadable?: string;
  readonly note?: string;
}

export function decodeReading(reading: Reading): Side {
  switch (reading.kind) {
    case 'none':
      return {};
    case 'other':
      return { unreadable: reading.reason };
    case 'file':
      return decodeText(reading.bytes);
  }
}

/** Two sides as one edited file; none when both have the same text. A note is a sentence about how it was read. */
export function sideBySide(path: string, sides: { readonly before: Side; readonly after: Side }): { readonly file?: EditedFile; readonly note?: string } {
  const { before, after } = sides;
  const reason = after.unreadable ?? (before.unreadable === undefined ? undefined : `${before.unreadable} (in the baseline)`);
  if (reason !== undefined) return { file: { path, unreadable: reason } };
  if (before.text === after.text) return {};
  const note = after.note ?? before.note;
  return {
    file: { path, ...(before.text === undefined ? {} : { before: before.text }), ...(after.text === undefined ? {} : { after: after.text }) },
    ...(note === undefined ? {} : { note: `${path} ${note}` }),
  };
}

/** Everything a stream gives. */
export async function readBytes(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
