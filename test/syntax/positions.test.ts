import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lineStartsOf, positionAt } from '../../server/src/syntax/positions';

it('counts lines by any of the three line ends', () => {
  expect(lineStartsOf('a\nb\r\nc\rd\n')).toEqual([0, 2, 5, 7, 9]);
  expect(lineStartsOf('a\nb\n')).toEqual([0, 2, 4]);
  expect(lineStartsOf('')).toEqual([0]);
});

it('finds the line and character of every offset', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', '\n', '\r\n', '\r', 'é', '\ud83d\ude00'), { maxLength: 40 }), (parts) => {
      const text = parts.join('');
      const starts = lineStartsOf(text);
      for (let offset = 0; offset <= text.length; offset += 1) {
        const { line, character } = positionAt(starts, offset);
        expect((starts[line] ?? -1) + character).toBe(offset);
        expect(offset).toBeLessThan(starts[line + 1] ?? Infinity);
        expect(line).toBe(text.slice(0, offset).split(/\r\n|\n|\r(?!\n)/).length - 1 - (text[offset - 1] === '\r' && text[offset] === '\n' ? 1 : 0));
      }
    }),
    { seed: 20240607, numRuns: 200 },
  );
});
