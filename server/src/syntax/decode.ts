/** Bytes of a file -> the text the engine reads. */

/** Kernel sources end at about 1 MB except for generated register headers (6 MB); above this a file is data. */
export const largestText = 8 * 1024 * 1024;

export type Decoded =
  | { readonly text: string; readonly note?: string }
  /** Why there is no text: the end of a sentence that begins with the file's name. */
  | { readonly unreadable: string };

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads UTF-8 and drops a byte order mark, as VS Code does, so that offsets agree with the editor's. A few old kernel
 * files are Latin-1: bytes that are no UTF-8 are read as that, and `note` says so. Line ends stay as they are.
 */
export function decodeText(bytes: Uint8Array): Decoded {
  if (bytes.length > largestText) return tooLarge(bytes.length);
  if (bytes.includes(0)) return { unreadable: 'holds NUL bytes: a binary file, or text in UTF-16' };
  try {
    return { text: utf8.decode(bytes) };
  } catch {
    // Not TextDecoder('latin1'), which the Encoding standard makes windows-1252.
    return { text: latin1(bytes), note: 'is not UTF-8: read as Latin-1' };
  }
}

/** One character per byte. In pieces: an argument list has a limit. */
function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let from = 0; from < bytes.length; from += 8192) text += String.fromCharCode(...bytes.subarray(from, from + 8192));
  return text;
}

/** The answer for a file of `size` bytes that need not even be read. */
export function tooLarge(size: number): { readonly unreadable: string } {
  const megabytes = (size / 1024 / 1024).toFixed(1);
  return { unreadable: `is too large: ${megabytes} MB, at most ${largestText / 1024 / 1024} MB are read` };
}
