/** Each fixtures/NAME.c beside what the scanner finds in it; UPDATE_GOLDEN=1 writes that anew. What a fixture is about stands in its comments. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scanText, summarize } from './scanText';

const folder = join(import.meta.dirname, 'fixtures');

describe('scanned fixtures', () => {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.c'))) {
    it(file, () => {
      const summary = summarize(scanText(readFileSync(join(folder, file), 'utf8')));
      const golden = join(folder, `${file}.scan`);
      if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(golden, summary);
      expect(summary).toBe(readFileSync(golden, 'utf8'));
    });
  }
});
