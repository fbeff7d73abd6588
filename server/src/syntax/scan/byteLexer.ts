/**
 * The scanner's lexer: tokens straight from a file's bytes, without decoding them or making a string. It knows as much of C as telling
 * definitions from calls takes: comments and literals are stepped over, directives are one token, and only operators that change what
 * a name means are told apart (`->` and `...`).
 */
import { ByteText, commentEnd, constantEnd } from './byteText';
import { APOSTROPHE, BACKSLASH, CLOSE_BRACE, DOT, GREATER, HASH, HASH_BASIS, HASH_PRIME, LF, MINUS, OPEN_BRACE, OPEN_PAREN, QUOTE, SEMICOLON, SLASH, SPACE, STAR, WORD } from './characters';

export { PADDING } from './byteText';

/** Kinds below 128 are the punctuation's own character codes. */
export const Kind = { end: 0, identifier: 1, number: 2, literal: 3, directive: 4, arrow: 5, ellipsis: 6 } as const;

export class ByteLexer extends ByteText {
  kind = 0;
  start = 0;
  end = 0;
  /** Of an identifier. */
  hash = 0;
  /** Of a directive: it is `#define NAME 0x10` or the like, and names nothing. */
  isConstant = false;
  /** Line of the token, counted from 0. */
  line = 0;
  #directives = true;
  #lineHasToken = false;

  /**
   * Begins to read bytes[from, to). The bytes behind `to` are read as far as PADDING, but never as text, if bytes[to] is 0;
   * with `directives` false, `#` is punctuation (for reading a directive's own line).
   */
  begin(bytes: Uint8Array, from: number, to: number, line: number, directives: boolean): void {
    this.bytes = bytes;
    this.to = to;
    this.end = from;
    this.start = from;
    this.line = line;
    this.lines = line;
    this.#directives = directives;
    this.#lineHasToken = false;
  }

  /** The kind of the next token; `Kind.end` at the end and ever after. */
  next(): number {
    const { bytes, to } = this;
    let at = this.end;
    for (;;) {
      const code = bytes[at] ?? 0;
      if (code > SPACE && code !== SLASH && code !== BACKSLASH) break;
      if (at >= to) break;
      if (code === LF) {
        this.lines += 1;
        this.#lineHasToken = false;
        at += 1;
      } else if (code === SLASH) {
        const after = bytes[at + 1];
        if (after === STAR) at = this.blockComment(at + 2);
        else if (after === SLASH) at = this.lineEnd(at + 2);
        else break;
      } else at += 1;
    }
    this.line = this.lines;
    this.start = at;
    if (at >= to) {
      this.end = to;
      return (this.kind = Kind.end);
    }
    const code = bytes[at] ?? 0;
    const isFirst = !this.#lineHasToken;
    this.#lineHasToken = true;
    switch (WORD[code] ?? 0) {
      case 1: {
        let hash = HASH_BASIS;
        let letter = code;
        do {
          hash = Math.imul(hash ^ letter, HASH_PRIME);
          at += 1;
          letter = bytes[at] ?? 0;
        } while (WORD[letter] !== 0 && at < to);
        this.hash = hash;
        this.end = at;
        return (this.kind = Kind.identifier);
      }
      case 2:
        do at += 1;
        while ((WORD[bytes[at] ?? 0] !== 0 || bytes[at] === DOT) && at < to);
        this.end = at;
        return (this.kind = Kind.number);
    }
    if (code === QUOTE || code === APOSTROPHE) {
      this.end = this.literal(at + 1, code);
      return (this.kind = Kind.literal);
    }
    if (code === HASH && isFirst && this.#directives) {
      const end = constantEnd(bytes, at + 1, to);
      this.isConstant = end > 0;
      this.end = end > 0 ? end : this.directive(at + 1);
      this.#lineHasToken = false;
      return (this.kind = Kind.directive);
    }
    if (code === MINUS && bytes[at + 1] === GREATER) {
      this.end = at + 2;
      return (this.kind = Kind.arrow);
    }
    if (code === DOT && bytes[at + 1] === DOT) {
      do at += 1;
      while (bytes[at] === DOT && at < to);
      this.end = at;
      return (this.kind = Kind.ellipsis);
    }
    this.end = at + 1;
    return (this.kind = code);
  }

  /**
   * The next brace, semicolon or directive, or the end, as `next` would come to it: what lies between is passed over several times as fast.
   * `Kind.literal` stands for a `#` behind a comment, of which this does not tell whether it begins a directive.
   */
  nextOfStructure(): number {
    const { bytes, to } = this;
    let at = this.end;
    for (;;) {
      while (STRUCTURE[bytes[at] ?? 0] === 0) at += 1;
      const code = bytes[at] ?? 0;
      if (at >= to) break;
      if (code === LF) {
        this.lines += 1;
        at += 1;
      } else if (code === SLASH) {
        const after = bytes[at + 1];
        at = after === STAR ? this.blockComment(at + 2) : after === SLASH ? this.lineEnd(at + 2) : at + 1;
      } else if (code === QUOTE || code === APOSTROPHE) at = this.literal(at + 1, code);
      else if (code === HASH) {
        let before = at - 1;
        while (before >= 0 && bytes[before] !== LF && ((bytes[before] ?? 0) <= SPACE || bytes[before] === BACKSLASH)) before -= 1;
        if (before < 0 || bytes[before] === LF) {
          this.end = at;
          this.#lineHasToken = false;
          return this.next();
        }
        if (bytes[before] === SLASH) return (this.kind = Kind.literal);
        at += 1;
      } else if (code === 0) at += 1;
      else {
        this.line = this.lines;
        this.start = at;
        this.end = at + 1;
        this.#lineHasToken = true;
        return (this.kind = code);
      }
    }
    this.line = this.lines;
    this.start = at;
    this.end = to;
    return (this.kind = Kind.end);
  }

  /** Whether the token begins its line, without white space before it. */
  atFirstColumn(): boolean {
    return this.start === 0 || this.bytes[this.start - 1] === LF;
  }

  /** Code of the next character that is neither blank nor in a comment, 0 at the end; the token read last stays. */
  peek(): number {
    const { bytes, to } = this;
    for (let at = this.end; at < to;) {
      const code = bytes[at] ?? 0;
      if (code > SPACE && code !== SLASH && code !== BACKSLASH) return code;
      if (code === SLASH) {
        if (bytes[at + 1] !== STAR) return code;
        at = commentEnd(bytes, at + 2, to);
      } else at += 1;
    }
    return 0;
  }

  /** Whether a string literal in parentheses comes next, as one writes it: `("maps")`. */
  peeksText(): boolean {
    const { bytes, end } = this;
    const at = bytes[end] === SPACE ? end + 1 : end;
    return bytes[at] === OPEN_PAREN && bytes[at + 1] === QUOTE;
  }
}

/** Bytes at which `nextOfStructure` stops to look. */
const STRUCTURE = new Uint8Array(256);
for (const code of [0, LF, SLASH, QUOTE, APOSTROPHE, HASH, OPEN_BRACE, CLOSE_BRACE, SEMICOLON]) STRUCTURE[code] = 1;
