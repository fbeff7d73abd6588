import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

/** The view is loaded again each time it is shown. */
const MOST_BYTES = 120 * 1024;

test('the preview\'s script, as it is shipped, stays small', async () => {
  const entry = fileURLToPath(new URL('../../client/webview/main.ts', import.meta.url));
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, minify: true, platform: 'browser', target: 'es2022', format: 'iife', legalComments: 'none', write: false });
  const [bytes = 0] = outputFiles.map(({ contents }) => contents.length);
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
});
