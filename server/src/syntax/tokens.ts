/** A text's tokens in typed arrays: what everything in this room reads instead of the text. */
import type { Hash } from './facts';
import { combineHash, finishHash, hashSeed, type HashState } from './hash';
import { Lexer, TokenKind, type Unterminated } from './lexer';

export { TokenKind };

export interface Tokens {
  readonly text: string;
  readonly count: number;
  /** TokenKind of each token. */
  readonly kind: Uint8Array;
  readonly start: Int32Array;
  readonly end: Int32Array;
  /** 32-bit hash of each token's characters; for a directive, of its tokens. */
  readonly hash: Int32Array;
  /** Comments, strings and characters that are cut off, in order. */
  readonly unterminated: readonly Unterminated[];
}

export function tokenize(text: string): Tokens {
  const list = new TokenList(text.length >> 2);
  list.readOn(new Lexer(text, 0, text.length, true), () => false);
  return { text, count: list.count, kind: list.kind, start: list.start, end: list.end, hash: list.hash, unterminated: list.unterminated };
}

/** Tokens as they are read: arrays with room for more. */
export class TokenList {
  count = 0;
  kind: Uint8Array;
  start: Int32Array;
  end: Int32Array;
  hash: Int32Array;
  readonly unterminated: Unterminated[] = [];

  /** Kernel C has a token per 4 to 8 characters; the arrays grow when a text is denser. */
  constructor(expected: number) {
    const capacity = expected + 64;
    this.kind = new Uint8Array(capacity);
    this.start = new Int32Array(capacity);
    this.end = new Int32Array(capacity);
    this.hash = new Int32Array(capacity);
  }

  /** Reads to the end of the text, or to the first token of which `isKnown` says that it and all that follows need not be read: then true. */
  readOn(lexer: Lexer, isKnown: (lexer: Lexer) => boolean): boolean {
    for (;;) {
      const earlier = lexer.unterminated;
      const found = lexer.next();
      if (found && isKnown(lexer)) return true;
      if (lexer.unterminated !== undefined && lexer.unterminated !== earlier) this.unterminated.push(lexer.unterminated);
      if (!found) return false;
      if (this.count === this.kind.length) this.#grow();
      const { count } = this;
      this.kind[count] = lexer.kind;
      this.start[count] = lexer.start;
      this.end[count] = lexer.end;
      this.hash[count] = lexer.hash;
      this.count += 1;
    }
  }

  #grow(): void {
    const grown = <A extends Uint8Array | Int32Array>(from: A, to: A): A => {
      to.set(from);
      return to;
    };
    const capacity = this.count * 2;
    this.kind = grown(this.kind, new Uint8Array(capacity));
    this.start = grown(this.start, new Int32Array(capacity));
    this.end = grown(this.end, new Int32Array(capacity));
    this.hash = grown(this.hash, new Int32Array(capacity));
  }
}

/** Hash of a text's tokens: blind to its white space and comments. */
export function hashText(text: string): Hash {
  const lexer = new Lexer(text, 0, text.length, true);
  let state: HashState = hashSeed;
  while (lexer.next()) state = combineHash(state, lexer.hash);
  return finishHash(state);
}
