/** A text in bytes, and where the stretches end that are stepped over whole: comments, literals, directives. Counts the lines they run over. */
import { APOSTROPHE, BACKSLASH, CR, HASH, LF, QUOTE, SLASH, SPACE, STAR, TAB, WORD } from './characters';

/** Room behind the text for the zeros that end it: no look ahead goes further. */
export const PADDING = 4;

export class ByteText {
  bytes: Uint8Array = new Uint8Array(PADDING);
  protected to = 0;
  /** Line ends before the place that was read last. */
  protected lines = 0;

  /** Behind the comment whose text begins at `from`. */
  protected blockComment(from: number): number {
    const { bytes, to } = this;
    let lines = 0;
    let at = from;
    for (; at < to; at += 1) {
      const code = bytes[at];
      if (code === LF) lines += 1;
      else if (code === SLASH && bytes[at - 1] === STAR && at > from) {
        at += 1;
        break;
      }
    }
    this.lines += lines;
    return at;
  }

  /** Offset of the newline that ends a line, its spliced lines included. */
  protected lineEnd(from: number): number {
    const { bytes, to } = this;
    let at = from;
    for (; at < to; at += 1) {
      if (bytes[at] !== LF) continue;
      if (!this.isSpliced(at)) break;
      this.lines += 1;
    }
    return at;
  }

  /** Offset of the newline that ends a directive; a block comment in it may run over lines. */
  protected directive(from: number): number {
    const { bytes, to } = this;
    let at = from;
    for (; at < to; at += 1) {
      const code = bytes[at];
      if (code === LF) {
        if (!this.isSpliced(at)) break;
        this.lines += 1;
      } else if (code === SLASH) {
        const after = bytes[at + 1];
        if (after === STAR) at = this.blockComment(at + 2) - 1;
        else if (after === SLASH) return this.lineEnd(at);
      } else if (code === QUOTE) {
        // A quote that the line does not close (as in #error) is one character.
        const close = quoteEnd(bytes, at + 1, to);
        if (close > 0) {
          for (; at < close; at += 1) if (bytes[at] === LF) this.lines += 1;
        }
      }
    }
    return at;
  }

  /** Behind the closing quote, or at the newline where there is none. */
  protected literal(from: number, quote: number): number {
    const { bytes, to } = this;
    let at = from;
    for (; at < to; at += 1) {
      const code = bytes[at];
      if (code === quote) return at + 1;
      if (code === LF) return at;
      if (code === BACKSLASH) {
        at += 1;
        if (bytes[at] === CR) at += 1;
        if (bytes[at] === LF) this.lines += 1;
      }
    }
    return to;
  }

  /** Whether the newline at an offset joins two lines. */
  protected isSpliced(at: number): boolean {
    const { bytes } = this;
    return bytes[at - 1] === BACKSLASH || (bytes[at - 1] === CR && bytes[at - 2] === BACKSLASH);
  }
}

const DEFINE = Buffer.from('define');

/**
 * The end of a directive that is `#define NAME` and a replacement text that names nothing: empty, or numbers and what stands around them; else
 * -1. Most of a driver's registers are such, and a third of the tree is them.
 */
export function constantEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  for (let index = 0; index < 6; index += 1, at += 1) if (bytes[at] !== DEFINE[index]) return -1;
  while (bytes[at] === SPACE || bytes[at] === TAB) at += 1;
  while (WORD[bytes[at] ?? 0] !== 0) at += 1;
  let inNumber = false;
  for (; at < to; at += 1) {
    const code = bytes[at] ?? 0;
    if (code === LF) return at;
    const part = WORD[code];
    if ((part === 1 && !inNumber) || code === SLASH || code === HASH || code === BACKSLASH || code === QUOTE || code === APOSTROPHE) return -1;
    inNumber = part !== 0;
  }
  return -1;
}

/** Behind a block comment's text that begins at `from`. */
export function commentEnd(bytes: Uint8Array, from: number, to: number): number {
  for (let at = from + 1; at < to; at += 1) if (bytes[at] === SLASH && bytes[at - 1] === STAR) return at + 1;
  return to;
}

/** Offset of a closing quote on this line, or -1. */
function quoteEnd(bytes: Uint8Array, from: number, to: number): number {
  for (let at = from; at < to; at += 1) {
    const code = bytes[at];
    if (code === QUOTE) return at;
    if (code === LF) return -1;
    if (code === BACKSLASH) at += 1;
  }
  return -1;
}
