/** The finder against looking through every piece, through many versions of a file. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NameFinder } from '../../server/src/plan/nameFinder';

interface Piece {
  readonly names: readonly string[];
}

const names = ['a', 'b', 'c', 'd', 'constructor'];
const piece = fc.record({ names: fc.array(fc.constantFrom(...names), { maxLength: 4 }) });
/** Takes some pieces out at a place and puts others in: few, as a keystroke does, or more than are looked through one by one. */
const edit = fc.record({ at: fc.nat(), out: fc.nat({ max: 3 }), put: fc.oneof(fc.array(piece, { maxLength: 3 }), fc.array(piece, { minLength: 65, maxLength: 80 })), copies: fc.boolean() });

it('finds what looking through all of them finds', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.array(edit, { maxLength: 8 }), (first, edits) => {
      const finder = new NameFinder<Piece>((one) => one.names, (one) => one.names);
      let pieces = first;
      for (const { at, out, put, copies } of [{ at: 0, out: 0, put: [], copies: false }, ...edits]) {
        const place = at % (pieces.length + 1);
        // What moved is another object, with the same names in it.
        pieces = [...pieces.slice(0, place), ...put, ...pieces.slice(place + out)].map((one) => (copies ? { ...one } : one));
        const find = finder.in(pieces);
        for (const name of [...names, 'nobody']) expect(find(name)).toEqual(pieces.filter((one) => one.names.includes(name)));
      }
    }),
    { seed: 1, numRuns: 500 },
  );
});

it('looks only through what is new', () => {
  let looked = 0;
  const finder = new NameFinder<Piece>((one) => one.names, (one) => {
    looked += 1;
    return one.names;
  });
  const pieces = Array.from({ length: 1000 }, (_, index): Piece => ({ names: [`name${index}`] }));
  finder.in(pieces)('name1');
  looked = 0;
  const edited = [...pieces.slice(0, 500), { names: ['new'] }, ...pieces.slice(501).map((one) => ({ ...one }))];
  const find = finder.in(edited);
  expect(find('name999')).toEqual([edited[999]]);
  expect(find('new')).toEqual([edited[500]]);
  expect(find('name500')).toEqual([]);
  expect(looked).toBe(1);
});
