/** How numbers lie in the index file: typed arrays, each at a multiple of 8, in the byte order of the machine that wrote them. */

const ALIGNMENT = 8;

export const aligned = (length: number): number => Math.ceil(length / ALIGNMENT) * ALIGNMENT;

/** The bytes of a typed array's first `length` elements. */
export function bytesOf(array: Uint32Array | Int32Array | Float64Array, length = array.length): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, length * array.BYTES_PER_ELEMENT);
}

export type Checksum = readonly [number, number];

/**
 * A checksum over bytes, 32 bits at a time, as two numbers of 32 bits. It tells damage, not malice.
 * `bytes` must begin at a multiple of 4 in its buffer; a rest of 1 to 3 bytes is read one by one.
 */
export function checksum(bytes: Uint8Array): Checksum {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  let one = 0x811c9dc5 ^ bytes.length;
  let other = 0x9e3779b9;
  for (const word of words) {
    one = Math.imul(one ^ word, 0x01000193);
    other = Math.imul((other << 13) | (other >>> 19), 5) + word;
  }
  for (let index = words.length * 4; index < bytes.length; index += 1) one = Math.imul(one ^ (bytes[index] ?? 0), 0x01000193);
  return [one >>> 0, other >>> 0];
}
