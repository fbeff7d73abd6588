/** A tree's files for the scanner: an editor's text where one has the file open, else the disk's. */
import type { SourceReader } from '../kernel/index/spotScanner';
import { PADDING } from '../syntax/scan/byteLexer';
import { FileBytes } from './treeFiles';

export class EditedSources implements SourceReader {
  bytes: Uint8Array = new Uint8Array();
  length = 0;
  readonly #disk = new FileBytes();

  /**
   * @param root absolute path of the tree
   * @param openText an editor's text by the path relative to the tree; undefined for what is not open
   */
  constructor(
    private readonly root: string,
    private readonly openText: (path: string) => string | undefined,
  ) {}

  read(path: string): boolean {
    const text = this.openText(path);
    if (text === undefined) {
      if (!this.#disk.read(`${this.root}/${path}`)) return false;
      ({ bytes: this.bytes, length: this.length } = this.#disk);
      return true;
    }
    this.bytes = new Uint8Array(Buffer.byteLength(text) + PADDING);
    this.length = new TextEncoder().encodeInto(text, this.bytes).written;
    return true;
  }
}
