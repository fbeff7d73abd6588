/** Many words in one pass: what a look at each word by itself finds. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { holdsWord } from '../../server/src/kernel/search';
import { filesHolding } from '../../server/src/kernel/wordSearch';

/** Few letters, so that words overlap, hold one another and stand at the edges. */
const word = fc.stringMatching(/^[ab_]{1,6}$/);
const phrase = fc.oneof(word, fc.tuple(word, word).map((two) => two.join('(')));
const text = fc.array(fc.oneof(word, fc.constantFrom(' ', '(', '\n', 'é', '')), { maxLength: 40 }).map((parts) => parts.join(''));

it('finds every word as a whole one, in the files that hold it', async () => {
  await fc.assert(fc.asyncProperty(fc.array(phrase, { maxLength: 12 }), fc.array(text, { maxLength: 6 }), async (words, texts) => {
    const paths = texts.map((_, place) => `${place}.c`);
    const found = await filesHolding(words, paths, (path) => Buffer.from(texts[Number(path.slice(0, -2))] ?? ''));
    const expected = new Map(words.map((one) => [one, paths.filter((_, place) => holdsWord(texts[place] ?? '', one))]));
    expect(found).toEqual(expected);
  }), { numRuns: 500 });
});

it('a long word beside a short one, at the very end, and one that is longer than any window', async () => {
  const long = 'x'.repeat(300);
  const found = await filesHolding(['ab', 'klp_shadow_get', long], ['a.c'], () => Buffer.from(`ab;${long} klp_shadow_get`));
  expect([...found.values()]).toEqual([['a.c'], ['a.c'], ['a.c']]);
  expect(await filesHolding([long], ['a.c'], () => Buffer.from(`${long}y ${long}`))).toEqual(new Map([[long, ['a.c']]]));
});
