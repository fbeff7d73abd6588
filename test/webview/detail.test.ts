import { describe, expect, test } from 'vitest';
import { defaultChoices, type Choices } from '../../client/webview/choices';
import { learned, missingDetail, type Asked, type Known } from '../../client/webview/detail';
import { pictureOf } from '../../client/webview/picture';
import { viewOf, type TraceView } from '../../server/src/simulate';
import { drawn, signaled, simulationOf, stopped, stuck } from './traces';

const s = 1e9;
const window = { fromNs: 4 * s, toNs: 6 * s };
const close = viewOf(signaled, { columns: 1000, lanes: 200, window });
const state = simulationOf([signaled, stopped]);
const whole = drawn(signaled);

type Parts = Omit<Known, 'id'>;
const id = 'one';
const missing = (known: Parts, choices: Partial<Choices>, asked?: Asked): Asked | undefined => missingDetail(pictureOf(state, known.whole, { ...defaultChoices, ...choices }, 280, known), { id, ...known }, asked);
const detailOf = (known: Parts, choices: Partial<Choices>, asked?: Asked): unknown => missing(known, choices, asked)?.detail;

describe('what is asked for', () => {
  test.each<[string, Parts, Partial<Choices>, unknown]>([
    ['nothing while all of it is shown', { whole }, {}, undefined],
    ['the part of time that is drawn', { whole }, { window }, { window }],
    ['in whole nanoseconds, within the run', { whole }, { window: { fromNs: 15.5 * s + 0.5, toNs: 16 * s } }, { window: { fromNs: 15.5 * s, toNs: 16 * s } }],
    ['nothing when that part is there', { whole, close }, { window }, undefined],
    ['another system', { whole }, { system: 'kpatch' }, { system: 'kpatch' }],
    ['nothing for the system that is there', { whole }, { system: 'livepatch' }, undefined],
    ['nothing for a system that was not run', { whole }, { system: 'reboot' }, undefined],
    ['the tasks that are looked for', { whole }, { filter: 'ssh' }, { filter: 'ssh' }],
    ['all of the run first, when only a part of it came', { whole: close, close }, { window }, {}],
  ])('%s', (_what, known, choices, expected) => {
    expect(detailOf(known, choices)).toEqual(expected);
  });
  test('nothing twice, but again after another simulation', () => {
    const asked = missing({ whole }, { filter: 'ssh' });
    expect(missing({ whole }, { filter: 'ssh' }, asked)).toBeUndefined();
    const again = simulationOf([stuck], {}, { id: 'two' });
    expect(missingDetail(pictureOf(again, drawn(stuck), { ...defaultChoices, filter: 'ssh' }, 280), { id: 'two', whole: drawn(stuck) }, asked)?.detail).toEqual({ filter: 'ssh' });
  });
  test('everybody, once nobody is looked for any more', () => {
    expect(detailOf({ whole }, {}, missing({ whole }, { filter: 'ssh' }))).toEqual({});
  });
});

describe('what is known', () => {
  const parts = (known: Known | undefined, come: TraceView, of = id): readonly (TraceView | undefined)[] => {
    const { whole, close } = learned(known, { id: of, trace: come });
    return [whole, close];
  };
  test('a part takes its place beside the whole, the whole beside the part', () => {
    expect(parts({ id, whole }, close)).toEqual([whole, close]);
    expect(parts({ id, whole: close, close }, whole)).toEqual([whole, close]);
    expect(parts(undefined, whole)).toEqual([whole, undefined]);
  });
  test('another run takes the place of all, be it as long as the one before', () => {
    expect(parts({ id, whole, close }, drawn(stuck), 'two')).toEqual([drawn(stuck), undefined]);
    expect(parts({ id, whole: drawn(stuck) }, close, 'two')).toEqual([close, close]);
    expect(parts({ id, whole, close }, whole, 'two')).toEqual([whole, undefined]);
    expect(parts({ id, whole, close }, drawn(stopped))).toEqual([drawn(stopped), undefined]);
  });
});
