/**
 * Hashes over token sequences: two 32-bit lanes folded into one number of 53 bits, so that a hash stays a plain,
 * serialisable number and two different bodies in a tree of a million functions still do not meet by chance.
 */
import type { Hash } from './facts';

export interface HashState {
  readonly low: number;
  readonly high: number;
}

export const hashSeed: HashState = { low: 0x2545f491, high: 0x6c078965 };

export function combineHash(state: HashState, value: number): HashState {
  return { low: mix(state.low ^ value, 0x85ebca6b), high: mix(state.high ^ value, 0xc2b2ae35) };
}

export function finishHash(state: HashState): Hash {
  return (state.low >>> 0) * 0x200000 + (state.high >>> 11);
}

/** Hash of tokens [from, to). */
export function hashTokens(tokens: { readonly hash: Int32Array }, from: number, to: number): Hash {
  let low = hashSeed.low;
  let high = hashSeed.high;
  const { hash } = tokens;
  for (let index = from; index < to; index += 1) {
    const value = hash[index] ?? 0;
    low = mix(low ^ value, 0x85ebca6b);
    high = mix(high ^ value, 0xc2b2ae35);
  }
  return finishHash({ low, high });
}

/** Multiply, then fold the high bits down, so that order counts. */
function mix(value: number, factor: number): number {
  const product = Math.imul(value, factor);
  return Math.imul(product ^ (product >>> 15), 0x9e3779b1) ^ (product >>> 13);
}
