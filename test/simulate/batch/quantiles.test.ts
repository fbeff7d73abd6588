/** Quantiles by their definition. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { quantiles } from '../../../server/src/simulate/batch/quantiles';

const values = fc.array(fc.option(fc.integer({ min: 0, max: 20 })), { minLength: 1, maxLength: 60 });

it.each([['median', 0.5], ['p95', 0.95]] as const)('%s is the smallest value that so many do not exceed', (name, share) => {
  fc.assert(fc.property(values, (all) => {
    const found = quantiles(all)[name];
    const needed = share * all.length;
    const within = (limit: number): number => all.filter((value) => value !== null && value <= limit).length;
    if (found === null) return within(Infinity) < needed;
    return all.includes(found) && within(found) >= needed && within(found - 1) < needed;
  }));
});

it('what never came is later than everything', () => {
  expect(quantiles([null, 3, 1])).toEqual({ min: 1, median: 3, p95: null, max: null });
  expect(quantiles([null])).toEqual({ min: null, median: null, p95: null, max: null });
});
