import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';

/**
 * Compares with test/webview/golden/NAME; a new text is left beside it as NAME.actual. UPDATE_GOLDEN=1 takes the new texts
 * over; read the difference before committing it.
 */
export function expectGolden(name: string, actual: string): void {
  const file = new URL(`golden/${name}`, import.meta.url);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(new URL('golden/', import.meta.url), { recursive: true });
    writeFileSync(file, actual);
    return;
  }
  const expected = readOrUndefined(file);
  if (expected !== actual) writeFileSync(new URL(`golden/${name}.actual`, import.meta.url), actual);
  expect(actual).toBe(expected);
}

function readOrUndefined(file: URL): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
