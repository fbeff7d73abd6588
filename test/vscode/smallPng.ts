import { deflateSync } from 'node:zlib';
import type { PNG } from 'pngjs';

/** Colors a palette has room for. */
const MOST_COLORS = 256;

/**
 * The same picture in as few bytes as can be had without another tool: with a palette where it has few enough colors, as a page of
 * flat colors and gray-edged letters nearly has; the rarest colors become their nearest neighbours. Opaque pictures only.
 */
export function smallest(picture: PNG): Buffer {
  const pixels = picture.width * picture.height;
  const counts = new Map<number, number>();
  const colorAt = (pixel: number): number => picture.data.readUIntBE(pixel * 4, 3);
  for (let pixel = 0; pixel < pixels; pixel += 1) counts.set(colorAt(pixel), (counts.get(colorAt(pixel)) ?? 0) + 1);
  const palette = [...counts].sort((a, b) => b[1] - a[1]).slice(0, MOST_COLORS).map(([color]) => color);
  const indexes = new Map(palette.map((color, index) => [color, index]));
  for (const color of counts.keys()) if (!indexes.has(color)) indexes.set(color, nearest(color, palette));
  const rows = Buffer.alloc((picture.width + 1) * picture.height);
  for (let pixel = 0; pixel < pixels; pixel += 1) rows[Math.floor(pixel / picture.width) + 1 + pixel] = indexes.get(colorAt(pixel)) ?? 0;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(picture.width, 0);
  header.writeUInt32BE(picture.height, 4);
  header.set([8, 3, 0, 0, 0], 8); // 8 bits, palette, deflate, no interlacing
  const colors = Buffer.alloc(palette.length * 3);
  palette.forEach((color, index) => colors.writeUIntBE(color, index * 3, 3));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('PLTE', colors), chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}

function nearest(color: number, palette: readonly number[]): number {
  let [best, least] = [0, Infinity];
  for (const [index, candidate] of palette.entries()) {
    const distance = [16, 8, 0].reduce((sum, shift) => sum + (((color >> shift) & 255) - ((candidate >> shift) & 255)) ** 2, 0);
    if (distance < least) [best, least] = [index, distance];
  }
  return best;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc(body), body.length + 4);
  return framed;
}

/** CRC-32 as PNG has it (ISO 3309), bit by bit: pictures are small. */
function crc(bytes: Buffer): number {
  let rest = 0xffffffff;
  for (const byte of bytes) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit += 1) rest = (rest >>> 1) ^ ((rest & 1) === 1 ? 0xedb88320 : 0);
  }
  return (rest ^ 0xffffffff) >>> 0;
}
