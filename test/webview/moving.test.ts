import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cursorOf, cursorText, passAt, passBeside, switchedAt } from '../../client/webview/cursor';
import { commandOf, roved } from '../../client/webview/commands';
import { following, isWhole, panned, wholeOf, windowIn, zoomed } from '../../client/webview/zoom';
import { drawn, quick, reversed, signaled, stopped, stuck } from './traces';

const s = 1e9;

describe('zoom', () => {
  const end = fc.integer({ min: 1, max: 2 ** 50 });
  const shares = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }));
  test('no way of moving leads out of the run or to nothing', () => {
    fc.assert(
      fc.property(end, shares, fc.double({ min: 0.01, max: 100, noNaN: true }), fc.double({ min: -2, max: 2, noNaN: true }), (endNs, [a, b], factor, by) => {
        const window = windowIn({ fromNs: Math.min(a, b) * endNs, toNs: Math.max(a, b) * endNs }, endNs);
        for (const { fromNs, toNs } of [window, zoomed(window, endNs, factor, a * endNs), panned(window, endNs, by * endNs), following(window, endNs, b * endNs)]) {
          expect(fromNs).toBeGreaterThanOrEqual(0);
          expect(toNs).toBeLessThanOrEqual(endNs * (1 + 1e-12));
          expect(toNs).toBeGreaterThan(fromNs);
        }
      }),
    );
  });
  test('the instant under the pointer stays where it is', () => {
    const { fromNs, toNs } = zoomed({ fromNs: 2 * s, toNs: 12 * s }, 20 * s, 0.5, 4 * s);
    expect([fromNs, toNs]).toEqual([3 * s, 8 * s]);
  });
  test('zooming out ends at all of it', () => {
    expect(isWhole(zoomed({ fromNs: 2 * s, toNs: 12 * s }, 20 * s, 10, 4 * s), 20 * s)).toBe(true);
    expect(isWhole({ fromNs: 1, toNs: 20 * s }, 20 * s)).toBe(false);
  });
  test('a window kept from a longer run is cut, one beyond this run is dropped', () => {
    expect(windowIn({ fromNs: 5 * s, toNs: 30 * s }, 20 * s)).toEqual({ fromNs: 5 * s, toNs: 20 * s });
    expect(windowIn({ fromNs: 25 * s, toNs: 30 * s }, 20 * s)).toEqual(wholeOf(20 * s));
    expect(windowIn(undefined, 20 * s)).toEqual(wholeOf(20 * s));
  });
  test('following moves no further than needed', () => {
    const window = { fromNs: 5 * s, toNs: 7 * s };
    expect(following(window, 20 * s, 6 * s)).toEqual(window);
    expect(following(window, 20 * s, 8 * s)).toEqual({ fromNs: 6 * s, toNs: 8 * s });
    expect(following(window, 20 * s, 1 * s)).toEqual({ fromNs: 1 * s, toNs: 3 * s });
  });
});

describe('the cursor', () => {
  test.each([
    ['at the last pass that failed', signaled, undefined, 15 * s],
    ['at the end where nobody was ever in the way', stopped, undefined, 0.1 * s],
    ['where it was put', signaled, 3 * s, 3 * s],
    ['at the end of a run that is shorter than where it was put', quick, 3 * s, 1.01 * s],
  ])('stands %s', (_where, trace, chosen, expected) => {
    expect(cursorOf(drawn(trace), chosen, trace.endNs)).toBe(expected);
  });
  test.each<[number, -1 | 1, number]>([
    [0, 1, 0.02 * s],
    [0.02 * s, 1, 1 * s],
    [3.5 * s, 1, 4 * s],
    [3.5 * s, -1, 3 * s],
    [3 * s, -1, 2 * s],
    [0.02 * s, -1, 0],
    [16 * s, 1, 16 * s],
  ])('from %d in direction %d the next pass is at %d', (from, direction, to) => {
    expect(passBeside(drawn(signaled), from, direction, signaled.endNs)).toBe(to);
  });
  test('the pass at an instant is the last one before it', () => {
    const { passes } = drawn(signaled);
    expect([0, 0.02 * s, 0.9 * s, 16 * s, 99 * s].map((at) => passAt(passes, at)?.index)).toEqual([undefined, 0, 0, 16, 16]);
  });
  test('counts who has switched, and never tells all or nobody when it is not so', () => {
    const view = drawn(signaled);
    expect([0, 1 * s, 16 * s].map((at) => switchedAt(view, at))).toEqual([{ switched: 0, total: 7 }, { switched: 6, total: 7 }, { switched: 7, total: 7 }]);
    expect(switchedAt(drawn(stopped), 0.1 * s)).toEqual({ switched: 2, total: 2 });
    expect(switchedAt(drawn(stuck), stuck.endNs)).toEqual({ switched: 1, total: 2 });
    const [lane] = view.groups.compact;
    const almost = lane === undefined ? [] : [{ ...lane, shares: [{ fromNs: 0, toNs: 16 * s, counts: { undefined: 0, unpatched: 0, pending: 0.1, patched: 99.9 } }] }];
    expect(switchedAt({ ...view, groups: { families: almost, compact: almost } }, 5 * s)).toEqual({ switched: 99, total: 100 });
  });
  test('is told in words', () => {
    expect(cursorText(drawn(signaled), 3.2 * s)).toBe('3.2 s, pass 3, 6 of 7 switched');
    expect(cursorText(drawn(reversed), 0)).toBe('0.0 s, 0 of 2 switched');
  });
});

describe('keys', () => {
  test.each([
    ['+', false, 'zoomIn'],
    ['=', false, 'zoomIn'],
    ['-', false, 'zoomOut'],
    ['0', false, 'zoomAll'],
    ['ArrowLeft', true, 'panLeft'],
    ['ArrowRight', true, 'panRight'],
    ['ArrowLeft', false, 'previous'],
    ['ArrowRight', false, 'next'],
    ['ArrowDown', false, { lane: 3 }],
    ['ArrowUp', false, { lane: 1 }],
    ['Home', false, { lane: 0 }],
    ['End', false, { lane: 9 }],
    ['Tab', false, undefined],
    ['a', false, undefined],
  ])('%s, shifted %s', (key, isShifted, expected) => {
    expect(commandOf(key, isShifted, 2, 10)).toEqual(expected);
  });
  test('the last lane is the last one', () => {
    expect([commandOf('ArrowDown', false, 9, 10), commandOf('ArrowUp', false, 0, 10)]).toEqual([{ lane: 9 }, { lane: 0 }]);
  });
  test.each([
    ['horizontal', 'ArrowRight', 1, 2],
    ['horizontal', 'ArrowLeft', 0, 0],
    ['horizontal', 'ArrowDown', 1, undefined],
    ['vertical', 'ArrowDown', 4, 4],
    ['vertical', 'Home', 3, 0],
    ['horizontal', 'End', 3, 4],
    ['vertical', 'Tab', 3, undefined],
  ])('in a %s group %s leads from %d to %s', (direction, key, at, to) => {
    expect(roved(direction, key, at, 5)).toBe(to);
  });
});
