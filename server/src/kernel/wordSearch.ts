/** Which files hold which of some words, by reading each file once. */
import { letOthersRun } from './letOthersRun';

/** Gives a file's bytes for a moment: good until the next call. Undefined when there is none. */
export type BytesOf = (path: string) => Uint8Array | undefined | Promise<Uint8Array | undefined>;

/** Up to this many words each is looked for by itself, which is as fast as memory; above, a file's words are looked up. */
const FEW = 8;
/** Bytes read before others may run: some 5 ms. */
const SLICE = 4 << 20;

/** @param words C identifiers or phrases that begin and end with one; found as whole words */
export async function filesHolding(words: readonly string[], paths: Iterable<string>, bytesOf: BytesOf, signal?: AbortSignal): Promise<Map<string, string[]>> {
  const found = new Map(words.map((word): [string, string[]] => [word, []]));
  const isSimple = words.length > FEW && words.every((word) => /^\w+$/.test(word));
  const needles = words.map((word): [string, Buffer] => [word, Buffer.from(word)]);
  let read = 0;
  for (const path of paths) {
    if (read > SLICE) {
      read = 0;
      await letOthersRun();
      signal?.throwIfAborted();
    }
    const given = bytesOf(path);
    // At once where they are at hand: somebody else may read another file into the same bytes meanwhile.
    const bytes = given instanceof Promise ? await given : given;
    if (bytes === undefined) continue;
    read += bytes.length;
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    if (isSimple) for (const word of new Set(buffer.toString('latin1').match(/\w+/g))) found.get(word)?.push(path);
    else for (const [word, needle] of needles) if (holds(buffer, needle)) found.get(word)?.push(path);
  }
  return found;
}

function holds(buffer: Buffer, word: Buffer): boolean {
  for (let at = buffer.indexOf(word); at !== -1; at = buffer.indexOf(word, at + 1)) {
    if (!(isWordPart(word[0]) && isWordPart(buffer[at - 1])) && !(isWordPart(word.at(-1)) && isWordPart(buffer[at + word.length]))) return true;
  }
  return false;
}

/** A letter, a digit or an underscore. */
const isWordPart = (byte: number | undefined): boolean => byte !== undefined && (byte === 95 || (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122));
