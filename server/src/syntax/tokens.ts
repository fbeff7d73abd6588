/** A text's tokens in typed arrays: what everything in this room reads instead of the text. */
import type { Hash } from './facts';
import { combineHash, finishHash, hashSeed, type HashState } from './hash';
import { Lexer, TokenKind } from './lexer';

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
  /** Offset of the comment, string or character that is cut off, or -1. */
  readonly unterminatedAt: number;
}

export function tokenize(text: string): Tokens {
  // Kernel C has a token per 4 to 8 characters; the arrays grow when a text is denser.
  let capacity = (text.length >> 2) + 64;
  let kind = new Uint8Array(capacity);
  let start = new Int32Array(capacity);
  let end = new Int32Array(capacity);
  let hash = new Int32Array(capacity);
  let count = 0;
  const lexer = new Lexer(text, 0, text.length, true);
  while (lexer.next()) {
    if (count === capacity) {
      capacity *= 2;
      kind = grow(kind, new Uint8Array(capacity));
      start = grow(start, new Int32Array(capacity));
      end = grow(end, new Int32Array(capacity));
      hash = grow(hash, new Int32Array(capacity));
    }
    kind[count] = lexer.kind;
    start[count] = lexer.start;
    end[count] = lexer.end;
    hash[count] = lexer.hash;
    count += 1;
  }
  return { text, count, kind, start, end, hash, unterminatedAt: lexer.unterminatedAt };
}

function grow<A extends Uint8Array | Int32Array>(from: A, to: A): A {
  to.set(from);
  return to;
}

/** Hash of a text's tokens: blind to its white space and comments. */
export function hashText(text: string): Hash {
  const lexer = new Lexer(text, 0, text.length, true);
  let state: HashState = hashSeed;
  while (lexer.next()) state = combineHash(state, lexer.hash);
  return finishHash(state);
}
