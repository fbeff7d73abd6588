/** Scans single files for a question about them. */
import { BlockReader, type BlockWriter } from '../../syntax/scan/block';
import { WORD } from '../../syntax/scan/characters';
import { findName, Names, type Space } from '../../syntax/scan/names';
import { readBlock, type FileScan } from '../../syntax/scan/read';
import { Scanner } from '../../syntax/scan/scanner';

/** One file after the other, as the user sees it. */
export interface SourceReader {
  /** The text lies in [0, length), with PADDING zeros behind it; good until the next `read`. */
  readonly bytes: Uint8Array;
  readonly length: number;
  /** False when there is no such file, or it cannot be read. */
  read(path: string): boolean;
}

/** Names kept from file to file: some 20 MB. Few are new in another file, but all files of the kernel have two million. */
const MOST_NAMES = 200_000;

export class SpotScanner {
  #scanner = new Scanner(new Names());
  #last: BlockWriter | undefined;

  /**
   * What the methods below tell is of this file, until the next one.
   *
   * @param places where in it the words stand that are asked for: what is told of others is not all of it then
   */
  scan({ bytes, length }: SourceReader, places?: readonly number[]): void {
    if (this.#scanner.names.count > MOST_NAMES) this.#scanner = new Scanner(new Names());
    this.#last = this.#scanner.scan(bytes, length, places);
  }

  /** The number of a name, or -1 when no file scanned so far has it. */
  find(name: string, space: Space): number {
    return findName(this.#scanner.names, Buffer.from(name), space);
  }

  readonly nameOf = (id: number): string => this.#scanner.names.text(id);

  block(): BlockReader {
    const { bytes, length } = this.#last ?? { bytes: new Uint8Array(), length: 0 };
    return new BlockReader(bytes, 0, length);
  }

  plain(source: SourceReader): FileScan {
    this.scan(source);
    const { bytes, length } = this.#last ?? { bytes: new Uint8Array(), length: 0 };
    return readBlock(bytes.subarray(0, length), this.#scanner.names);
  }
}

/** Where in a file the words stand, in order. */
export function placesOf(words: readonly Uint8Array[], { bytes, length }: SourceReader): number[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, length);
  const places: number[] = [];
  for (const word of words) {
    for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + word.length)) {
      if (WORD[text[at - 1] ?? 0] === 0 && WORD[text[at + word.length] ?? 0] === 0) places.push(at);
    }
  }
  return places.sort((one, other) => one - other);
}
