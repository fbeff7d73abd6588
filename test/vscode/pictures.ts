import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import { expect } from 'vitest';
import { ARTIFACTS } from './driver';
import { smallest } from './smallPng';

const IMAGES = join(fileURLToPath(new URL('.', import.meta.url)), '../../docs/images');

/**
 * Two pixels count as different from this distance on, 0 to 1; as large as another build of chromium draws the edges of the same letters.
 * Colors that a theme tells apart are further from each other.
 */
const THRESHOLD = 0.15;

/** Share of pixels that may differ: the anti-aliasing of another build of chromium differs in less, a missing row or word in more. */
const TOLERANCE = 0.005;

/**
 * Compares with docs/images/NAME.png, which the README shows. A picture that differs is kept among the artifacts with what differs in red;
 * UPDATE_GOLDEN=1 takes the new ones over: look at them before committing.
 */
export function expectPicture(name: string, picture: Buffer): void {
  const file = join(IMAGES, `${name}.png`);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    writeFileSync(file, smallest(PNG.sync.read(picture)));
    return;
  }
  const actual = PNG.sync.read(picture);
  const keep = (kind: string, png: Buffer): string => {
    const path = join(ARTIFACTS, `${name}-${kind}.png`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, png);
    return path;
  };
  if (!existsSync(file)) throw new Error(`there is no ${file}; the new picture is ${keep('new', picture)}`);
  const expected = PNG.sync.read(readFileSync(file));
  const size = ({ width, height }: PNG): string => `${width}x${height}`;
  if (size(actual) !== size(expected)) throw new Error(`${name} is ${size(actual)}, and was ${size(expected)}; the new picture is ${keep('new', picture)}`);
  const difference = new PNG({ width: actual.width, height: actual.height });
  const share = pixelmatch(expected.data, actual.data, difference.data, actual.width, actual.height, { threshold: THRESHOLD }) / (actual.width * actual.height);
  const where = share <= TOLERANCE ? '' : ` (${keep('new', picture)}, ${keep('difference', PNG.sync.write(difference))})`;
  expect(share, `share of pixels of ${name} that differ${where}`).toBeLessThanOrEqual(TOLERANCE);
}
