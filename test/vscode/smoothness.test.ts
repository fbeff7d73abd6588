/** The preview of a large machine follows the hand: a measurement that no clock of the machine decides, but the run's own empty frames. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MOST_RATIO, preview } from '../bench/preview.mjs';

test('with 10,000 tasks, scrubbing and zooming take hardly longer than an empty frame', async () => {
  const { ratios } = await preview({ root: join(import.meta.dirname, '../..'), log: (line) => process.stderr.write(`${line}\n`) });
  expect(ratios.scrub).toBeLessThanOrEqual(MOST_RATIO);
  expect(ratios.zoom).toBeLessThanOrEqual(MOST_RATIO);
});
